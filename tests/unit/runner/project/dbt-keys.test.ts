import assert from "node:assert/strict";
import { test } from "node:test";
import { ProjectError } from "../../../../runner/base/errors.ts";
import { readProject } from "../../../../runner/project/read-project.ts";
import { PROJECT_FILE } from "../../../support/link-project.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

test("what dbt knows and this version does not is said to be so, not taken for a misspelling", async () => {
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": `${PROJECT_FILE.trimEnd()}\nmodels:\n  marts: {+database: public}\n`,
    "models/m.yml":
      "analyses: []\nmetrics: []\nsemantic_models: []\nmodells: []\nmodels:\n  - {name: a, quoting: {}}\n",
  });
  await assert.rejects(readProject(root, { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    const hints = error.problems.map(({ file, line, code, hint }) => `${file}:${line} ${code} ${hint}`);
    const notKnown = (key: string): string =>
      `KEY_UNKNOWN dbt knows "${key}", this version does not: take it out`;
    assert.deepEqual(hints.toSorted(), [
      "models/m.yml:1 " + notKnown("analyses"),
      "models/m.yml:2 " + notKnown("metrics"),
      "models/m.yml:3 " + notKnown("semantic_models"),
      'models/m.yml:4 KEY_UNKNOWN did you mean "models"?',
      "models/m.yml:6 " + notKnown("quoting"),
      `sql_project.yaml:${PROJECT_FILE.trimEnd().split("\n").length + 2} ${notKnown("database")}`,
    ]);
    return true;
  });
});

test("mistakes of folders are told with those of the rest of the project file, dbt's older keys with what they are called", async () => {
  const lines = PROJECT_FILE.trimEnd().split("\n").length;
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": `${PROJECT_FILE.trimEnd()}
query-comment: {coment: x}
seeds: {+quote_columns: true, +delimiter: ";;"}
models: {+timeout: soon, +retries: 99}
snapshots: {+target_schema: s, +invalidate_hard_deletes: true, +dbt_valid_to_current: ""}
`,
  });
  await assert.rejects(readProject(root, { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    const found = error.problems.map(
      ({ line, message, hint }) => `${line - lines} ${message}${hint ? ` | ${hint}` : ""}`,
    );
    assert.deepEqual(found, [
      '1 "coment" is not known here | did you mean "comment"?',
      '2 "quote_columns" is not known here | names of columns are always quoted: take it out',
      '2 "delimiter" must be one character',
      '3 "timeout" must be a number or must be seconds, or a time such as "90s" or "10m"',
      '3 "retries" must be a number of times from 0 to 20 or must be a map',
      '4 "target_schema" is not known here | it is called "schema" here',
      '4 "invalidate_hard_deletes" is not known here | write "hard_deletes: invalidate"',
      '4 "dbt_valid_to_current" must not be empty',
    ]);
    return true;
  });
});
