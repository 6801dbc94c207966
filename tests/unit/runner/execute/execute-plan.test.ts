import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "../../../../runner/adapters/adapter.ts";
import { oneByOne } from "../../../../runner/adapters/one-by-one.ts";
import { QueryError } from "../../../../runner/adapters/query-error.ts";
import { executePlan } from "../../../../runner/execute/execute-plan.ts";
import type { NodePlan } from "../../../../runner/plan/step.ts";

const plan = (more: Partial<NodePlan> = {}): NodePlan => ({
  uniqueId: "model.shop.a",
  description: "table",
  transaction: false,
  query: "select 1,\n  x",
  temporary: [],
  steps: [
    { kind: "statement", label: "one", sql: "create table t as (\nselect 1,\n  x\n)", counts: true },
    { kind: "statement", label: "two", sql: "drop table u", counts: false },
  ],
  ...more,
});

/** A session that runs nothing: `run` decides, statements are kept. */
function fake(run: (sql: string, call: number) => number | null) {
  const statements: string[] = [];
  const session: Pick<Session, "run" | "runEach" | "transaction" | "loadCsv"> = {
    run: async (sql) => {
      statements.push(sql);
      return run(sql, statements.length);
    },
    runEach: (list, signal) => oneByOne(session, list, signal),
    transaction: async (body) => {
      statements.push("begin");
      const result = await body();
      statements.push("commit");
      return result;
    },
    loadCsv: async () => 7,
  };
  return { session: session as Session, statements };
}

const refuse = (sql: string, line: number | null, kind: "sql" | "conflict" = "sql"): never => {
  throw new QueryError({ message: "no", kind, sql, line, column: 3 });
};

test("rows are those of the counting statement", async () => {
  assert.deepEqual(await executePlan(plan(), fake((_, call) => call * 10).session), { rows: 10, moved: 0 });
});

test("a loaded file gives its rows", async () => {
  const target = { database: null, schema: "s", identifier: "t" };
  const source = { path: "/x.csv", delimiter: ",", columnTypes: {} };
  const steps = [{ kind: "load-csv", label: "load", target, source }] as const;
  assert.deepEqual(await executePlan(plan({ steps, query: null }), fake(() => null).session), {
    rows: 7,
    moved: 0,
  });
});

test("a transaction holds all steps", async () => {
  const { session, statements } = fake(() => null);
  await executePlan(plan({ transaction: true }), session);
  assert.deepEqual([statements[0], statements.length, statements.at(-1)], ["begin", 4, "commit"]);
});

test("an error in the query counts from the query's own first line", async () => {
  const { session } = fake((sql) => refuse(sql, 3));
  await assert.rejects(executePlan(plan(), session), { sql: "select 1,\n  x", line: 2, column: 3 });
});

test("an error before the query has no place in it, one right after it is at its end", async () => {
  const query = "select 1,\n  x";
  const statement = `create table t as (\n${query}\n)`;
  for (const [line, found] of [
    [1, { sql: query, line: null, column: null }],
    [4, { sql: query, line: 2, column: 4 }],
    [null, { sql: statement, line: null }],
  ] as const) {
    const { session } = fake((sql) => refuse(sql, line));
    await assert.rejects(executePlan(plan(), session), found);
  }
});

test("a transaction that lost to another is run again from its start", async () => {
  const { session, statements } = fake((sql, call) => (call < 4 ? refuse(sql, null, "conflict") : 1));
  await executePlan(plan({ transaction: true }), session);
  assert.equal(statements.filter((sql) => sql === "begin").length, 2);
});

test("no step starts after an abort", async () => {
  const abort = new AbortController();
  const { session, statements } = fake(() => {
    abort.abort();
    return null;
  });
  await assert.rejects(executePlan(plan(), session, abort.signal), { kind: "cancelled" });
  assert.equal(statements.length, 1);
});
