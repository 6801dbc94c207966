import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PROJECT_FILE } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";
import type { ArtifactResult, Ran } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

async function ran(cwd: string, words: string[], code: number): Promise<Ran> {
  const result = await models(cwd, words);
  assert.equal(result.code, code, `${result.out}${result.err}`);
  return result;
}
const resultOf = (cwd: string, name: string): ArtifactResult => {
  const { results } = readArtifact(cwd, "run_results.json") as { results: ArtifactResult[] };
  const found = results.find(({ unique_id: id }) => id.split(".")[2] === name);
  assert.ok(found, name);
  return found;
};

const table = "{{ config(materialized='table') }}\n";

describe("a model that fails", () => {
  test("leaves its old table as it was, skips what stands below, and nothing else", async () => {
    const cwd = makeProject({
      "models/a.sql": `${table}select 1 as x`,
      "models/b.sql": `${table}select x from {{ ref('a') }}`,
      "models/c.sql": `${table}select x from {{ ref('b') }}`,
      "models/apart.sql": "select 1 as x",
    });
    await ran(cwd, ["build"], 0);
    writeFiles(cwd, { "models/b.sql": `${table}select x, 'no number'::int as y from {{ ref('a') }}` });
    const { out } = await ran(cwd, ["build"], 1);
    assert.deepEqual(statuses(cwd), { a: "success", apart: "success", b: "error", c: "skipped" });
    assert.match(out, /ERROR +table +main\.b/);
    assert.match(
      out,
      /target\/compiled\/shop\/models\/b\.sql:1:\d+ QUERY_FAILED .*Could not convert string 'no number'/,
    );
    assert.match(out, /failed in .*: 2 ok, 1 failed, 1 skipped\n {2}ERROR b \(models\/b\.sql:1\)/);
    assert.deepEqual(await rowsOf(cwd, "select * from {{ ref('b') }}"), [{ x: 1 }]);
    assert.match(resultOf(cwd, "c").message ?? "", /"b" failed/);
    const left = await rowsOf(
      cwd,
      "select table_name as t from information_schema.tables where table_schema = 'main' order by 1",
    );
    assert.deepEqual(left, [{ t: "a" }, { t: "apart" }, { t: "b" }, { t: "c" }], "nothing half made is left");
  });
  test("is told with the line and column of the compiled file", async () => {
    const cwd = makeProject({ "models/a.sql": "select 1 as x\n\nfrom (select nope)\n" });
    const { out } = await ran(cwd, ["run"], 1);
    const [, file, line, column] = /(target\/compiled\/\S+?):(\d+):(\d+)/.exec(out)!;
    const text = readFileSync(join(cwd, file!), "utf8").split("\n")[Number(line) - 1]!;
    assert.equal(text.slice(Number(column) - 1), "nope)");
  });
  test("at its end is told there, not beyond it", async () => {
    const cwd = makeProject({ "models/a.sql": "select 1 as x\nfrom" });
    const { out } = await ran(cwd, ["run"], 1);
    assert.match(out, /models\/a\.sql:2:5 QUERY_FAILED/);
  });
  test("with --fail-fast nothing more starts", async () => {
    const files: Record<string, string> = { "models/a0.sql": "select 'x'::int" };
    for (let i = 1; i < 20; i++)
      files[`models/b${i}.sql`] = `${table}select ${i} as x from {{ ref('root') }}`;
    files["models/root.sql"] = "select 1";
    const cwd = makeProject({
      ...files,
      "models/a0.sql": "{{ config(materialized='table') }} select 'x'::int as y",
    });
    await ran(cwd, ["run", "--threads", "1", "--fail-fast", "--select", "a0", "b1", "b2"], 1);
    const found = statuses(cwd);
    assert.equal(found["a0"], "error");
    assert.ok(Object.values(found).filter((status) => status === "skipped").length >= 1);
  });
});

describe("tests in a build", () => {
  const yml = (severity: string): string =>
    `models: [{name: a, columns: [{name: x, data_tests: [{unique: {config: {severity: ${severity}}}}]}]}]\n`;
  const files = {
    "models/a.sql": "select * from (values (1), (1)) t(x)",
    "models/b.sql": "select x from {{ ref('a') }}",
    "models/c.sql": "select x from {{ ref('b') }}",
  };
  test("one that fails keeps bad rows from going on", async () => {
    const cwd = makeProject({ ...files, "models/p.yml": yml("error") });
    const { out } = await ran(cwd, ["build"], 1);
    assert.deepEqual(statuses(cwd), { a: "success", unique_a_x: "fail", b: "skipped", c: "skipped" });
    assert.match(out, /FAIL +test +unique_a_x/);
    assert.match(out, /Got 1 result, configured to fail if != 0/);
    assert.equal(resultOf(cwd, "unique_a_x").failures, 1);
  });
  test("one that warns does not", async () => {
    const cwd = makeProject({ ...files, "models/p.yml": yml("warn") });
    const { out } = await ran(cwd, ["build"], 0);
    assert.deepEqual(statuses(cwd), { a: "success", unique_a_x: "warn", b: "success", c: "success" });
    assert.match(out, /WARN +test +unique_a_x/);
    assert.match(out, /done in .*: 3 ok, 1 warning/);
  });
  test("those of a source hold up what reads it", async () => {
    const cwd = makeProject({
      "models/s.yml":
        "sources: [{name: raw, tables: [{name: t, columns: [{name: x, data_tests: [not_null]}]}]}]\n",
      "models/a.sql": "select * from {{ source('raw', 't') }}",
      "models/b.sql": "select * from {{ ref('a') }}",
      "models/apart.sql": "select 1 as x",
      "models/first.sql": "{{ config(schema='raw', alias='t', materialized='table') }} select null as x",
    });
    await ran(cwd, ["run", "--select", "first"], 0);
    writeFiles(cwd, {
      "models/s.yml":
        "sources: [{name: raw, schema: main_raw, tables: [{name: t, columns: [{name: x, data_tests: [not_null]}]}]}]\n",
    });
    await ran(cwd, ["build", "--exclude", "first"], 1);
    assert.deepEqual(statuses(cwd), {
      source_not_null_raw_t_x: "fail",
      a: "skipped",
      b: "skipped",
      apart: "success",
    });
  });
  test("one of two models holds up only what stands below both", async () => {
    const cwd = makeProject({
      "models/left.sql": "select 1 as x",
      "models/right.sql": "select 2 as x",
      "models/below_left.sql": "select * from {{ ref('left') }}",
      "models/below_both.sql": "select * from {{ ref('left') }} join {{ ref('right') }} using (x)",
      "tests/data/t.sql": "select x from {{ ref('left') }} except select x from {{ ref('right') }}",
    });
    await ran(cwd, ["build"], 1);
    const found = statuses(cwd);
    assert.deepEqual([found["below_left"], found["below_both"], found["t"]], ["success", "skipped", "fail"]);
  });
  test("one of a column that is not there names test and column", async () => {
    const cwd = makeProject({
      "models/a.sql": "select 1 as amount",
      "models/p.yml": "models: [{name: a, columns: [{name: amuont, data_tests: [not_null]}]}]\n",
    });
    const { out } = await ran(cwd, ["build"], 1);
    assert.match(out, /ERROR +test +not_null_a_amuont\s/);
    assert.match(out, /target\/compiled\/shop\/models\/p\.yml\/not_null_a_amuont\.sql:3:7 QUERY_FAILED/);
    assert.match(out, /QUERY_FAILED .*"amuont" not found/);
    assert.match(out, /amount/, "the columns that are there");
  });
  test("stored failures are a table, by configuration and by option, many at once", async () => {
    const columns = Array.from({ length: 12 }, (_, i) => `{name: c${i}, data_tests: [not_null]}`);
    const cwd = makeProject({
      "models/a.sql": `select ${columns.map((_, i) => `null as c${i}`).join(", ")}`,
      "models/p.yml": `models: [{name: a, columns: [${columns.join(", ")}]}]\n`,
    });
    await ran(cwd, ["build", "--threads", "8", "--store-failures"], 1);
    const found = Object.values(statuses(cwd)).filter((status) => status === "fail");
    assert.equal(found.length, 12);
    assert.match(
      resultOf(cwd, "not_null_a_c3").relation_name ?? "",
      /"main_dbt_test__audit"\."not_null_a_c3"/,
    );
    assert.deepEqual(await rowsOf(cwd, "select count(*)::int as n from main_dbt_test__audit.not_null_a_c3"), [
      { n: 1 },
    ]);
  });
});

describe("running again", () => {
  const files = {
    "seeds/orders.csv": "id,amount\n1,10\n2,20\n",
    "models/all_orders.sql": "{{ config(materialized='table') }} select * from {{ ref('orders') }}",
    "models/keyed.sql":
      "{{ config(materialized='incremental', unique_key='id') }}\nselect * from {{ ref('orders') }}{{#is_incremental}} where id >= (select max(id) from {{ this }}){{/is_incremental}}",
    "models/added.sql": "{{ config(materialized='incremental') }}\nselect 1 as run",
    "models/merged.sql":
      "{{ config(materialized='incremental', incremental_strategy='merge', unique_key=['id'], merge_update_columns=['amount']) }}\nselect *, '{{ var('note', 'first') }}' as note from {{ ref('orders') }}",
  };
  const orders = (sql: string): string => `${sql} order by id`;
  test("gives the same marts, and adds to incremental models", async () => {
    const cwd = makeProject(files);
    await ran(cwd, ["build"], 0);
    const first = await rowsOf(cwd, orders("from {{ ref('all_orders') }}"));
    await ran(cwd, ["build"], 0);
    assert.deepEqual(await rowsOf(cwd, orders("from {{ ref('all_orders') }}")), first);
    assert.equal((await rowsOf(cwd, "from {{ ref('added') }}")).length, 2);
    assert.deepEqual(await rowsOf(cwd, orders("from {{ ref('keyed') }}")), first);
    writeFileSync(join(cwd, "seeds/orders.csv"), "id,amount\n1,11\n2,22\n3,33\n");
    await ran(cwd, ["build", "--vars", "{note: second}"], 0);
    assert.deepEqual(await rowsOf(cwd, orders("select id, amount from {{ ref('keyed') }}")), [
      { id: "1", amount: "10" },
      { id: "2", amount: "22" },
      { id: "3", amount: "33" },
    ]);
    assert.deepEqual(await rowsOf(cwd, orders("from {{ ref('merged') }}")), [
      { id: "1", amount: "11", note: "first" },
      { id: "2", amount: "22", note: "first" },
      { id: "3", amount: "33", note: "second" },
    ]);
    await ran(cwd, ["build", "--full-refresh"], 0);
    assert.equal((await rowsOf(cwd, "from {{ ref('added') }}")).length, 1);
    assert.equal((await rowsOf(cwd, orders("from {{ ref('keyed') }}"))).length, 3);
  });
  test("a view may become a table and a table a view", async () => {
    const cwd = makeProject({ "models/a.sql": "select 1 as x" });
    await ran(cwd, ["run"], 0);
    writeFiles(cwd, { "models/a.sql": `${table}select 2 as x` });
    await ran(cwd, ["run"], 0);
    writeFiles(cwd, { "models/a.sql": "select 3 as x" });
    await ran(cwd, ["run"], 0);
    assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ x: 3 }]);
  });
});

describe("a dry run", () => {
  test("prints what would be sent, and makes nothing: no warehouse, no artifacts", async () => {
    const cwd = makeProject({
      "seeds/s.csv": "a\n1\n",
      "models/a.sql": `${table}select * from {{ ref('s') }}`,
      "models/i.sql": "{{ config(materialized='incremental') }} select 1 as x",
      "models/p.yml": "models: [{name: a, columns: [{name: a, data_tests: [unique]}]}]\n",
    });
    const { out } = await ran(cwd, ["build", "--dry-run"], 0);
    for (const expected of [/create .*table .*"main"\."a"/is, /unique_a_a/, /s\.csv/])
      assert.match(out, expected);
    assert.deepEqual(readdirSync(cwd).toSorted(), ["models", "seeds", "sql_project.yaml"]);
  });
  test("changes nothing in a warehouse that is there", async () => {
    const cwd = makeProject({ "models/a.sql": `${table}select 1 as x` });
    await ran(cwd, ["build"], 0);
    const artifacts = readdirSync(join(cwd, "target")).map((name) => name);
    writeFiles(cwd, {
      "models/a.sql": `${table}select 2 as x`,
      "models/b.sql": "{{ config(schema='new') }} select 1",
    });
    await ran(cwd, ["build", "--dry-run", "--full-refresh"], 0);
    assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ x: 1 }]);
    assert.deepEqual(
      await rowsOf(
        cwd,
        "select schema_name as s from information_schema.schemata where schema_name = 'main_new'",
      ),
      [],
    );
    assert.deepEqual(readdirSync(join(cwd, "target")), artifacts);
  });
});

describe("options", () => {
  test("--vars wins over the project's own, --target chooses the warehouse", async () => {
    const cwd = makeProject({
      "sql_project.yaml": `${PROJECT_FILE}  other: {type: duckdb, path: data/other.duckdb, schema: elsewhere}\nvars: {n: 1}\n`,
      "models/a.sql":
        "{{ config(materialized='table') }} select {{ var('n') }} as n, '{{ target.name }}' as t",
    });
    await ran(cwd, ["build"], 0);
    assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ n: 1, t: "dev" }]);
    await ran(cwd, ["build", "--target", "other", "--vars", '{"n": 2}'], 0);
    const { out } = await ran(
      cwd,
      ["show", "--target", "other", "--inline", "from elsewhere.a", "--output", "json"],
      0,
    );
    assert.deepEqual((JSON.parse(out) as { show: unknown }).show, [{ n: 2, t: "other" }]);
    assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ n: 1, t: "dev" }]);
  });
  test("selectors choose what is built", async () => {
    const cwd = makeProject({
      "seeds/s.csv": "a\n1\n",
      "models/a.sql": "{{ config(tags='t') }} select * from {{ ref('s') }}",
      "models/b.sql": "select * from {{ ref('a') }}",
      "models/c.sql": "select * from {{ ref('b') }}",
      "models/p.yml": "models: [{name: b, columns: [{name: a, data_tests: [unique]}]}]\n",
    });
    await ran(cwd, ["build", "--select", "+b"], 0);
    assert.deepEqual(Object.keys(statuses(cwd)).toSorted(), ["a", "b", "s", "unique_b_a"]);
    await ran(cwd, ["run", "--select", "tag:t+", "--exclude", "c"], 0);
    assert.deepEqual(Object.keys(statuses(cwd)).toSorted(), ["a", "b"]);
    await ran(cwd, ["seed"], 0);
    assert.deepEqual(Object.keys(statuses(cwd)), ["s"]);
    await ran(cwd, ["test"], 0);
    assert.deepEqual(Object.keys(statuses(cwd)), ["unique_b_a"]);
  });
  test("an ephemeral model is built into what uses it, and tested there", async () => {
    const cwd = makeProject({
      "models/e.sql": "{{ config(materialized='ephemeral') }} select 1 as x;",
      "models/a.sql": "select * from {{ ref('e') }} -- the end",
      "models/p.yml":
        "models: [{name: e, columns: [{name: x, data_tests: [unique, {accepted_values: {values: [1]}}]}]}]\n",
    });
    await ran(cwd, ["build"], 0);
    assert.deepEqual(Object.keys(statuses(cwd)).toSorted(), ["a", "accepted_values_e_x__1", "unique_e_x"]);
  });
});

test("a project without nodes builds nothing, and says so", async () => {
  const cwd = makeProject({});
  const { out } = await ran(cwd, ["build"], 0);
  assert.match(out, /done in .*: nothing to do/);
  assert.ok(existsSync(join(cwd, "target/run_results.json")));
});
