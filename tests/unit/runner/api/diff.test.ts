import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rowComparer } from "../../../../runner/api/diff/compare-rows.ts";
import type { RowsDiff } from "../../../../runner/api/diff/compare-rows.ts";
import type { Cell } from "../../../../runner/adapters/adapter.ts";
import { makeProject, models } from "../../../support/models.ts";

const files = {
  "sql_project.yaml": `name: shop
target: dev
targets:
  dev: {type: duckdb, path: data/dev.duckdb}
  prod: {type: duckdb, path: data/prod.duckdb}
`,
  "models/same.sql": "{{ config(materialized='table', unique_key='id') }} select 1 as id, 'a' as name",
  "models/fct.sql": `{{ config(materialized='table') }}
{{#if target.name == 'prod'}}select * from (values (1, 'a', 1.5), (2, 'b|<x>', 2.5), (3, 'c', 3.5)) t(id, name, old)
{{else}}select * from (values (1, 'a', 1), (2, 'B', 2), (4, 'd', 4)) t(id, name, fresh){{/if}}`,
  "models/keyless.sql": "{{ config(materialized='table') }} select 1 as x",
  "models/gone.sql": "{{ config(materialized='table', enabled=target.name == 'prod') }} select 1 as x",
  "models/here.sql": "{{ config(materialized='table') }} select 1 as x",
  "models/s.yml": "models: [{name: fct, columns: [{name: id, data_tests: [unique]}]}]",
};

async function run(cwd: string, words: string[], code = 0): Promise<string> {
  const ran = await models(cwd, words);
  assert.equal(ran.code, code, ran.out + ran.err);
  return ran.out;
}

describe("diff", () => {
  const built = (async () => {
    const cwd = makeProject(files);
    await run(cwd, ["build", "-q"]);
    await run(cwd, ["build", "-q", "--target", "prod", "--exclude", "here"]);
    return cwd;
  })();

  test("tells schema, counts, keys and values apart", async () => {
    const out = await run(await built, ["diff", "fct", "--against", "prod"]);
    assert.deepEqual(out.trim().split("\n"), [
      "fct: differs (3 rows)",
      "  - column fresh (INTEGER) is not in prod",
      "  - column old (DECIMAL(2,1)) is only in prod",
      "  - 1 key not in prod: (4)",
      "  - 1 key only in prod: (3)",
      "  - 1 row with other values",
      "  - column name: 1 value changed, such as 2: B, was b|<x>",
    ]);
  });
  test("as JSON, with an exit code where it is asked for", async () => {
    const out = await run(
      await built,
      ["diff", "fct", "--against", "prod", "--output", "json", "--exit-code"],
      1,
    );
    const [found] = JSON.parse(out) as {
      rows: unknown;
      data: { changed: { column: string; count: number }[] };
    }[];
    assert.deepEqual(found?.rows, { here: 3, there: 3 });
    assert.deepEqual(
      found?.data.changed.map(({ column, count }) => [column, count]),
      [["name", 1]],
    );
    await run(await built, ["diff", "same", "--against", "prod", "--exit-code"], 0);
  });
  test("--all is Markdown for a pull request, and nothing of the data is markup", async () => {
    const out = await run(await built, ["diff", "--all", "--against", "prod"]);
    assert.match(out, /^### dev against prod: 2 of 4 differ; of 1, rows were only counted\n/);
    assert.match(out, /\| fct \| differs \| 3 \| 1 \| 1 \| 1 \|/);
    assert.match(out, /\| here \| only here \|/);
    assert.match(out, /was b\\\|&lt;x>/);
    assert.doesNotMatch(out, /same/);
  });
  test("only some rows, by another key", async () => {
    const out = await run(await built, [
      "diff",
      "fct",
      "--against",
      "prod",
      "--where",
      "id = 1",
      "--key",
      "name",
    ]);
    assert.match(out, /fct: differs \(1 row\)/);
    assert.doesNotMatch(out, /key/);
  });
  test("without a key, or with too many rows, rows are counted", async () => {
    assert.match(
      await run(await built, ["diff", "keyless", "--against", "prod", "--exit-code"]),
      /^keyless: counted \(1 row\)\n {2}- no key is known/,
    );
    assert.match(
      await run(await built, ["diff", "fct", "--against", "prod", "--max-rows", "2"]),
      /more than 2 rows/,
    );
  });
  test("against a state in the same warehouse", async () => {
    const cwd = await built;
    await run(cwd, ["compile", "-q", "--target-path", "then"]);
    assert.match(await run(cwd, ["diff", "fct", "--against", "then"]), /^fct: same/);
  });
  test("what cannot be compared is told", async () => {
    await run(await built, ["diff", "fct"], 2);
    await run(await built, ["diff", "fct", "--against", "nowhere"], 2);
    await run(await built, ["diff", "fct", "--against", "dev"], 2);
    await run(await built, ["diff", "--against", "prod"], 2);
  });
});

/** Rows enough that each side tells sums of its own. */
const many = (rows: number, columns: string, where = "true"): string =>
  `{{ config(materialized='table', unique_key='id') }} select i as id, ${columns} from range(${rows}) t(i) where ${where}`;

test("large tables are compared by sums, and only rows of what differs are read", async () => {
  const on = (prod: string, dev: string): string =>
    `{{#if target.name == 'prod'}}${prod}{{/if}}{{#if target.name != 'prod'}}${dev}{{/if}}`;
  const cwd = makeProject({
    "sql_project.yaml": files["sql_project.yaml"],
    "models/same.sql": many(30_000, "[i, null] as list, {'a': i} as struct, 'x' as text, i / 3 as value"),
    "models/few.sql": many(
      30_000,
      `${on("i", "case when i in (7, 20000) then -i else i end")} as value`,
      on("i <> 5", "i <> 12345"),
    ),
    "models/all.sql": many(
      60_000,
      `${on("i", "i + 1")} as value, cast(i as varchar) as text, ${on("i", "case when i = 59999 then null else i end")} as once`,
      on("i <> 5", "i <> 12345"),
    ),
    "models/pair.sql": "{{ config(materialized='table') }} select 1 as x, 2 as y, 3 as z",
    "models/s.yml":
      "models: [{name: pair, data_tests: [{rows_unique: {columns: [y, x]}}]}, {name: same, data_tests: [{rows_unique: {columns: [x]}}], columns: [{name: id, data_tests: [unique]}]}]",
    "models/nested.sql": many(30_000, `${on("[]", "cast(null as integer[])")} as list`),
    "models/retyped.sql": many(30_000, `cast(i as ${on("integer", "double")}) as value`),
    "models/twice.sql": `{{ config(materialized='table', unique_key='id') }} select i // 2 as id, ${on("i", "-i")} as value from range(120000) t(i)`,
  });
  await run(cwd, ["run", "-q"]);
  await run(cwd, ["run", "-q", "--target", "prod"]);
  const out = await run(cwd, ["diff", "--all", "--against", "prod", "--output", "json"]);
  const found = Object.fromEntries(
    (JSON.parse(out) as { name: string; status: string; keys: string[]; data: RowsDiff }[]).map((one) => [
      one.name,
      one,
    ]),
  );
  const facts = (name: string) => {
    const { onlyHere, onlyThere, changedRows, changed } = found[name]!.data;
    return [
      onlyHere.count,
      onlyThere.count,
      changedRows,
      ...changed.map(({ column, count }) => [column, count]),
    ];
  };
  assert.deepEqual([found["same"]?.status, found["same"]?.data.read], ["same", 0]);
  assert.deepEqual(facts("few"), [1, 1, 2, ["value", 2]]);
  assert.deepEqual(found["few"]?.data.onlyHere.examples, [["5"]]);
  assert.ok(found["few"]!.data.read < 8 * 1024 * 2);
  assert.deepEqual(facts("all"), [1, 1, 59_998, ["value", 59_998], ["once", 1]]);
  assert.deepEqual(found["all"]?.data.changed[1]?.examples, [{ key: ["59999"], here: null, there: "59999" }]);
  assert.deepEqual(found["all"]?.data.onlyThere.examples, [["12345"]]);
  assert.equal(found["all"]?.data.read, 0, "one session reads both, and joins them");
  assert.deepEqual(facts("nested"), [0, 0, 30_000, ["list", 30_000]]);
  assert.deepEqual([facts("retyped"), found["retyped"]?.data.read], [[0, 0, 0], 0]);
  assert.equal(found["twice"]?.data.duplicates, 120_000);
  assert.deepEqual(found["pair"]?.keys, ["x", "y"], "unique together, as a test has it");
  assert.deepEqual(found["same"]?.keys, ["id"]);
});

test("a snapshot is compared by key and time", async () => {
  const cwd = makeProject({
    "sql_project.yaml": files["sql_project.yaml"],
    "models/a.sql": "select 1 as id, '{{ var('word', 'x') }}' as word",
    "snapshots/s.yml":
      "snapshots: [{name: s, relation: ref('a'), config: {unique_key: id, strategy: check, check_cols: all}}]",
  });
  for (const word of ["x", "y"])
    for (const target of ["dev", "prod"])
      await run(cwd, ["build", "-q", "--target", target, "--vars", `{word: ${word}}`]);
  const out = await run(cwd, ["diff", "s", "--against", "prod", "--output", "json"]);
  const [found] = JSON.parse(out) as { keys: string[]; rows: unknown; data: RowsDiff }[];
  assert.deepEqual([found?.keys, found?.rows], [["id", "dbt_valid_from"], { here: 2, there: 2 }]);
  assert.equal(found?.data.duplicates, 0);
});

test("rows are compared by what they say, not by how an engine writes it", () => {
  type Side = { readonly type: string; readonly rows: readonly (readonly Cell[])[] };
  const table = (type: string, ...rows: Cell[][]): Side => ({ type, rows });
  function compareRows(here: Side, there: Side): RowsDiff {
    const columns = ["k", "v"].map((name) => ({ name, here: here.type, there: there.type }));
    const comparer = rowComparer(columns, 1, 3);
    for (const row of there.rows) comparer.there(row);
    for (const row of here.rows) comparer.here(row);
    comparer.settle();
    return comparer.found();
  }
  const here = table("DECIMAL(9,2)", [1, "1.50"], ["2", null], ["a", "x"], ["a", "x"]);
  const there = table("numeric", ["1", 1.5], [2, null], ["a", "y"]);
  const { onlyHere, onlyThere, changedRows, duplicates } = compareRows(here, there);
  assert.deepEqual([onlyHere.count, onlyThere.count, changedRows, duplicates], [0, 0, 2, 1]);

  const changed = (mine: string, theirs: string, one: Cell, other: Cell): number =>
    compareRows(table(mine, ["k", one]), table(theirs, ["k", other])).changedRows;
  assert.equal(changed("VARCHAR", "text", "007", "7"), 1, "codes are texts");
  assert.equal(changed("VARCHAR", "text", "1.0", "1.00"), 1);
  assert.equal(changed("DECIMAL(38,3)", "numeric", "12345678901234567890.100", "12345678901234567890.1"), 0);
  assert.equal(changed("DECIMAL(38,3)", "numeric", "12345678901234567890.1", "12345678901234567890.2"), 1);
  assert.equal(changed("BIGINT", "bigint", "100", "100"), 0);
  assert.equal(changed("BIGINT", "bigint", "100", "1"), 1);
  assert.equal(changed("JSON", "jsonb", '{"b":1,"a":[1]}', '{"a": [1], "b": 1}'), 0);
  assert.equal(changed("JSON", "jsonb", '{"a":1}', '{"a": "1"}'), 1);
  assert.equal(changed("DECIMAL(9,2)[]", "numeric[]", ["1.50", null], ["1.5", null]), 0);
  assert.equal(changed("DOUBLE", "double precision", "NaN", "NaN"), 0);
  assert.equal(changed("DOUBLE", "numeric", 0.1, "0.1000"), 0);
  assert.equal(
    changed("DOUBLE", "numeric", 12345678901234567000, "12345678901234567890"),
    0,
    "the nearest double",
  );
  assert.equal(changed("VARCHAR", "character(3)", "a", "a  "), 0);
  assert.equal(changed("DATE", "date", "0044-03-15 (BC)", "0044-03-15 BC"), 0);
});
