import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PROJECT_FILE, linkProject, mistakesOf, modelOf } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const one = "select 1 as a";

describe("what is said of relations", () => {
  test("grants, docs and contracts of folders, properties and the file merge as in dbt, persist_docs do not", async () => {
    const linked = await linkProject({
      "sql_project.yaml": `${PROJECT_FILE}models:
  +persist_docs: {relation: true}
  +grants: {select: [a], insert: b}
  +docs: {show: false}
  +contract: {enforced: true}
  mart: {+grants: {+select: c}, +persist_docs: {columns: true}, +docs: {node_color: red}, +contract: {alias_types: false}}
`,
      "models/mart/_m.yml":
        "models: [{name: m, config: {grants: {insert: [d]}}, columns: [{name: a, data_type: int}]}]",
      "models/mart/m.sql": one,
    });
    const { grants, persist_docs, docs, contract } = modelOf(linked, "m").config;
    assert.deepEqual(
      { grants, persist_docs, docs, contract },
      {
        grants: { select: ["a", "c"], insert: ["d"] },
        persist_docs: { relation: false, columns: true },
        docs: { show: false, node_color: "red" },
        contract: { enforced: true, alias_types: false },
      },
    );
  });

  test("null takes back what a folder outside says, as in dbt", async () => {
    const linked = await linkProject({
      "sql_project.yaml": `${PROJECT_FILE}models:
  +schema: mart
  +materialized: incremental
  +unique_key: a
  +incremental_strategy: merge
  +full_refresh: false
  +event_time: a
  free: {+schema: null, +unique_key: null, +incremental_strategy: null, +full_refresh: null}
`,
      "models/free/m.sql": one,
      "models/free/n.sql": `{{ config(event_time=none, schema='own') }} ${one}`,
    });
    const said = ["m", "n"].map((name) => {
      const { relation, config } = modelOf(linked, name);
      return [
        relation.schema,
        config.unique_key,
        config.incremental_strategy,
        config.full_refresh,
        config.event_time,
      ];
    });
    assert.deepEqual(said, [
      ["main", [], "append", null, "a"],
      ["main_own", [], "append", null, null],
    ]);
  });

  test("what is said rightly beside a mistake of a folder holds, so that nothing follows from its lack", async () => {
    const found = await mistakesOf({
      "sql_project.yaml": `${PROJECT_FILE}models:
  +contract: {enforced: true}
  free: {+contract: {enforced: false}, +materialised: table}
`,
      "models/free/m.sql": one,
    });
    assert.deepEqual(found, [
      'sql_project.yaml:7:40 KEY_UNKNOWN "materialised" is not known here | did you mean "materialized"?',
    ]);
  });

  test("grants that the engine knows nothing of are warned of once, and kept in the manifest", async () => {
    const config =
      "{{ config(grants={'select': 'reader'}, indexes=[{'columns': 'a'}], materialized='table') }}";
    const root = makeProject({ "models/m.sql": `${config} ${one}`, "models/n.sql": `${config} ${one}` });
    const { code, err } = await models(root, ["run"]);
    assert.equal(code, 0);
    assert.match(
      err,
      /^warning GRANTS_UNSUPPORTED grants of 2 nodes are not applied: duckdb knows no users\n$/,
    );
    const { nodes } = readArtifact(root, "manifest.json") as {
      nodes: Record<string, { config: Record<string, unknown> }>;
    };
    const { grants, indexes, persist_docs: docs } = nodes["model.shop.m"]!.config;
    assert.deepEqual(
      [grants, indexes, docs],
      [{ select: ["reader"] }, [{ columns: ["a"], unique: false }], {}],
    );
  });

  test("mistakes are told together", async () => {
    const found = await mistakesOf({
      "sql_project.yaml": `${PROJECT_FILE}query-comment: "{{ nod_id }}"\n`,
      "models/m.sql":
        "{{ config(persist_docs={'relations': true}, sql_header='{{ nothing() }}') }} select 1 as a",
      "models/n.sql": "{{ config(grants={'select; drop': 'x'}, indexes=[{'unique': true}]) }} select 1 as a",
      "models/o.sql": "{{ config(sql_header='{{ nothing() }}') }} select 1 as a",
    });
    assert.deepEqual(
      found.map((line) => line.replace(/ \|.*/, "")),
      [
        'models/m.sql:1:11 KEY_UNKNOWN "relations" is not known here',
        'models/n.sql:1:11 VALUE_INVALID "select; drop" must be a privilege such as select',
        'models/n.sql:1:41 KEY_MISSING "columns" is missing',
        'models/o.sql:1:1 NAME_UNKNOWN in sql_header: nothing is named "nothing"',
        'sql_project.yaml:5:1 NAME_UNKNOWN in query-comment: nothing is named "nod_id"',
      ],
    );
    const root = makeProject({ "models/v.sql": `{{ config(indexes=[{'columns': ['a']}]) }} ${one}` });
    const { code, err } = await models(root, ["compile"]);
    assert.equal(code, 2);
    assert.match(err, /^models\/v\.sql:1:1 CONFIG_UNUSED indexes have no meaning with materialized "view"/);
  });

  test("sql_header stays with its node: two of the same name do not meet", async () => {
    const root = makeProject({
      "models/a.sql":
        "{{ config(materialized='table', sql_header='create temporary macro twice(x) as x * {{ var(\"by\", 2) }}') }} select twice(4) as n",
      "models/b.sql":
        "{{ config(materialized='incremental', sql_header='create temporary macro twice(x) as x || x') }} select twice('a') || count(*) as n from {{ ref('a') }}",
      "models/c.sql": "{{ config(materialized='table') }} select twice(1) as n, count(*) from {{ ref('b') }}",
    });
    const run = await models(root, ["run", "--threads", "1"]);
    assert.match(run.out, /2 ok, 1 failed/);
    assert.match(run.out, /twice does not exist/);
    assert.deepEqual(
      await rowsOf(root, "select n::varchar as n from main.a union all from main.b order by 1"),
      [{ n: "8" }, { n: "aa1" }],
    );
    const plan = await models(root, ["run", "--dry-run", "--select", "a"]);
    assert.match(
      plan.out,
      /-- sql_header\ncreate temporary macro twice\(x\) as x \* 2;\n-- create the table/,
    );
  });
});

test("what a killed run left beside a table goes with the next one, however it is built", async () => {
  const root = makeProject({ "models/m.sql": `{{ config(materialized='incremental') }} ${one}` });
  await models(root, ["run"]);
  const macros = {
    "macros/left.sql": "{{! macro left() }}create table main.m__statloom_tmp as select 1 as a",
  };
  writeFiles(root, macros);
  assert.equal((await models(root, ["run-operation", "left"])).code, 0);
  await models(root, ["run"]);
  const tables = "select table_name as t from information_schema.tables where table_schema = 'main'";
  assert.deepEqual(await rowsOf(root, tables), [{ t: "m" }]);
});

describe("query-comment", () => {
  /** A model that reads what is said of the statement that builds it. */
  const files = {
    "models/m.sql":
      "{{ config(materialized='table') }} select regexp_extract(current_query(), '/\\*.*?\\*/') as said, starts_with(current_query(), '/*') as first",
  };
  const said = async (root: string): Promise<unknown> => {
    const { code, out, err } = await models(root, ["run"]);
    assert.equal(code, 0, out + err);
    return (await rowsOf(root, "from main.m"))[0];
  };
  test("names program, target and node, unless it is text of one's own, goes after, or is off", async () => {
    const root = makeProject(files);
    const { said: usual, first } = (await said(root)) as { said: string; first: boolean };
    assert.equal(first, true);
    const { statloom_version: version, ...facts } = JSON.parse(usual.slice(2, -2)) as Record<string, unknown>;
    assert.deepEqual(facts, { app: "statloom", target_name: "dev", node_id: "model.shop.m" });
    assert.equal(typeof version, "string");
    const comment = `{comment: "{{ node_id }} */ drop ' {{ target.name }}", append: true}`;
    writeFiles(root, { "sql_project.yaml": `${PROJECT_FILE}query-comment: ${comment}\n` });
    assert.deepEqual(await said(root), { said: "/* model.shop.m * / drop ' dev */", first: false });
    writeFiles(root, { "sql_project.yaml": `${PROJECT_FILE}query-comment: null\n` });
    assert.deepEqual(await said(root), { said: "", first: false });
  });
});
