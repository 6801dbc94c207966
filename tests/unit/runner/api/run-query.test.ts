import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PROJECT_FILE } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const pivot = `select g
{{#each run_query("select distinct code, count(*) as n from " ~ ref('codes') ~ " group by 1 order by 1") as row}}
  , sum(case when code = {{ row.code }} then {{ row.n }} end) as {{ identifier('n_' ~ row.code) }}
{{/each}}
from {{ ref('codes') }} group by g`;
const files = {
  "seeds/codes.csv": "g,code\n1,a\n1,b'x\n2,a\n",
  "models/pivot.sql": pivot,
};

const sqlOf = (root: string, path: string): string =>
  readFileSync(join(root, "target/compiled/shop/models", path), "utf8");

describe("results of queries while SQL is compiled", () => {
  test("are data of what was built before in the same run; the SQL is written as it ran", async () => {
    const root = makeProject(files);
    const { code, out, err } = await models(root, ["build"]);
    assert.equal(code, 0, err + out);
    assert.deepEqual(await rowsOf(root, "select * from {{ ref('pivot') }} order by g"), [
      { g: "1", n_a: "2", "n_b'x": "1" },
      { g: "2", n_a: "2", "n_b'x": null },
    ]);
    assert.match(sqlOf(root, "pivot.sql"), /code = 'b''x' then 1 end\) as "n_b'x"/);
    const again = await models(root, ["compile", "--select", "pivot"]);
    assert.match(again.out, /code = 'a' then 2/);
  });
  test("are found by column and by get_column_values, through macros, tests and ephemeral models", async () => {
    const root = makeProject({
      ...files,
      "macros/m.sql": `{{! macro codes_after(first) }}select distinct code from {{ ref('codes') }} where code > {{ first }}

{{! macro test_known(model, column_name) }}select * from {{ model }} where {{ column(column_name) }} not in {{ get_column_values(ref('codes'), 'code') }}`,
      "models/e.sql":
        "{{ config(materialized='ephemeral') }} select {{ literal(column_values(run_query(codes_after(var('first'))), 'code')) }} as found",
      "models/a.sql":
        "select count(*) as n from {{ ref('e') }} where found in {{ get_column_values(ref('codes'), 'code', where='g = 1', order_by='1', max_records=1) }}",
      "models/none.sql":
        "select {{ join(get_column_values(ref('codes'), 'code', where='false', default=[7]), '') }} as x",
      "models/p.yml":
        "models: [{name: pivot, data_tests: []}]\nseeds: [{name: codes, columns: [{name: code, data_tests: [known]}]}]\n",
    });
    const { code, out, err } = await models(root, ["build", "--vars", "{first: a}"]);
    assert.equal(code, 0, err + out);
    assert.match(sqlOf(root, "a.sql"), /select \('b''x'\) as found[^]*found in \('a'\)/);
    assert.match(sqlOf(root, "none.sql"), /select 7 as x/);
  });
  test("are asked for once, until something is built", async () => {
    const root = makeProject({
      "models/a.sql":
        "select {{#each run_query('select random() as x') as r}}{{ r.x }}{{/each}} as a, {{#each run_query('select random() as x') as r}}{{ r.x }}{{/each}} as b",
      "models/b.sql": "select {{#each run_query('select random() as x') as r}}{{ r.x }}{{/each}} as a",
    });
    assert.equal((await models(root, ["compile"])).code, 0);
    const numbers = [sqlOf(root, "a.sql"), sqlOf(root, "b.sql")].flatMap(
      (sql) => sql.match(/0\.\d+|\de-\d+/g) ?? [],
    );
    assert.equal(numbers.length, 3);
    assert.equal(new Set(numbers).size, 1);
  });
  test("are none in parse, and an error with its place where they are forbidden", async () => {
    const root = makeProject({
      ...files,
      "models/guarded.sql":
        "select 1 as x {{#if execute}}, {{#each run_query('select 2 as y') as r}}{{ r.y }}{{/each}} as y{{/if}}",
    });
    assert.equal((await models(root, ["parse"])).code, 0);
    assert.equal(existsSync(join(root, "data")), false);
    const { code, err } = await models(root, ["compile", "--no-introspect"]);
    assert.equal(code, 2);
    assert.match(
      err,
      /^models\/pivot\.sql:2:9 INTROSPECTION_OFF a query is asked for while SQL is compiled/m,
    );
    assert.equal(err.match(/INTROSPECTION_OFF/g)?.length, 1);
    const guarded = await models(root, ["compile", "--no-introspect", "--select", "guarded"]);
    assert.equal(guarded.out.trim(), "select 1 as x");
  });
  test("that fail are told where they are asked for; text with data in it is no query", async () => {
    const root = makeProject({
      "models/a.sql": "select 1 {{#each run_query('select * from nowhere') as r}}{{ r.x }}{{/each}}",
      "models/b.sql": "select 1 {{#each run_query('select ' ~ var('v')) as r}}{{ r.x }}{{/each}}",
      "models/c.sql": "select {{ literal(column_values(run_query('select 1 as x'), 'y')) }}",
    });
    const { code, err } = await models(root, ["compile", "--vars", "{v: 1}"]);
    assert.equal(code, 2);
    assert.match(err, /models\/a\.sql:1:18 QUERY_FAILED the query fails: .*nowhere/);
    assert.match(err, /models\/b\.sql:1:18 VALUE_KIND a query is SQL, data was given/);
    assert.match(err, /models\/c\.sql:1:\d+ VALUE_KIND there is no column "y": rows have x/);
    assert.equal(existsSync(join(root, "data/w.duckdb")), false);
    const run = await models(root, ["run", "--vars", "{v: 1}"]);
    assert.equal(run.code, 1);
    assert.match(run.err + run.out, /models\/a\.sql:1:18 QUERY_FAILED/);
  });
  test("are shown by show, for a model and for a query", async () => {
    const root = makeProject(files);
    await models(root, ["seed"]);
    const { out } = await models(root, ["show", "--select", "pivot", "--output", "json"]);
    assert.equal((JSON.parse(out) as { show: unknown[] }).show.length, 2);
    assert.deepEqual(
      await rowsOf(root, "select {{ join(get_column_values(ref('codes'), 'g', order_by='1')) }}"),
      [{ "1": 1, "2": 2 }],
    );
  });
});

describe("queries of what is no node", () => {
  const rows = "{{#each run_query('select count(*) as n from main.a') as r}}{{ r.n }}{{/each}}";
  test("hooks of a whole run and operations get their rows when they run", async () => {
    const root = makeProject({
      "sql_project.yaml": `${PROJECT_FILE}on-run-end:
  - "create or replace table main.log as select ${rows} as n"
  - "insert into main.log select max(n) + 1 from main.log where {{#each run_query('select n from main.log') as r}}n = {{ r.n }}{{/each}}"
`,
      "models/a.sql": "{{ config(materialized='table') }} select 1 as x union all select 2",
      "macros/m.sql": `{{! macro copy(name) }}insert into main.log select ${rows} + {{ name }}

{{! macro quiet() }}{{#each run_query("insert into main.log values (77) returning n") as r}}{{/each}}`,
    });
    const dry = await models(root, ["build", "--dry-run"]);
    assert.match(dry.out, /-- written when it runs: it asks the warehouse/);
    const { code, out, err } = await models(root, ["build"]);
    assert.equal(code, 0, out + err);
    assert.equal((await models(root, ["run-operation", "copy", "--args", "{name: 10}"])).code, 0);
    assert.equal((await models(root, ["run-operation", "quiet"])).code, 0);
    assert.deepEqual(await rowsOf(root, "select n from main.log order by n"), [
      { n: 2 },
      { n: 3 },
      { n: 12 },
      { n: 77 },
    ]);
  });
  test("hooks of a node and unit tests, which come before there is anything to ask, say so", async () => {
    const root = makeProject({
      "macros/m.sql": `{{! macro counted() }}${rows}`,
      "models/a.sql": `{{ config(post_hook="select {{ counted() }}") }} select 1 as x`,
    });
    const hook = await models(root, ["build"]);
    assert.equal(hook.code, 2);
    assert.match(hook.err, /macros\/m.sql:1:\d+ QUERY_UNANSWERED .*\n.*into the hook's own SQL/);
    const unit = (more: string): string =>
      `unit_tests: [{name: u, model: b, given: [], expect: {rows: [{n: 3}]}${more}}]`;
    const other = makeProject({
      "macros/m.sql": `{{! macro counted() }}${rows}`,
      "models/a.sql": "select 1 as x",
      "models/b.sql": "select {{ counted() }} as n",
      "models/u.yml": unit(""),
    });
    const asked = await models(other, ["test"]);
    assert.equal(asked.code, 1);
    assert.match(asked.out, /QUERY_UNANSWERED[^]*say what it comes to under overrides/);
    writeFiles(other, { "models/u.yml": unit(", overrides: {macros: {counted: 3}}") });
    const given = await models(other, ["test"]);
    assert.equal(given.code, 0, given.out);
  });
});

test("the manifest has the SQL of what was compiled when its turn came", async () => {
  const root = makeProject(files);
  assert.equal((await models(root, ["build"])).code, 0);
  const { nodes } = readArtifact(root, "manifest.json") as {
    nodes: Record<string, { compiled_code: string | null }>;
  };
  assert.match(nodes["model.shop.pivot"]!.compiled_code ?? "", /n_b'x/);
});
