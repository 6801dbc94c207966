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
      '3 "timeout" must be seconds, or a time such as "90s" or "10m"',
      '3 "retries" must be a number of times from 0 to 20',
      '4 "target_schema" is not known here | it is called "schema" here',
      '4 "invalidate_hard_deletes" is not known here | write "hard_deletes: invalidate"',
      '4 "dbt_valid_to_current" must not be empty',
    ]);
    return true;
  });
});

test("what dbt's own project file and profiles say is told what it is here, in targets that are not used too", async () => {
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": `name: shop
target: dev
profile: shop
model-paths: [models]
target-path: out
clean-targets: [target]
targets:
  dev: {type: duckdb, path: w.duckdb, paht: x}
  prod: {type: postgres, port: "\${PORT}", pass: x, database: y}
  old: {type: postgre}
`,
  });
  await assert.rejects(readProject(root, { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    const found = error.problems.map(({ line, message, hint }) => `${line} ${message} | ${hint}`);
    assert.deepEqual(found, [
      '3 "profile" is not known here | what profiles.yml says stands under "targets" here: take it out',
      '4 "model-paths" is not known here | folders have fixed names here (models, seeds, snapshots, macros, tests/data): take it out',
      '5 "target-path" is not known here | it is given on the command line, as --target-path: take it out',
      '6 "clean-targets" is not known here | dbt knows "clean-targets", this version does not: take it out',
      '8 "paht" is not known here | did you mean "path"?',
      '9 "pass" is not known here | it is called "password" here',
      '9 "database" is not known here | it is called "dbname" here',
      '10 "type" must be one of "duckdb", "postgres" | did you mean "postgres"?',
    ]);
    return true;
  });
});

test("known keys of a target are its own engine's, each once", async () => {
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": "name: a\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb, zzzzzz: 1}}\n",
  });
  await assert.rejects(readProject(root, { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    const hint = "known here: type, path, publish, schema, threads, landing, settings";
    assert.deepEqual(
      error.problems.map((problem) => problem.hint),
      [hint],
    );
    return true;
  });
});

test("data_tests is what tests is, as in dbt", async () => {
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": `${PROJECT_FILE.trimEnd()}\ntests: {+severity: error}\ndata_tests: {shop: {marts: {+severity: warn}}}\n`,
  });
  const { folderConfigs } = await readProject(root, { env: {} });
  assert.deepEqual(
    folderConfigs.map(({ kind, path, config, place }) => [kind, path, config, place.line - 4]),
    [
      ["tests", [], { severity: "error" }, 1],
      ["tests", ["marts"], { severity: "warn" }, 2],
    ],
  );
});

test("a template where YAML is not rendered is a mistake, never a name with braces", async () => {
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": `${PROJECT_FILE.trimEnd()}\nmodels:\n  +schema: "{{ target.name }}"\n  +enabled: "{{ var('x') }}"\n`,
    "models/m.yml": `models:
  - name: a
    config: {tags: ["{{ x }}"], materialized: "{{ y }}", pre_hook: "select '{{ this }}'"}
sources:
  - {name: raw, schema: "{{ var('raw') }}"}
`,
  });
  await assert.rejects(readProject(root, { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    const last = PROJECT_FILE.trimEnd().split("\n").length;
    assert.deepEqual(
      error.problems.map(({ file, line, message }) => `${file}:${line} ${message}`),
      [
        'models/m.yml:3 "tags" is not rendered and must be plain',
        'models/m.yml:3 "materialized" is not rendered and must be plain',
        'models/m.yml:5 "schema" is not rendered and must be plain',
        `sql_project.yaml:${last + 2} "schema" is not rendered and must be plain`,
        `sql_project.yaml:${last + 3} "enabled" is not rendered and must be plain`,
      ],
    );
    assert.match(error.problems[0]!.hint!, /config\(schema=target\.name/);
    return true;
  });
});

test("meta and docs may stand beside the name, as in dbt's older projects; what stands under config alone is told so", async () => {
  const models =
    "models:\n  - {name: a, meta: {x: 1, y: 1}, docs: {show: false}, config: {meta: {y: 2}, tags: [t]}}\n  - {name: b, meta: {z: 1}}\n";
  const { properties } = await readProject(
    writeFiles(tempFolder(), { "sql_project.yaml": PROJECT_FILE, "models/m.yml": models }),
    { env: {} },
  );
  assert.deepEqual(
    properties.models.map(({ config }) => config),
    [{ docs: { show: false }, tags: ["t"], meta: { x: 1, y: 2 } }, { meta: { z: 1 } }],
  );
  const wrong = {
    "sql_project.yaml": PROJECT_FILE,
    "models/m.yml": "models: [{name: a, materialized: view}]\n",
  };
  await assert.rejects(readProject(writeFiles(tempFolder(), wrong), { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    assert.deepEqual(
      error.problems.map(({ hint }) => hint),
      ["it stands under config: config: {materialized: …}"],
    );
    return true;
  });
});

test("what YAML makes of a word is told where it is another than what was meant", async () => {
  const root = writeFiles(tempFolder(), {
    "sql_project.yaml": PROJECT_FILE,
    "models/m.sql": "select 1 as id",
    "models/m.yml": `models:
  - name: m
    config: {enabled: yes, tags: [7], contract: {enforced: Off}}
    columns: [id]
sources: [{name: raw, tables: [orders]}]
`,
  });
  await assert.rejects(readProject(root, { env: {} }), (error) => {
    assert.ok(error instanceof ProjectError);
    assert.deepEqual(
      error.problems.map(({ line, message, hint }) => `${line} ${message} | ${hint}`),
      [
        '3 "enabled" must be true or false | write true: yes is a text',
        '3 each entry of "tags" must be text | undefined',
        '3 "enforced" must be true or false | write false: Off is a text',
        '4 each entry of "columns" must be a map | write {name: id}, if that is its name',
        '5 each entry of "tables" must be a map | write {name: orders}, if that is its name',
      ],
    );
    return true;
  });
});
