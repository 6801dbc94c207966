import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createUnrendered } from "../../../../runner/graph/unrendered.ts";
import { linkProject, mistakesOf, modelOf, PROJECT_FILE, testsOf } from "../../../support/link-project.ts";

const models = { "models/a.sql": "select 1 as id", "models/b.sql": "select 1 as id" };

describe("templates in YAML", () => {
  test("are what the target, variables and the environment make of them, with their types", async () => {
    const linked = await linkProject(
      {
        ...models,
        "sql_project.yaml": `${PROJECT_FILE}models: {+schema: "s_{{ target.name }}", shop: {+tags: ["{{ var('tag') }}", plain]}}\n`,
        "models/m.yml": `models:
  - name: a
    description: "{{ '{{' }} stays"
    config:
      enabled: "{{ var('on') and target.type == 'duckdb' }}"
      materialized: "{{ env_var('KIND', 'table') }}"
      meta: {list: "{{ var('list') }}", deep: [{size: "{{ var('size') }}"}], text: "{{ var('size') }} rows"}
      pre_hook: "select '{{ this }}'"
  - name: b
    config: {enabled: "{{ target.name == 'prod' }}"}
sources:
  - name: raw
    schema: "{{ var('raw', 'raw_' ~ target.name) }}"
    tables: [{name: t, identifier: "t_{{ env_var('KIND', 'x') }}"}]
`,
      },
      { vars: { on: true, tag: "t1", list: [1, "b"], size: 7 }, env: { KIND: "view" } },
    );
    const a = modelOf(linked, "a");
    assert.deepEqual(
      [a.config.enabled, a.config.materialized, a.config.meta, a.config.schema, a.config.tags],
      [true, "view", { list: [1, "b"], deep: [{ size: 7 }], text: "7 rows" }, "s_dev", ["t1", "plain"]],
    );
    assert.deepEqual(a.config.pre_hook, [{ sql: "select '{{ this }}'", transaction: true }]);
    assert.equal(linked.graph.nodes.has("model.shop.b"), false);
    const source = linked.graph.sources.get("source.shop.raw.t")!;
    assert.deepEqual(source.relation, { database: null, schema: "raw_dev", identifier: "t_view" });
  });

  test("configure versions and tests too, whatever stands beside the arguments", async () => {
    const written = `models:
  - name: v
    config: {alias: "v_{{ target.name }}"}
    versions:
      - {v: 1, config: {alias: "one_{{ target.name }}", materialized: "{{ var('kind') }}"}, columns: [{name: id, data_tests: [{unique: {config: {severity: "{{ var('severity') }}"}}}]}]}
  - name: a
    data_tests:
      - {rows: {size: "{{ var('size') }}", config: {where: "id > {{ var('size') }}"}, store_failures: "{{ target.name == 'dev' }}"}}
      - {test_name: rows, name: named, arguments: {size: 1}, config: {enabled: "{{ target.name == 'prod' }}"}}
    columns: [{name: id, data_tests: [{not_null: {severity: "{{ var('severity') }}"}}]}]
sources: [{name: raw, tables: [{name: t, columns: [{name: id, data_tests: [{not_null: {config: {limit: "{{ var('size') }}"}}}]}]}]}]
`;
    const linked = await linkProject(
      {
        ...models,
        "models/v_v1.sql": "select 1 as id",
        "macros/t.sql": "{{! macro test_rows(model, size) }}select * from {{ model }} where {{ size }} < 0\n",
        "tests/data/s.sql": "select 1 as x where false",
        "tests/data/s.yml": "data_tests: [{name: s, config: {severity: \"{{ var('severity') }}\"}}]\n",
        "models/m.yml": written,
      },
      { vars: { kind: "table", severity: "warn", size: 7 } },
    );
    const v = modelOf(linked, "v.v1");
    assert.deepEqual([v.config.materialized, v.relation.identifier], ["table", "one_dev"]);
    const found = testsOf(linked).map(({ name, config }) => [
      name.replace(/_[0-9a-f]{10}$/, ""),
      config.severity,
      config.store_failures,
      config.limit,
      config.where,
    ]);
    assert.deepEqual(
      found.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
      [
        ["not_null_a_id", "warn", null, null, null],
        ["rows_a__var_size_", "error", true, null, "id > {{ var('size') }}"],
        ["s", "warn", null, null, null],
        ["source_not_null_raw_t_id", "error", null, 7, null],
        ["unique_v_v1_id", "warn", null, null, null],
      ],
    );
    const unrendered = createUnrendered(linked.project, linked.graph);
    assert.deepEqual(unrendered(v), {
      alias: "one_{{ target.name }}",
      materialized: "{{ var('kind') }}",
    });
    const severity = testsOf(linked).map((node) => unrendered(node)["severity"]);
    assert.equal(severity.filter((said) => said === "{{ var('severity') }}").length, 3);
  });

  test("of versions and tests that cannot be rendered are told where they stand", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/v_v1.sql": "select 1 as id",
        "models/m.yml": `models:
  - name: v
    versions:
      - v: 1
        config:
          alias: "{{ nope }}"
    columns:
      - name: id
        data_tests:
          - unique:
              severity: "{{ target.nme }}"
          - not_null:
              config:
                limit: "{{ target.name }}"
`,
      }),
      [
        "models/m.yml:6:11 NAME_UNKNOWN nothing is named \"nope\" | a value from outside is written var('nope'); a macro is written in a file below macros/",
        'models/m.yml:11:15 FIELD_UNKNOWN "target.nme": there is no field "nme" | did you mean "name"?',
        'models/m.yml:14:17 VALUE_INVALID "limit" must be a number',
      ],
    );
  });

  test("are kept as written, so that another environment is no change", async () => {
    const linked = await linkProject({
      ...models,
      "sql_project.yaml": `${PROJECT_FILE}models: {+schema: "{{ env_var('S', 's') }}"}\n`,
      "models/m.yml": `models: [{name: a, config: {alias: "{{ target.name }}_a"}}]\nsources: [{name: raw, schema: "{{ target.name }}", tables: [{name: t}]}]\n`,
    });
    const unrendered = createUnrendered(linked.project, linked.graph);
    assert.deepEqual(unrendered(modelOf(linked, "a")), {
      alias: "{{ target.name }}_a",
      schema: "{{ env_var('S', 's') }}",
    });
    const { written } = linked.graph.sources.get("source.shop.raw.t")!;
    assert.deepEqual(written, { schema: "{{ target.name }}" });
  });

  test("that cannot be rendered are told where they stand, all of them", async () => {
    assert.deepEqual(
      await mistakesOf({
        ...models,
        "sql_project.yaml": `${PROJECT_FILE}vars: {size: 1}\nmodels:\n  +schema: "{{ var('siez') }}"\n`,
        "models/m.yml": `models:
  - name: a
    config:
      alias: "{{ targt.name }}"
      tags: [x, "{{ ref('b') }}"]
      group: "{{ env_var('NO_SUCH') }"
  - {name: b, config: {materialized: "{{ target.name }}"}}
`,
      }),
      [
        'models/m.yml:4:7 NAME_UNKNOWN nothing is named "targt.name" | did you mean "target"?',
        "models/m.yml:5:17 CONFIG_DYNAMIC only vars, environment variables and the target are known while the project is parsed",
        "models/m.yml:6:7 TEMPLATE_UNCLOSED_TAG the tag is not closed | end it with }}",
        'models/m.yml:7:24 VALUE_INVALID "materialized" must be one of "view", "table", "ephemeral", "incremental", "materialized_view", "external"',
        'sql_project.yaml:7:3 VAR_UNKNOWN no var is named "siez" | set it, or give a default as the second argument',
      ],
    );
  });
});
