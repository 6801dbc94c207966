import assert from "node:assert/strict";
import { test } from "node:test";
import { openDuckDb } from "../../../../../runner/adapters/duckdb/open-duckdb.ts";
import { QueryError } from "../../../../../runner/adapters/query-error.ts";
import { withScratch } from "../../../../../runner/api/columns/scratch-warehouse.ts";
import { memoryTarget } from "../../../../support/memory-target.ts";

const relation = { database: null, schema: "main", identifier: "t" };
const TYPES = [
  "boolean tinyint smallint integer bigint utinyint usmallint uinteger ubigint hugeint uhugeint float double".split(
    " ",
  ),
  "decimal(18,3) varchar blob bit json uuid bignum variant geometry date time time_ns timetz interval".split(
    " ",
  ),
  "timestamp timestamptz timestamp_s timestamp_ms timestamp_ns int[] int[3]".split(" "),
  ['struct("a b" int)', "enum('a','b')", "map(int,varchar)", "union(n int)"],
].flat();

test("columns, and what is wrong with a query, are told as of the query alone", async () => {
  const adapter = await openDuckDb(memoryTarget);
  const session = await adapter.session();
  const create = (sql: string): Promise<unknown> =>
    session.run(`create or replace table t as (\n${sql}\n) with no data`);
  await withScratch({}, async (scratch) => {
    const empty = scratch();
    const all = `select ${TYPES.map((type, i) => `null::${type} as c${i}`).join(", ")}, null as n, 1 as "A b", 2 as "A b"`;
    for (const sql of [all, ...TYPES.map((type) => `select null::${type} as c`)]) {
      await create(sql);
      assert.deepEqual(await empty.createAs(relation, sql), await session.columnsOf(relation));
    }
    for (const sql of ["select 1 as a,\n  missing", "select (1", "select 'a", "select 1) + 2", "selec 1"]) {
      const told = await create(sql).catch((error: unknown) => error);
      assert.ok(told instanceof QueryError);
      const { message, line, column } = told;
      const place = line === null || line < 2 ? { line: null } : { line: line - 1, column };
      await assert.rejects(empty.createAs(relation, sql), { message, ...place, sql });
    }
  });
  await adapter.close();
});
