import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createUnrendered } from "../../../../runner/graph/unrendered.ts";
import { linkProject, mistakesOf, modelOf, PROJECT_FILE } from "../../../support/link-project.ts";

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
