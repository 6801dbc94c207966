import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openAdapter } from "../../../../../runner/adapters/open.ts";
import type { Adapter, Cell, Session } from "../../../../../runner/adapters/adapter.ts";
import { memoryTarget } from "../../../../support/memory-target.ts";

let db: Adapter;
let session: Session;
before(async () => {
  db = await openAdapter(memoryTarget);
  session = await db.session();
});
after(() => db.close());

/** What only DuckDB has; the types that every engine has are in the contract. */
const values: Readonly<Record<string, readonly (readonly [string, Cell])[]>> = {
  integers: [
    ["cast(255 as utinyint)", 255],
    ["cast(4294967295 as uinteger)", 4294967295],
    ["cast(18446744073709551615 as ubigint)", "18446744073709551615"],
    [
      "cast('-170141183460469231731687303715884105728' as hugeint)",
      "-170141183460469231731687303715884105728",
    ],
    [
      "cast('340282366920938463463374607431768211455' as uhugeint)",
      "340282366920938463463374607431768211455",
    ],
    [
      "cast('1234567890123456789012345678901234567890123' as bignum)",
      "1234567890123456789012345678901234567890123",
    ],
  ],
  times: [
    ["timestamp_s '2024-01-02 03:04:05'", "2024-01-02 03:04:05"],
    ["timestamp_ms '2024-01-02 03:04:05.678'", "2024-01-02 03:04:05.678"],
    ["timestamp_ns '2024-01-02 03:04:05.123456789'", "2024-01-02 03:04:05.123456789"],
    ["timestamp 'infinity'", "infinity"],
    ["timestamptz '-infinity'", "-infinity"],
    ["date '-infinity'", "-infinity"],
    ["cast('12:00:00+02' as timetz)", "12:00:00+02"],
    ["interval '1 year 2 month 3 day 04:05:06.7'", "1 year 2 months 3 days 04:05:06.7"],
  ],
  bytes: [
    ["cast('\\x00\\xffA' as blob)", "\\x00ff41"],
    ["cast('' as blob)", "\\x"],
    ["cast('10101' as bit)", "10101"],
  ],
  nested: [
    ["[1, null, 3]", [1, null, 3]],
    ["cast([1, 2] as integer[2])", [1, 2]],
    ["[[cast(1 as bigint)]]", [["1"]]],
    ["{'a': 1.5, 'b': {'c': date '2024-01-02'}}", { a: "1.5", b: { c: "2024-01-02" } }],
    [
      "map {'k': 1, 'l': null}",
      [
        { key: "k", value: 1 },
        { key: "l", value: null },
      ],
    ],
    ["union_value(n := 1)", { tag: "n", value: 1 }],
    ["cast({'a': [1, 2]} as variant)", { a: [1, 2] }],
    ["cast('b' as enum('a', 'b'))", "b"],
    ["cast('{\"a\": 1}' as json)", '{"a": 1}'],
    ["null", null],
  ],
};

for (const [what, list] of Object.entries(values)) {
  test(`${what} come back as JSON`, async () => {
    for (const [sql, cell] of list)
      assert.deepEqual((await session.query(`select ${sql}`)).rows, [[cell]], sql);
  });
}

test("types are named as the catalogue names them", async () => {
  const sql = "select 1.5::decimal(10,2) a, '{}'::json b, ['x'] c, now() e";
  const { columns } = await session.query(sql);
  await session.run(`create table t as ${sql}`);
  assert.deepEqual(columns, await session.columnsOf({ database: null, schema: "main", identifier: "t" }));
  assert.deepEqual(
    columns.map(({ type }) => type),
    ["DECIMAL(10,2)", "JSON", "VARCHAR[]", "TIMESTAMP WITH TIME ZONE"],
  );
});
