import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cell } from "../../../runner/adapters/adapter.ts";
import type { Dialect } from "../../../runner/dialects/dialect.ts";
import { cellText } from "../../../runner/adapters/cell-text.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { anyText } from "../../support/any-text.ts";

/** SQL that every engine understands, and the cell that must come back. */
const values: readonly (readonly [string, Cell])[] = [
  ["cast(null as integer)", null],
  ["1 = 1", true],
  ["cast(-7 as smallint)", -7],
  ["cast(2147483647 as integer)", 2147483647],
  ["cast(9007199254740993 as bigint)", "9007199254740993"],
  ["cast(-9223372036854775808 as bigint)", "-9223372036854775808"],
  ["cast(1.50 as decimal(10,2))", "1.50"],
  [
    "cast('123456789012345678901234567890.12345678' as decimal(38,8))",
    "123456789012345678901234567890.12345678",
  ],
  ["cast(0.1 as double precision)", 0.1],
  ["cast('nan' as double precision)", "NaN"],
  ["cast('infinity' as double precision)", "Infinity"],
  ["cast('-infinity' as double precision)", "-Infinity"],
  ["cast('2024-02-29' as date)", "2024-02-29"],
  ["cast('2024-02-29 13:14:15' as timestamp)", "2024-02-29 13:14:15"],
  ["cast('2024-02-29 13:14:15.25' as timestamp)", "2024-02-29 13:14:15.25"],
  ["cast('2024-07-01 12:00:00+00' as timestamp with time zone)", "2024-07-01 12:00:00+00"],
  ["cast('13:14:15' as time)", "13:14:15"],
  ["cast('infinity' as date)", "infinity"],
  ["cast('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' as uuid)", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["''", ""],
  ["'é 東京 🏥'", "é 東京 🏥"],
];

const hostile = [
  "'",
  '"',
  "''; drop table t; --",
  "{{ this }}",
  "}}",
  "\\",
  "\\'",
  "a\nb\r\nc\t",
  "$1 ? :name @x",
  "/* */ --",
  "é 東京 🏥",
  " ",
  "x".repeat(300),
];

/** Any text without NUL and lone surrogates, which no engine stores. */
const storable = anyText().map((text) => text.replaceAll("\0", ""));

/** What engines spell differently in SQL, and give alike. */
const alike: Readonly<Record<Dialect["name"], readonly string[]>> = {
  duckdb: [
    "[1, null, 3]",
    "[['a', 'b,c'], ['\"', null]]",
    "[cast('9007199254740993' as bigint)]",
    "[date '2024-02-29']",
    "[timestamptz '2024-07-01 14:00:00+02']",
    "cast('\\x00\\xFF' as blob)",
    "cast('{\"a\": [1, null]}' as json)",
    "interval '1 year 2 months 3 days 04:05:06'",
  ],
  postgres: [
    "array[1, null, 3]",
    "array[array['a', 'b,c'], array['\"', null]]",
    "array[cast('9007199254740993' as bigint)]",
    "array[date '2024-02-29']",
    "array[timestamptz '2024-07-01 14:00:00+02']",
    "cast('\\x00ff' as bytea)",
    "cast('{\"a\": [1, null]}' as json)",
    "interval '1 year 2 months 3 days 04:05:06'",
  ],
};
const cells: readonly Cell[] = [
  [1, null, 3],
  [
    ["a", "b,c"],
    ['"', null],
  ],
  ["9007199254740993"],
  ["2024-02-29"],
  ["2024-07-01 12:00:00+00"],
  "\\x00ff",
  '{"a": [1, null]}',
  "1 year 2 months 3 days 04:05:06",
];

export const valueCases: readonly ContractCase[] = [
  {
    title: "lists, bytes, JSON and intervals come back the same from every engine",
    async body(session, { dialect }) {
      for (const [i, sql] of alike[dialect.name].entries())
        assert.deepEqual((await session.query(`select ${sql}`)).rows, [[cells[i]]], sql);
    },
  },
  {
    title: "values come back as JSON says them, exact",
    async body(session) {
      for (const [sql, cell] of values) {
        assert.deepEqual((await session.query(`select ${sql}`)).rows, [[cell]], sql);
      }
    },
  },
  {
    title: "columns keep their names, also when two are the same",
    async body(session) {
      const { columns, rows } = await session.query('select 1 as a, 2 as a, 3 as "B c"');
      assert.deepEqual(
        columns.map(({ name }) => name),
        ["a", "a", "B c"],
      );
      assert.deepEqual(rows, [[1, 2, 3]]);
    },
  },
  {
    title: "a query without rows still has its columns",
    async body(session) {
      const { columns, rows } = await session.query("select 1 as a where 1 = 0");
      assert.deepEqual([columns.length, rows], [1, []]);
    },
  },
  {
    title: "run tells how many rows a statement changed, and null where none are counted",
    async body(session) {
      assert.equal(await session.run("create table t (a integer)"), null);
      assert.equal(await session.run("insert into t values (1), (2), (3)"), 3);
      assert.equal(await session.run("update t set a = 9 where a > 1"), 2);
      assert.equal(await session.run("delete from t where a = 1"), 1);
      assert.equal(await session.run("create table u as select * from t"), 2);
      assert.equal(await session.run("create view v as select * from t"), null);
      assert.equal(await session.run("drop table u"), null);
    },
  },
  {
    title: "rows of values are inserted as they are said",
    async body(session, { dialect }) {
      const types = ["text", "integer", "bigint", "double", "boolean", "date", "timestamp"] as const;
      const rows = [
        ["it's", -7, 9_007_199_254_740_991, 0.1, true, "2024-02-29", "2024-02-29 13:14:15.25"],
        [null, null, null, null, null, null, null],
        ["", 0, 0, 1e-300, false, "infinity", "2024-02-29 00:00:00"],
        ["null", 1, -1, 0.1 + 0.2, true, "1970-01-01", "1970-01-01 00:00:00"],
        ["x", 1, 1, Infinity, null, null, null],
        ...hostile.map((text) => [text, null, null, null, null, null, null]),
      ];
      const columns = types.map((type) => `"${type}" ${dialect.type(type)}`);
      await session.run(`create table t (${columns.join(", ")})`);
      assert.equal(await session.run(`insert into t ${dialect.rowsOf(types, rows)}`), rows.length);
      const said = rows.map(([text, integer, bigint, double, ...more]) => {
        // As cells have them: see above.
        const spelt = double === Infinity ? "Infinity" : double;
        return [text, integer, bigint === null ? null : String(bigint), spelt, ...more];
      });
      const found = (await session.query("select * from t")).rows.map(([text, integer, bigint, ...more]) => [
        text,
        integer,
        bigint === null ? null : cellText(bigint!),
        ...more,
      ]);
      assert.deepEqual(found, said);
      const texts = dialect.rowsOf(["text"], [["it's"], ["x"]]);
      assert.equal(await session.run(`delete from t where "text" in (${texts})`), 2);
      assert.throws(() => dialect.rowsOf(["text"], [["a\0b"]]), /NUL/);
    },
  },
  {
    title: "hostile text goes in and comes out as it was",
    async body(session, { dialect }) {
      for (const text of hostile) {
        const { rows } = await session.query(`select ${dialect.literal(text)}`);
        assert.deepEqual(rows, [[text]]);
      }
    },
  },
  {
    title: "hostile names stand for themselves in tables, columns and schemas",
    async body(session, { dialect }) {
      for (const name of hostile.map((text) => text.slice(0, dialect.maxIdentifierLength))) {
        const relation = {
          database: null,
          schema: `s ${name}`.slice(0, dialect.maxIdentifierLength),
          identifier: name,
        };
        await session.run(dialect.createSchema(relation.schema));
        await session.run(
          dialect.createTableAs(relation, `select 1 as ${dialect.quoteIdentifier(name)}`, "new"),
        );
        assert.deepEqual(Array.from(await session.listRelations(relation.schema)), [[name, "table"]]);
        assert.deepEqual(
          (await session.columnsOf(relation)).map((column) => column.name),
          [name],
        );
        await session.run(dialect.drop(relation, "table"));
      }
    },
  },
  {
    title: "any literal and any identifier survive a round trip",
    async body(session, { dialect }) {
      const name = storable.filter(
        (text) => text !== "" && Buffer.byteLength(text) <= Math.min(300, dialect.maxIdentifierLength),
      );
      await fc.assert(
        fc.asyncProperty(storable, name, fc.double(), async (text, identifier, number) => {
          const sql = `select ${dialect.literal(text)} as ${dialect.quoteIdentifier(identifier)},
            cast(${dialect.literal(number)} as double precision)`;
          const { columns, rows } = await session.query(sql);
          assert.equal(columns[0]?.name, identifier);
          assert.equal(rows[0]?.[0], text);
          const back = rows[0]?.[1];
          assert.equal(typeof back === "number" ? String(back) : cellText(back), String(number));
        }),
        { numRuns: 300 },
      );
    },
  },
  {
    title: "lists, booleans and null are literals too",
    async body(session, { dialect }) {
      const isIn = async (value: string, list: readonly string[]): Promise<Cell | undefined> =>
        (await session.query(`select ${dialect.literal(value)} in ${dialect.literal(list)}`)).rows[0]?.[0];
      assert.equal(await isIn("b", ["a", "b"]), true);
      assert.equal(await isIn("c", ["a", "b"]), false);
      assert.equal(await isIn("a", []), false);
      const { rows } = await session.query(
        `select ${dialect.literal(true)}, ${dialect.literal(null)} is null`,
      );
      assert.deepEqual(rows, [[true, true]]);
    },
  },
];
