import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { md5 } from "../../../../runner/base/hash.ts";
import { parseTemplate } from "../../../../runner/template/parse-template.ts";
import {
  linkProject,
  modelOf,
  parentsOf,
  PROJECT_FILE,
  seedOf,
  testsOf,
} from "../../../support/link-project.ts";

describe("configuration", () => {
  test("folders < properties < in the file; tags add up, meta merges key by key", async () => {
    const linked = await linkProject({
      "sql_project.yaml": `${PROJECT_FILE}models:
  shop:
    +tags: all
    +meta: {owner: ada, level: 1}
    +schema: outer
    marts:
      +materialized: table
      +tags: [mart]
      +meta: {level: 2}
      deep: {+materialized: incremental}
      by_name: {+alias: named}
`,
      "models/marts/deep/a.sql":
        "{{ config(materialized='view', tags=['own', 'all'], meta={'level': 4}) }} select 1",
      "models/marts/deep/b.sql": "select 1",
      "models/marts/by_name.sql": "select 1",
      "models/c.sql": "select 1",
      "models/marts/p.yml":
        "models: [{name: a, config: {materialized: ephemeral, schema: inner, tags: [prop], meta: {level: 3, why: x}}}]\n",
    });
    const a = modelOf(linked, "a");
    assert.equal(a.config.materialized, "view");
    assert.deepEqual(a.tags, ["all", "mart", "prop", "own"]);
    assert.deepEqual(a.meta, { owner: "ada", level: 4, why: "x" });
    assert.deepEqual(a.relation, { database: null, schema: "main_inner", identifier: "a" });
    assert.equal(modelOf(linked, "b").config.materialized, "incremental");
    assert.deepEqual(modelOf(linked, "by_name").relation, {
      database: null,
      schema: "main_outer",
      identifier: "named",
    });
    assert.equal(modelOf(linked, "c").config.materialized, "view");
  });
  test("several config() calls add up, the later wins; a call in a macro counts", async () => {
    const linked = await linkProject({
      "macros/m.sql": "{{! macro as_table() }}{{ config(materialized='table', tags='macro') }}",
      "models/a.sql":
        "{{ as_table() }}{{ config(tags='one') }}{{ config(materialized='view', tags='two') }} select 1",
    });
    const { config, tags } = modelOf(linked, "a");
    assert.deepEqual([config.materialized, tags], ["view", ["macro", "one", "two"]]);
  });
  test("vars, environment variables and the target are known in config()", async () => {
    const linked = await linkProject(
      {
        "models/a.sql":
          "{{ config(enabled=var('on'), alias=env_var('ALIAS', 'none'), schema=target.name, meta={'n': var('n')}) }} select 1",
      },
      { vars: { on: true, n: 3 }, env: { ALIAS: "from env" } },
    );
    const { relation, meta } = modelOf(linked, "a");
    assert.deepEqual([relation.schema, relation.identifier, meta], ["main_dev", "from env", { n: 3 }]);
  });
  test("a seed's declared types are those of its columns, column_types first", async () => {
    const linked = await linkProject({
      "seeds/s.csv": "a,b,c\n1,2,3\n",
      "seeds/p.yml":
        "seeds:\n  - name: s\n    config: {column_types: {a: varchar}}\n    columns: [{name: a, data_type: int}, {name: b, data_type: date}, {name: c}]\n",
    });
    assert.deepEqual(seedOf(linked, "s").config.column_types, { a: "varchar", b: "date" });
  });
  test("the strategy of an incremental model follows from its key", async () => {
    const linked = await linkProject({
      "models/a.sql": "{{ config(materialized='incremental') }} select 1",
      "models/b.sql": "{{ config(materialized='incremental', unique_key='id') }} select 1 as id",
    });
    assert.equal(modelOf(linked, "a").config.incremental_strategy, "append");
    assert.equal(modelOf(linked, "b").config.incremental_strategy, "delete+insert");
  });
});

describe("references", () => {
  test("are found through macros, in sections that are never rendered, and in comments of SQL", async () => {
    const linked = await linkProject({
      "macros/m.sql":
        "{{! macro outer(x) }}{{ inner(x) }}\n{{! macro inner(x) }}(select * from {{ ref('codes') }})",
      "seeds/codes.csv": "a\n1\n",
      "models/s.yml": "sources: [{name: raw, tables: [{name: orders}]}]\n",
      "models/base.sql": "select * from {{ source('raw', 'orders') }}",
      "models/a.sql":
        "select * from {{ ref('base') }} {{#is_incremental}}, {{ outer(1) }}{{/is_incremental}} -- {{ ref('shop', 'late') }}",
      "models/late.sql": "select 1",
    });
    assert.deepEqual(parentsOf(linked, "model.shop.a"), ["base", "codes", "late"]);
    assert.deepEqual(parentsOf(linked, "model.shop.base"), ["raw.orders"]);
    assert.deepEqual(linked.graph.children.get("source.shop.raw.orders"), ["model.shop.base"]);
    const order = [...linked.graph.nodes.keys()];
    for (const [id, parents] of linked.graph.parents)
      for (const parent of parents)
        if (!parent.startsWith("source."))
          assert.ok(order.indexOf(parent) < order.indexOf(id), `${parent} before ${id}`);
  });
  test("of exposures count, in both spellings", async () => {
    const linked = await linkProject({
      "models/a.sql": "select 1",
      "models/e.yml":
        "sources: [{name: raw, tables: [{name: orders}]}]\nexposures:\n  - name: board\n    type: dashboard\n    owner: {email: a@b.c}\n    depends_on: [ref('a'), \"{{ source('raw', 'orders') }}\"]\n",
    });
    assert.deepEqual(linked.graph.parents.get("exposure.shop.board"), [
      "model.shop.a",
      "source.shop.raw.orders",
    ]);
    assert.deepEqual(linked.graph.children.get("model.shop.a"), ["exposure.shop.board"]);
  });
});

describe("switched off nodes", () => {
  test("leave their name, and their template, to another file", async () => {
    const linked = await linkProject({
      "models/x/a.sql": "{{ config(enabled=false) }}select {{ var('no', 1) }} as {{#if true}}off{{/if}}",
      "models/y/a.sql": "select {{#if true}}1{{/if}} as id",
      "models/y/b.sql": "select {{ var('no', 2) }} as id",
    });
    const { template } = parseTemplate("models/y/a.sql", "select {{#if true}}1{{/if}} as id");
    assert.deepEqual(linked.templates.get("model.shop.a"), template);
  });
  test("are kept apart, with the tests that refer to them", async () => {
    const linked = await linkProject({
      "models/off.sql": "{{ config(enabled=false) }} select 1 as id",
      "models/on.sql": "select 1 as id",
      "models/p.yml":
        "models:\n  - {name: off, columns: [{name: id, data_tests: [unique]}]}\n  - {name: on, columns: [{name: id, data_tests: [unique, {relationships: {to: ref('off'), field: id}}, {not_null: {enabled: false}}]}]}\n",
    });
    assert.deepEqual([...linked.graph.nodes.values()].map(({ name }) => name).toSorted(), [
      "on",
      "unique_on_id",
    ]);
    assert.deepEqual([...linked.graph.disabled.values()].map(({ name }) => name).toSorted(), [
      "not_null_on_id",
      "off",
      "relationships_on_id__id__ref_off_",
      "unique_off_id",
    ]);
    assert.equal([...linked.graph.children.keys()].includes("model.shop.off"), false);
  });
});

describe("descriptions", () => {
  test("take up doc blocks, dbt's spelling too", async () => {
    const linked = await linkProject({
      "models/a.sql": "select 1 as id",
      "models/docs.md": "{{#docs orders}}One row an order.{{/docs}}\n{% docs key %}The key.{% enddocs %}\n",
      "models/p.yml":
        "models:\n  - name: a\n    description: \"Orders. {{ doc('orders') }}\"\n    columns: [{name: id, description: \"{{ doc('key') }}\"}]\n",
    });
    const a = modelOf(linked, "a");
    assert.equal(a.description, "Orders. One row an order.");
    assert.equal(a.columns.get("id")?.description, "The key.");
    assert.deepEqual([...linked.graph.docs.keys()], ["doc.shop.orders", "doc.shop.key"]);
  });
});

describe("generic tests", () => {
  const yml = `models:
  - name: orders
    data_tests:
      - unique: {column_name: "a || b"}
    columns:
      - name: kind
        data_tests:
          - accepted_values: {values: [in store, web & phone], config: {where: "id > 1", tags: [t]}}
          - accepted_values: {name: few, values: [a, 1, true, null]}
          - relationships: {to: ref('kinds'), field: kind}
sources:
  - name: raw
    tables: [{name: orders, columns: [{name: id, data_tests: [not_null]}]}]
`;
  const files = {
    "models/orders.sql": "select 1 as kind",
    "models/kinds.sql": "select 1 as kind",
    "models/deep/p.yml": yml,
  };
  test("are named as dbt names them", async () => {
    const names = testsOf(await linkProject(files)).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [
      "accepted_values_orders_kind__in_store__web_phone",
      "few",
      "relationships_orders_kind__kind__ref_kinds_",
      "source_not_null_raw_orders_id",
      "unique_orders_a_b",
    ]);
  });
  test("dbt's names write true, false and null as Python does", async () => {
    const linked = await linkProject({
      "models/orders.sql": "select 1 as id",
      "models/p.yml":
        "models: [{name: orders, columns: [{name: id, data_tests: [{accepted_values: {values: [1, true, null], quote: false}}]}]}]\n",
    });
    assert.deepEqual(
      testsOf(linked).map(({ name }) => name),
      ["accepted_values_orders_id__False__1__True__None"],
    );
  });
  test("names of 64 characters and more are cut and hashed for files and tables, not for people", async () => {
    const values = ["a long value", "another long value", "and yet another one"];
    const linked = await linkProject({
      "models/orders.sql": "select 1 as kind",
      "models/p.yml": `models: [{name: orders, columns: [{name: kind, data_tests: [{accepted_values: {values: [${values.join(", ")}]}}]}]}]\n`,
    });
    const [node] = testsOf(linked);
    const full = `accepted_values_orders_kind__${values.map((value) => value.replaceAll(" ", "_")).join("__")}`;
    assert.equal(node?.name, full);
    assert.equal(node.alias, `accepted_values_orders_${md5(full)}`);
    assert.equal(node.path, `${node.alias}.sql`);
    assert.equal(node.relation.schema, "main_dbt_test__audit");
  });
  test("depend on what they test and on what their arguments refer to", async () => {
    const linked = await linkProject(files);
    const found = Object.fromEntries(testsOf(linked).map(({ name, dependsOn }) => [name, dependsOn.nodes]));
    assert.deepEqual(found["relationships_orders_kind__kind__ref_kinds_"]?.toSorted(), [
      "model.shop.kinds",
      "model.shop.orders",
    ]);
    assert.deepEqual(found["source_not_null_raw_orders_id"], ["source.shop.raw.orders"]);
    const few = testsOf(linked).find(({ name }) => name === "few");
    assert.deepEqual(few?.generic, {
      name: "accepted_values",
      namespace: null,
      arguments: { column_name: "kind", values: ["a", 1, true, null] },
      columnName: "kind",
      attachedNode: "model.shop.orders",
      tested: 'ref("orders")',
      scan: {
        kind: "rows",
        fails: '{{ fails_accepted_values(column_name="kind", values=["a", 1, true, null]) }}',
        counts: false,
      },
    });
  });
  test("ids do not change between runs, and differ where anything differs", async () => {
    const ids = async (): Promise<string[]> =>
      testsOf(await linkProject(files)).map(({ uniqueId }) => uniqueId);
    const first = await ids();
    assert.deepEqual(await ids(), first);
    assert.equal(new Set(first).size, first.length);
    for (const id of first) assert.match(id, /^test\.shop\.\w+\.[0-9a-f]{10}$/);
  });
  test("of one's own: a macro named test_…, of any column or of the whole model", async () => {
    const linked = await linkProject({
      "macros/t.sql":
        "{{! macro test_positive(model, column_name, least=0) }}select * from {{ model }} where {{ column_name }} <= {{ least }}",
      "models/a.sql": "select 1 as id",
      "models/p.yml": "models: [{name: a, columns: [{name: id, data_tests: [{positive: {least: 3}}]}]}]\n",
    });
    const [node] = testsOf(linked);
    assert.equal(node?.name, "positive_a_id__3");
    assert.deepEqual(node.dependsOn.macros, ["macro.shop.test_positive"]);
  });
});
