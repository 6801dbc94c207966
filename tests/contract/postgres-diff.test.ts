import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Session } from "../../runner/adapters/adapter.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import type { NodeDiff } from "../../runner/api/diff/diff-nodes.ts";
import { commonKind } from "../../runner/dialects/checksums.ts";
import type { PortableColumn } from "../../runner/dialects/checksums.ts";
import type { Dialect } from "../../runner/dialects/dialect.ts";
import { makeProject, models } from "../support/models.ts";
import { databaseForTests } from "../support/postgres.ts";
import { memoryTarget } from "../support/memory-target.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();

/** Types of DuckDB and PostgreSQL, and texts that both read as values, no two of them equal. */
const values: readonly (readonly [string, string, readonly string[]])[] = [
  ["BOOLEAN", "boolean", ["true", "false"]],
  ["INTEGER", "bigint", ["0", "-1", "10", "100", "2147483647"]],
  ["HUGEINT", "numeric", ["170141183460469231731687303715884105727", "-5", "0", "1000"]],
  ["DECIMAL(18,4)", "numeric", ["1.5", "15", "150", "0.15", "-0.0001", "0", "100", "12345678901234.5678"]],
  ["DECIMAL(18,0)", "numeric(20,2)", ["10", "100", "1", "0"]],
  [
    "DOUBLE",
    "double precision",
    [
      "0.1",
      "0.30000000000000004",
      "0.3",
      "1e300",
      "-1e-300",
      "5e-324",
      "0",
      "1",
      "123456789012345680",
      "1e22",
      "nan",
      "inf",
      "-inf",
    ],
  ],
  ["FLOAT", "real", ["0.1", "3.4e38", "16777216", "-0.5", "nan"]],
  ["DOUBLE", "numeric", ["0.1", "2.5", "1234567.891", "0", "-3"]],
  ["BIGINT", "double precision", ["9007199254740991", "3", "0"]],
  [
    "VARCHAR",
    "text",
    [
      "",
      " ",
      "a",
      "A",
      "a ",
      "é",
      "e\u0301",
      "東京 🏥",
      "1",
      "01",
      "1.0",
      ",",
      "1:a,",
      "null",
      "\\",
      "'",
      "a\nb",
      "x".repeat(9000),
    ],
  ],
  ["VARCHAR", "character varying(20)", ["", "ab", "ü"]],
  ["VARCHAR", "character(3)", ["", "ab", "abc"]],
  ["UUID", "uuid", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"]],
  [
    "DATE",
    "date",
    ["2024-02-29", "1969-12-31", "0001-01-01", "9999-12-31", "infinity", "-infinity", "1970-01-01"],
  ],
  [
    "TIMESTAMP",
    "timestamp without time zone",
    [
      "2024-02-29 13:14:15",
      "2024-02-29 13:14:15.25",
      "2024-02-29 13:14:15.123456",
      "1900-01-01 00:00:00",
      "infinity",
      "-infinity",
    ],
  ],
  ["TIMESTAMP_MS", "timestamp(3) without time zone", ["2024-02-29 13:14:15.125", "2024-02-29 13:14:15"]],
  [
    "TIMESTAMP WITH TIME ZONE",
    "timestamp with time zone",
    ["2024-07-01 12:00:00+00", "2024-07-01 12:00:00+02", "2024-07-01 12:00:00.000001+00", "infinity"],
  ],
  ["TIME", "time without time zone", ["13:14:15", "13:14:15.5", "00:00:00", "23:59:59.999999"]],
];

describe("rows of two engines", { skip: server.skip }, () => {
  test("have the same hash if and only if they are equal", async () => {
    await using duck = await openAdapter(memoryTarget);
    await using pg = await openAdapter(postgresTarget(server.url));
    const [here, there] = [await duck.session(), await pg.session()];
    const hashes = async (
      session: Session,
      dialect: Dialect,
      type: string,
      kind: PortableColumn["kind"],
      texts: readonly (string | null)[],
    ) => {
      const column = { name: "v", type, kind };
      const rows = texts
        .map((text, i) => `select ${i} as i, cast(${dialect.literal(text)} as ${type}) as v`)
        .join(" union all ");
      // Twice the column: where one ends and the next begins must be told.
      const hash = dialect.checksums.hash([column, column]);
      const found = await session.query(
        `select ${dialect.checksums.bucket(hash, 17)}, ${hash} from (${rows}) as t order by i`,
      );
      return found.rows.map((row) => row.map(String));
    };
    for (const [one, other, texts] of values) {
      const kind = commonKind(duck.dialect.checksums.kindOf(one), pg.dialect.checksums.kindOf(other));
      assert.ok(kind, `${one} and ${other} have a kind in common`);
      const all = [...texts, null];
      const mine = await hashes(here, duck.dialect, one, kind, all);
      assert.deepEqual(mine, await hashes(there, pg.dialect, other, kind, all), `${one} and ${other}`);
      const different = new Set(mine.map(([, hash]) => hash));
      assert.equal(different.size, all.length, `${one}: no two of them are equal`);
    }
    const zero = (session: Session, dialect: Dialect, type: string) =>
      hashes(session, dialect, type, "double", ["0", "-0"]);
    assert.equal(new Set((await zero(here, duck.dialect, "DOUBLE")).map(([, hash]) => hash)).size, 1);
    assert.deepEqual(
      await zero(here, duck.dialect, "DOUBLE"),
      await zero(there, pg.dialect, "double precision"),
    );
    const bytes = `${duck.dialect.checksums.hash([{ name: "v", type: "BLOB", kind: "bytes" }])}`;
    const blob = await here.query(`select ${bytes} from (select from_hex('00ff') as v)`);
    const bytea = `${pg.dialect.checksums.hash([{ name: "v", type: "bytea", kind: "bytes" }])}`;
    assert.deepEqual(
      blob.rows,
      (await there.query(`select ${bytea} from (select '\\x00ff'::bytea as v) t`)).rows,
    );
  });

  test("are read only where they differ, and all of them where a column cannot be hashed", async () => {
    const cwd = makeProject({
      "sql_project.yaml": `name: shop
target: dev
targets:
  dev: {type: duckdb, path: data/dev.duckdb}
  pg: {type: postgres, url: "\${URL}", schema: shop}
  two: {type: postgres, url: "\${URL}", schema: shop_two}
`,
      "models/fct.sql": `{{ config(materialized='table', unique_key=['geo', 'id']) }}
select i as id, concat('G', cast(i % 7 as varchar)) as geo, concat('é ', cast(i as varchar)) as name,
  cast(i as double precision) / 7 + {{#if target.name == 'pg'}}case when i in (3, 24999) then 1 else 0 end{{/if}}{{#if target.name != 'pg'}}0{{/if}} as value,
  cast(i as decimal(12,3)) / 8 as share, date '2000-01-01' + cast(i % 900 as integer) as day, nullif(i % 5, 0) as some
from {{#if target.type == 'duckdb'}}range(1, 25001) t(i){{/if}}{{#if target.type != 'duckdb'}}generate_series(1, 25000) t(i){{/if}}
{{#if target.name == 'pg'}}where i <> 77{{/if}}`,
      "models/same.sql": `{{ config(materialized='table', unique_key='id') }}
select i as id, cast(i as decimal(12,3)) / 8 as share, concat('é ', cast(i as varchar)) as name
from {{#if target.type == 'duckdb'}}range(1, 25001) t(i){{/if}}{{#if target.type != 'duckdb'}}generate_series(1, 25000) t(i){{/if}}`,
      "models/document.sql": `{{ config(materialized='table', unique_key='id') }}
select i as id, cast(concat('{"a": ', cast(i as varchar), '}') as json) as document
from {{#if target.type == 'duckdb'}}range(1, 20501) t(i){{/if}}{{#if target.type != 'duckdb'}}generate_series(1, 20500) t(i){{/if}}`,
    });
    const env = { URL: server.url };
    for (const target of ["dev", "pg", "two"]) {
      const { code, out, err } = await models(cwd, ["run", "-q", "--target", target], { env });
      assert.equal(code, 0, out + err);
    }
    const diff = async (target: string, against: string): Promise<Record<string, NodeDiff>> => {
      const words = ["diff", "--all", "--target", target, "--against", against, "--output", "json"];
      const { code, out, err } = await models(cwd, words, { env });
      assert.equal(code, 0, out + err);
      return Object.fromEntries((JSON.parse(out) as NodeDiff[]).map((one) => [one.name, one]));
    };
    for (const [target, against] of [
      ["dev", "pg"],
      ["two", "pg"],
    ] as const) {
      const { fct, same, document } = await diff(target, against);
      assert.deepEqual([same?.status, same?.data?.read, same?.why], ["same", 0, null], target);
      assert.deepEqual(fct?.rows, { here: 25_000, there: 24_999 });
      assert.deepEqual(
        [fct?.data?.onlyHere.count, fct?.data?.onlyHere.examples.flat().map(String)],
        [1, ["77", "G0"]],
      );
      assert.deepEqual(
        fct?.data?.changed.map(({ column, count }) => [column, count]),
        [["value", 2]],
      );
      assert.ok(fct!.data!.read < 10_000, `${fct?.data?.read} of 50,000 rows were read`);
      assert.equal(document?.status, "same");
      if (target === "dev")
        assert.match(document?.why ?? "", /every row was read, as no hash of "document" \(JSON, json\)/);
    }
  });
});
