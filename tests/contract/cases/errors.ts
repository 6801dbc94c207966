import assert from "node:assert/strict";
import { QueryError } from "../../../runner/adapters/query-error.ts";
import type { ContractCase } from "../adapter-contract.ts";

/** The QueryError that a statement ends with. */
export async function failure(running: Promise<unknown>): Promise<QueryError> {
  try {
    await running;
  } catch (error) {
    assert.ok(error instanceof QueryError, String(error));
    return error;
  }
  return assert.fail("it should have failed");
}

export const errorCases: readonly ContractCase[] = [
  {
    title: "a missing table is named, with its line and column",
    async body(session) {
      const error = await failure(session.query("select *\nfrom\n  no_such_table where true"));
      assert.match(error.message, /no_such_table/);
      assert.doesNotMatch(error.message, /LINE|\^/);
      assert.deepEqual([error.kind, error.line, error.column], ["sql", 3, 3]);
      assert.equal(error.retryable, false);
    },
  },
  {
    title: "the column is right far inside a long line",
    async body(session) {
      const before = `select ${"1, ".repeat(200)}`;
      const error = await failure(
        session.query(`${before}no_such_column, ${"2, ".repeat(200)}3 from (select 1 as a) t`),
      );
      assert.match(error.message, /no_such_column/);
      assert.deepEqual([error.line, error.column], [1, before.length + 1]);
    },
  },
  {
    title: "a statement that cannot be read is an error, not nothing",
    async body(session) {
      assert.equal((await failure(session.run("selec 1"))).kind, "sql");
      assert.equal((await failure(session.run("select 'a\0b'"))).kind, "sql");
    },
  },
  {
    title: "a value that does not convert is an error that names it",
    async body(session) {
      assert.match((await failure(session.query("select cast('x1' as integer)"))).message, /x1/);
    },
  },
  {
    title: "a session works on after an error",
    async body(session) {
      await failure(session.query("select nope"));
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
    },
  },
  {
    title: "describe tells columns without running, and places errors in the query",
    async body(session, { dialect }) {
      const text = dialect.type("text");
      const columns = await session.describe(`select 1 as a, cast('x' as ${text}) as "B" -- end`);
      assert.deepEqual(
        columns.map(({ name }) => name),
        ["a", "B"],
      );
      assert.equal(columns[1]?.type.toLowerCase(), text);
      const error = await failure(session.describe("select 1,\n  nope from (select 1 as a) t"));
      assert.deepEqual([error.line, error.column], [2, 3]);
      // It would divide by zero, or never end, if it ran.
      await session.describe(
        "select count(*) from generate_series(1, 10000000) a(i), generate_series(1, 10000000) b(j)",
      );
    },
  },
];
