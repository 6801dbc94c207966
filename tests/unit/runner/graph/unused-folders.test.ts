import assert from "node:assert/strict";
import { test } from "node:test";
import { PROJECT_FILE, linkProject } from "../../../support/link-project.ts";
import { makeProject, models } from "../../../support/models.ts";

const files = {
  "sql_project.yaml": `${PROJECT_FILE}packages: [{local: packages/units}]
models:
  +tags: [all]
  shop: {marts: {+tags: [mart], deep: {+tags: [deep]}, dep: {+tags: [x]}}}
  stagin: {+tags: [x]}
  units: {+tags: [u], marts: {+tags: [u]}, none: {+tags: [u]}}
  off: {+enabled: false}
seeds: {marts: {+tags: [x]}}
data_tests: {marts: {+severity: warn}}
sources: {raw: {+tags: [x]}, rwa: {+tags: [x]}}
`,
  "models/marts/deep/a.sql": "select 1 as id",
  "models/staging/b.sql": "select 1 as id",
  "models/off/c.sql": "select 1 as id",
  "models/marts/m.yml": "models: [{name: a, columns: [{name: id, data_tests: [unique]}]}]",
  "models/raw.yml": "sources: [{name: raw, tables: [{name: orders, config: {enabled: false}}]}]",
  "packages/units/sql_project.yaml": "name: units\n",
  "packages/units/models/marts/d.sql": "select 1 as id",
};

test("folders of the project file in which nothing is are told, with the nearest that is there", async () => {
  const { graph } = await linkProject(files);
  assert.deepEqual(
    graph.unusedFolders.map(({ message, hint }) => `${message} | ${hint}`),
    [
      'nothing is in "models: marts: dep" of sql_project.yaml:8 | did you mean "deep"?',
      'nothing is in "models: stagin" of sql_project.yaml:9 | did you mean "staging"?',
      'nothing is in "models: units: none" of sql_project.yaml:10 | rename it to the folder that is meant, or take it out',
      'nothing is in "seeds: marts" of sql_project.yaml:12 | rename it to the folder that is meant, or take it out',
      'nothing is in "sources: rwa" of sql_project.yaml:14 | did you mean "raw"?',
    ],
  );
});

test("they are a warning of each command, whether the project was parsed or kept", async () => {
  const cwd = makeProject({
    "sql_project.yaml": `${PROJECT_FILE}models: {stagin: {+tags: [x]}}\n`,
    "models/staging/b.sql": "select 1 as id",
  });
  for (const words of [["parse"], ["parse"], ["build", "--changed"], ["build", "--changed"]]) {
    const { code, err } = await models(cwd, words);
    assert.deepEqual([code, /warning FOLDER_UNUSED nothing is in "models: stagin"/.test(err)], [0, true]);
  }
  assert.notEqual((await models(cwd, ["parse", "--warn-error"])).code, 0);
});
