import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pointerOf } from "../../../../runner/graph/versions.ts";
import type { Linked } from "../../../support/link-project.ts";
import { linkProject, mistakesOf, modelOf, PROJECT_FILE, testsOf } from "../../../support/link-project.ts";

const names = ({ graph }: Linked): Record<string, string> =>
  Object.fromEntries(
    [...graph.nodes.values()].map(({ uniqueId, relation }) => [
      uniqueId.split(".").slice(1, 3).join("."),
      `${relation.schema}.${relation.identifier}`,
    ]),
  );

const sql = `{{! macro generate_schema_name(custom, node) }}
{{#if custom and target.name == 'dev'}}{{ custom }}{{else}}{{ target.schema }}{{#if custom}}_{{ custom }}{{/if}}{{/if}}

{{! macro generate_alias_name(custom_alias_name, node) }}
{{#if custom_alias_name}}{{ custom_alias_name }}{{else}}{{ var('prefix') }}_{{ node.name }}{{#if node.config.materialized == 'table'}}_t{{/if}}{{/if}}
`;

describe("names in the warehouse", () => {
  test("are what the project's macros in SQL come to, with the node, the target and variables", async () => {
    const linked = await linkProject(
      {
        "macros/names.sql": sql,
        "models/a.sql": "{{ config(schema='lib', materialized='table') }} select 1 as x",
        "models/b.sql": "{{ config(alias='named') }} select * from {{ ref('a') }}",
        "seeds/codes.csv": "a\n1\n",
        "tests/data/t.sql": "select * from {{ ref('a') }} where false",
      },
      { vars: { prefix: "p-x" } },
    );
    assert.deepEqual(names(linked), {
      "shop.a": "lib.p-x_a_t",
      "shop.b": "main.named",
      "shop.codes": "main.p-x_codes",
      "shop.t": "dbt_test__audit.p-x_t",
    });
    assert.equal(modelOf(linked, "a").alias, "p-x_a_t");
  });
  test("are what macros in TypeScript return", async () => {
    const linked = await linkProject({
      "macros/names.ts":
        "export function generate_schema_name(this: any, custom: string | null, node: any): string {\n  return `${this.target.name}_${custom ?? node.fqn[1]}`;\n}\n",
      "models/marts/a.sql": "select 1",
      "models/marts/b.sql": "{{ config(schema='lib') }} select 1",
    });
    assert.deepEqual(names(linked), { "shop.a": "dev_marts.a", "shop.b": "dev_lib.b" });
  });
  test("of the view of a latest version are what its macro comes to, with the alias that was asked for", async () => {
    const pointer = "latest_version_pointer: {enabled: true";
    const linked = await linkProject({
      "macros/names.sql":
        "{{! macro generate_latest_version_pointer_alias(custom_alias_name, node) }}{{#if custom_alias_name}}{{ custom_alias_name }}{{else}}{{ node.name }}_v{{ node.version }}_latest{{/if}}\n",
      "models/m_v1.sql": "select 1 as x",
      "models/m_v2.sql": "select 1 as x",
      "models/n_v1.sql": "select 1 as x",
      "models/p_v1.sql": "select 1 as x",
      "models/m.yml": `models:
  - {name: m, config: {${pointer}}}, versions: [{v: 1}, {v: 2}]}
  - {name: n, config: {${pointer}, alias: newest}}, versions: [{v: 1}]}
  - {name: p, versions: [{v: 1}]}
`,
    });
    const view = (name: string) => pointerOf(modelOf(linked, name))?.identifier;
    assert.deepEqual(["m.v1", "m.v2", "n.v1", "p.v1"].map(view), [
      undefined,
      "m_v2_latest",
      "newest",
      undefined,
    ]);
    assert.deepEqual(names(linked)["shop.m"], "main.m_v2");
  });
  test("of a package's nodes are what its own macros say, else the project's", async () => {
    const linked = await linkProject({
      "sql_project.yaml": `${PROJECT_FILE}packages: [{local: one}, {local: two}]\n`,
      "macros/n.sql": "{{! macro generate_schema_name(custom, node) }}root",
      "one/sql_project.yaml": "name: one\n",
      "one/macros/n.sql": "{{! macro generate_schema_name(custom, node) }}{{ node.package_name }}_own",
      "one/models/x.sql": "select 1",
      "two/sql_project.yaml": "name: two\n",
      "two/models/y.sql": "select 1",
      "models/z.sql": "select 1",
    });
    assert.deepEqual(names(linked), { "one.x": "one_own.x", "two.y": "root.y", "shop.z": "root.z" });
  });
  test("that two nodes would share, or that are none, are told at once", async () => {
    assert.deepEqual(
      await mistakesOf({
        "macros/names.sql":
          "{{! macro generate_alias_name(custom, node) }}{{#unless node.name == 'c' or node.name == 'cc'}}same{{/unless}}",
        "models/a.sql": "select 1",
        "models/b.sql": "select 1",
        "models/c.sql": "select 1",
        "models/cc.sql": "select 1",
        "models/d.sql": "{{ config(alias='two\\nlines') }} select 1",
      }),
      [
        'models/b.sql:1:1 RELATION_DUPLICATE "b" and "a" would both be the relation main.same | give one of them another alias or schema',
        'models/c.sql:1:1 RELATION_NAME "" cannot be the name of "c" in the warehouse | a name is one line of text: see generate_schema_name, generate_alias_name and the configs schema and alias',
        'models/cc.sql:1:1 RELATION_NAME "" cannot be the name of "cc" in the warehouse | a name is one line of text: see generate_schema_name, generate_alias_name and the configs schema and alias',
        'models/d.sql:1:1 RELATION_DUPLICATE "d" and "b" would both be the relation main.same | give one of them another alias or schema',
      ],
    );
    assert.deepEqual(await mistakesOf({ "models/d.sql": "{{ config(alias='two\nlines') }} select 1" }), [
      'models/d.sql:1:1 RELATION_NAME "two\\nlines" cannot be the name of "d" in the warehouse | a name is one line of text: see generate_schema_name, generate_alias_name and the configs schema and alias',
    ]);
  });
  test("come from what is known before anything is built; a mistake in a macro is told once", async () => {
    assert.deepEqual(
      await mistakesOf({
        "macros/names.sql": "{{! macro generate_schema_name(custom, node) }}{{ node.nope }}",
        "models/a.sql": "select 1",
        "models/b.sql": "select 1",
      }),
      [
        'macros/names.sql:1:51 FIELD_UNKNOWN "node.nope": there is no field "nope", in "generate_schema_name" called at macros/names.sql:1:1, for model "a" | did you mean "name"?',
      ],
    );
  });
});

test("tests of one name keep their failures apart", async () => {
  const linked = await linkProject({
    "models/a.sql": "select 1 as x",
    "models/b.sql": "select 1 as x",
    "models/p.yml": `models:
  - {name: a, columns: [{name: x, data_tests: [{unique: {name: one_only}}, not_null]}]}
  - {name: b, columns: [{name: x, data_tests: [{unique: {name: one_only}}, not_null: {name: alone}]}]}
`,
  });
  const tables = testsOf(linked).map(({ relation }) => relation.identifier);
  assert.equal(new Set(tables).size, 4);
  assert.equal(tables.filter((name) => /^one_only_[0-9a-f]{10}$/.test(name)).length, 2);
  assert.ok(tables.includes("alone") && tables.includes("not_null_a_x"));
});
