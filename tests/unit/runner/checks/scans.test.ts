import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeProject, models, readArtifact, rowsOf } from "../../../support/models.ts";
import type { ArtifactResult } from "../../../support/models.ts";

const MACROS = `
{{! macro fails_even(column_name) }} {{ column(column_name) }} % 2 = 1 -- odd
{{! macro measure_mean_between(column_name) }} avg({{ column(column_name) }})
{{! macro fails_mean_between(column_name, measured, low, high) }} {{ measured }} not between {{ low }} and {{ high }}
{{! macro test_few(model, column_name) }} select {{ column_name }} from {{ model }} where {{ column_name }} > 90
`;
const ARGUMENTS: Readonly<Record<string, object>> = {
  unique: {},
  not_null: {},
  even: {},
  few: {},
  accepted_values: { values: [0, 2, 4], quote: false },
  relationships: { to: "ref('codes')", field: "code" },
  mean_between: { low: 10, high: 60 },
};
const CONFIGS: readonly object[] = [
  {},
  { where: "kind = 1 -- one" },
  { where: "kind = 2 or kind is null" },
  { limit: 2 },
  { severity: "warn" },
  { warn_if: "> 3", error_if: ">= 20" },
  { fail_calc: "count(*) * 2" },
  { store_failures: true },
];

/** Every kind of test under every configuration. */
const properties = (column: string): string =>
  JSON.stringify({
    models: [
      {
        name: "t",
        columns: [column].map((name) => ({
          name,
          data_tests: CONFIGS.flatMap((config, i) =>
            Object.entries(ARGUMENTS).map(([test_name, args]) => ({
              name: `${test_name}_${name}_${i}`,
              test_name,
              arguments: args,
              config,
            })),
          ),
        })),
      },
    ],
  });

/** More rows than are judged one by one. */
const BIG = `{{ config(materialized='table') }} select range as id, case when range % 400 = 0 then null else 'C' || (range % 7) end as code,
        case when range = 5 then 'xx' else 'a' end as kind, md5(range::varchar) as hash from range(1_000_100)`;

/** Rows by a small generator, so that a failure can be had again. */
function rowsFrom(seed: number): string {
  let state = seed;
  const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const rows = Array.from({ length: 60 }, (_, i) => {
    const n = next(10) === 0 ? "null" : String(next(seed % 3 === 0 ? 5 : 100));
    return `(${next(20) === 0 ? 1 : i}, ${n}, ${(i % 3) * 2}, ${next(4) === 0 ? "null" : next(3)})`;
  });
  return `select * from (values ${rows.join(", ")}) v(id, n, clean, kind)`;
}

type Row = Record<string, unknown>;
async function outcome(cwd: string, words: readonly string[]): Promise<Map<string, unknown>> {
  const { code, err, out } = await models(cwd, ["test", ...words]);
  assert.equal(code, 1, out + err);
  const noted = (await rowsOf(cwd, "select * exclude (seconds, checked_at) from meta.test_results")) as Row[];
  const { metadata, results } = readArtifact(cwd, "run_results.json") as {
    metadata: { invocation_id: string };
    results: ArtifactResult[];
  };
  const rows = new Map(
    noted.filter((row) => row["run_id"] === metadata.invocation_id).map((row) => [row["test_id"], row]),
  );
  return new Map(
    results
      .toSorted((a, b) => a.unique_id.localeCompare(b.unique_id))
      .map(({ unique_id: id, status, message, failures }) => [
        id.split(".")[2]!,
        { status, message, failures, noted: { ...rows.get(id), run_id: "" } },
      ]),
  );
}

describe("one pass over a relation", () => {
  for (const [seed, column] of [
    [1, "id"],
    [2, "n"],
    [4, "clean"],
  ] as const) {
    test(`tells of every test what its own query tells (${column}, ${seed})`, async () => {
      const cwd = makeProject({
        "models/t.sql": `{{ config(materialized='table') }} ${rowsFrom(seed)}`,
        "models/codes.sql": "select unnest([0, 1, 2, 3, 4, 5, null]) as code",
        "models/p.yml": properties(column),
        "macros/m.sql": MACROS,
      });
      assert.equal((await models(cwd, ["run"])).code, 0);
      const together = await outcome(cwd, []);
      const apart = await outcome(cwd, ["--one-by-one"]);
      assert.deepEqual(together, apart);
      const kinds = new Set([...apart.values()].map((result) => (result as ArtifactResult).status));
      assert.ok(kinds.has("fail") && kinds.has("pass") && !kinds.has("error"), [...kinds].join(", "));
    });
  }
  test("of a large table judges text value by value, and tells the same", async () => {
    const on = (name: string, ...data_tests: readonly unknown[]): object => ({ name, data_tests });
    const tested = (name: string): { name: string; columns: object[] } => ({
      name,
      columns: [
        on(
          "code",
          "not_null",
          { values_match: { regex: "^C[0-5]$" } },
          { length_between: { max_value: 2 } },
          { accepted_values: { values: ["C1", "C2", "C3", "C4", "C5", "C6"] } },
          { not_null: { name: `limited_${name}`, limit: 9 } },
        ),
        on("kind", { length_between: { max_value: 1 } }, { values_match: { regex: "^[a-z]+$" } }, "own"),
        on("hash", "not_null", { length_between: { min_value: 32 } }),
      ],
    });
    const cwd = makeProject({
      "models/t.sql": BIG,
      // So does a view that only renames; one that does more is worked out once.
      "models/renamed.sql": "select * from {{ ref('t') }}",
      "models/worked_out.sql": "select * from {{ ref('t') }} qualify row_number() over (partition by id) = 1",
      "macros/m.sql": "{{! macro fails_own(column_name) }} {{ column_name }} = 'a' and id < 30",
      "models/p.yml": JSON.stringify({
        models: [
          ...["t", "renamed"].map(tested),
          // Each test of it by itself numbers a million rows.
          { name: "worked_out", columns: tested("worked_out").columns.slice(0, 1) },
        ],
      }),
    });
    assert.equal((await models(cwd, ["run"])).code, 0);
    assert.deepEqual(await outcome(cwd, []), await outcome(cwd, ["--one-by-one"]));
  });
  test("that one of the tests breaks leaves the mistake to that one", async () => {
    const cwd = makeProject({
      "models/t.sql": "select * from (values (1, 'x'), (2, null)) v(id, n)",
      "macros/m.sql": "{{! macro fails_odd(column_name) }} {{ column_name }} :: integer % 2 = 0",
      "models/p.yml": JSON.stringify({
        models: [
          {
            name: "t",
            columns: [
              { name: "id", data_tests: ["unique", "not_null", "odd"] },
              { name: "n", data_tests: ["odd", "not_null"] },
            ],
          },
        ],
      }),
    });
    const { out } = await models(cwd, ["build", "--threads", "1"]);
    const { results } = readArtifact(cwd, "run_results.json") as { results: ArtifactResult[] };
    assert.deepEqual(
      Object.fromEntries(results.map(({ unique_id: id, status }) => [id.split(".")[2], status])),
      {
        t: "success",
        unique_t_id: "pass",
        not_null_t_id: "pass",
        odd_t_id: "fail",
        odd_t_n: "error",
        not_null_t_n: "fail",
      },
    );
    assert.match(out, /odd_t_n\.sql:3:\d+ QUERY_FAILED .*Could not convert string 'x'/);
  });
  test("waits for everything that its tests look at", async () => {
    const cwd = makeProject({
      "models/t.sql": "select 1 as id",
      "models/codes.sql": "{{ config(materialized='table') }} select 1 as code from {{ ref('t') }}",
      "models/p.yml": JSON.stringify({
        models: [
          {
            name: "t",
            columns: [
              {
                name: "id",
                data_tests: ["not_null", { relationships: { to: "ref('codes')", field: "code" } }],
              },
            ],
          },
        ],
      }),
    });
    assert.equal((await models(cwd, ["build"])).code, 0);
  });
  test("takes tests that are written in TypeScript", async () => {
    const cwd = makeProject({
      "models/t.sql": "select * from (values (1, 2), (-1, 3)) v(id, n)",
      "macros/checks.ts": `
        type Given = { column_name: string; above?: number };
        type Self = { quoteIdentifier(name: string): string; literal(value: number): string };
        export function fails_positive(this: Self, { column_name, above = 0 }: Given): string {
          return \`\${this.quoteIdentifier(column_name)} <= \${this.literal(above)}\`;
        }
        export function test_odd(this: Self, { model, column_name }: Given & { model: string }): string {
          return \`select * from \${model} where \${this.quoteIdentifier(column_name)} % 2 = 0\`;
        }`,
      "models/p.yml": JSON.stringify({
        models: [
          {
            name: "t",
            columns: ["id", "n"].map((name) => ({
              name,
              data_tests: ["positive", { odd: { where: "n > 2" } }],
            })),
          },
        ],
      }),
    });
    await models(cwd, ["build"]);
    const { results } = readArtifact(cwd, "run_results.json") as { results: ArtifactResult[] };
    assert.deepEqual(
      Object.fromEntries(results.map(({ unique_id: id, failures }) => [id.split(".")[2], failures])),
      { t: null, positive_t_id: 1, positive_t_n: 0, odd_t_id: 0, odd_t_n: 0 },
    );
  });
});
