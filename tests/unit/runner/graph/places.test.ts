import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import type * as Yaml from "yaml";
import { linkProject, mistakesOf, PROJECT_FILE } from "../../../support/link-project.ts";

const project = {
  "sql_project.yaml": PROJECT_FILE,
  "models/a.sql": "select id from {{ source('raw', 't') }}",
  "models/docs.md": "{{#docs it}}It.{{/docs}}",
  "seeds/s.csv": "id\n1\n",
  "models/all.yml": `models:
  - name: a
    description: "{{ doc('it') }}"
    columns: [{name: id, description: "{{ doc('it') }}", data_tests: [unique: {where: id > 0}]}]
sources: [{name: raw, loaded_at_query: select now(), tables: [{name: t, description: "{{ doc('it') }}"}]}]
exposures: [{name: e, type: notebook, owner: {name: x}, depends_on: ["ref('a')"]}]
`,
  "seeds/s.yml": "seeds: [{name: s, description: \"{{ doc('it') }}\", config: {pre_hook: select 1}}]\n",
  "snapshots/h.yml":
    "snapshots: [{name: h, relation: ref('a'), config: {unique_key: id, strategy: check, check_cols: all, pre_hook: select 1}}]\n",
};
// Reading a file with its places takes ten times as long as reading it.
test("where things stand in YAML is looked up where something is wrong, and nowhere else", async (t) => {
  const yaml = createRequire(import.meta.url)("yaml") as typeof Yaml;
  const { mock } = t.mock.method(yaml, "parseDocument");
  const { graph } = await linkProject(project);
  assert.deepEqual([graph.nodes.get("seed.shop.s")!.description, mock.callCount()], ["It.", 0]);
  const seeds = "seeds:\n  - {name: s, description: \"{{ doc('its') }}\"}\n";
  assert.match(
    (await mistakesOf({ ...project, "seeds/s.yml": seeds })).join("\n"),
    /s\.yml:2:\d+ DOC_UNKNOWN/,
  );
  assert.equal(mock.callCount(), 1);
});
