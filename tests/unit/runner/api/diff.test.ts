import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareRows } from "../../../../runner/api/diff/compare-rows.ts";
import type { Cell, ResultTable } from "../../../../runner/adapters/adapter.ts";
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
    assert.match(out, /^### dev against prod: 2 of 4 differ\n/);
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
    assert.match(await run(await built, ["diff", "keyless", "--against", "prod"]), /same[^]*no key is known/);
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

test("rows are compared by what they say, not by how an engine writes it", () => {
  const table = (type: string, ...rows: Cell[][]): ResultTable => ({
    columns: ["k", "v"].map((name) => ({ name, type })),
    rows,
  });
  const here = table("DECIMAL(9,2)", [1, "1.50"], ["2", null], ["a", "x"], ["a", "x"]);
  const there = table("numeric", ["1", 1.5], [2, null], ["a", "y"]);
  const { onlyHere, onlyThere, changedRows, duplicates } = compareRows(here, there, 1, 3);
  assert.deepEqual([onlyHere.count, onlyThere.count, changedRows, duplicates], [0, 0, 2, 1]);

  const changed = (mine: string, theirs: string, one: Cell, other: Cell): number =>
    compareRows(table(mine, ["k", one]), table(theirs, ["k", other]), 1, 3).changedRows;
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
});
