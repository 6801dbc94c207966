import assert from "node:assert/strict";
import { test } from "node:test";
import { ProjectError } from "../../../../runner/base/errors.ts";
import { readProject } from "../../../../runner/project/read-project.ts";
import { PROJECT_FILE } from "../../../support/link-project.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

test("what dbt knows and this version does not is said to be so, not taken for a misspelling", async () => {
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": `${PROJECT_FILE.trimEnd()}\nmodels:\n  marts: {+access: public}\n`,
    "models/m.yml":
      "analyses: []\ngroups: []\nsemantic_models: []\nmodells: []\nmodels:\n  - {name: a, versions: []}\n",
  });
  await assert.rejects(readProject(root, { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    const hints = error.problems.map(({ file, line, code, hint }) => `${file}:${line} ${code} ${hint}`);
    const notKnown = (key: string): string =>
      `KEY_UNKNOWN dbt knows "${key}", this version does not: take it out`;
    assert.deepEqual(hints.toSorted(), [
      "models/m.yml:1 " + notKnown("analyses"),
      "models/m.yml:2 " + notKnown("groups"),
      "models/m.yml:3 " + notKnown("semantic_models"),
      'models/m.yml:4 KEY_UNKNOWN did you mean "models"?',
      "models/m.yml:6 " + notKnown("versions"),
      `sql_project.yaml:${PROJECT_FILE.trimEnd().split("\n").length + 2} ${notKnown("access")}`,
    ]);
    return true;
  });
});
