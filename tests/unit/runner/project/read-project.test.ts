import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { join } from "node:path";
import { ProjectError } from "../../../../runner/base/errors.ts";
import { findProject } from "../../../../runner/project/find-project.ts";
import type { DuckDbTarget } from "../../../../runner/project/types.ts";
import { readProject } from "../../../../runner/project/read-project.ts";
import { readFreshness } from "../../../../runner/project/read-sources.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

const minimal = "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb}\n";
const project = (files: Record<string, string>): string =>
  writeFiles(tempFolder(), { "sql_project.yaml": minimal, ...files });

/** The problems of a project, as `file:line:column CODE`, and the messages for a look. */
async function problemsOf(
  files: Record<string, string>,
  env: Record<string, string> = {},
): Promise<string[]> {
  try {
    await readProject(project(files), { env });
    return [];
  } catch (error) {
    assert.ok(error instanceof ProjectError, String(error));
    return error.problems.map(
      ({ file, line, column, code, message, hint }) =>
        `${file}:${line}:${column} ${code} ${message}${hint ? ` | ${hint}` : ""}`,
    );
  }
}

describe("a project file", () => {
  test("is read with its defaults", async () => {
    const root = project({});
    const read = await readProject(root, { env: {} });
    assert.deepEqual(read.target, {
      type: "duckdb",
      name: "dev",
      path: join(root, "data/w.duckdb"),
      schema: "main",
      threads: 4,
      settings: {},
    });
    assert.equal(read.landing, join(root, "data/landing"));
    assert.equal(read.version, "1.0");
  });
  test("names every unknown key with its place and the nearest known one", async () => {
    const found = await problemsOf({
      "sql_project.yaml": `${minimal}vras: {a: 1}\nmodels:\n  staging:\n    +materialised: view\n    +tags: [a]\n`,
    });
    assert.deepEqual(found, [
      'sql_project.yaml:5:1 KEY_UNKNOWN "vras" is not known here | did you mean "vars"?',
      'sql_project.yaml:8:5 KEY_UNKNOWN "materialised" is not known here | did you mean "materialized"?',
    ]);
  });
  test("names unknown and wrong configurations of folders", async () => {
    const found = await problemsOf({
      "sql_project.yaml": `${minimal}models:\n  staging:\n    +materialised: view\n  marts: {+materialized: tabel, materialized: table}\n`,
    });
    assert.deepEqual(
      // The list of materializations grows; this is not about it.
      found.map((line) => line.replace(/one of "view".*(?= \|)/, "one of …")),
      [
        'sql_project.yaml:7:5 KEY_UNKNOWN "materialised" is not known here | did you mean "materialized"?',
        'sql_project.yaml:8:11 VALUE_INVALID "materialized" must be one of … | did you mean "table"?',
        'sql_project.yaml:8:33 KEY_UNKNOWN "materialized" is neither a folder nor a configuration | write "+materialized": a configuration starts with +, a folder holds a map',
      ],
    );
  });
  test("broken YAML is a problem at its place", async () => {
    const [found] = await problemsOf({ "sql_project.yaml": "name: shop\ntargets: {dev: [\n" });
    assert.match(found ?? "", /^sql_project\.yaml:3:1 YAML_SYNTAX /);
  });
  test("files that are not UTF-8 are told with all that is wrong; a replacement character itself is a character", async () => {
    const root = project({
      "models/a.yml": "models: [{name: x, nam: y}]",
      "models/b.sql": "select '\uFFFD' as x",
    });
    writeFileSync(
      join(root, "models/c.sql"),
      Buffer.from("select 1 as x,\n  'Österreich' as name", "latin1"),
    );
    await assert.rejects(readProject(root, { env: {} }), (error: ProjectError) => {
      const found = error.problems.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);
      assert.deepEqual(found, ["models/a.yml:1:20 KEY_UNKNOWN", "models/c.sql:2:4 FILE_NOT_UTF8"]);
      return true;
    });
  });
  test("an environment variable cannot reshape the file, and a missing one is named", async () => {
    const yaml = minimal.replace("data/w.duckdb", '"${WAREHOUSE}"') + "vars: {a: '${A:-none}'}\n";
    const root = writeFiles(tempFolder(), { "sql_project.yaml": yaml });
    const read = await readProject(root, { env: { WAREHOUSE: "x, type: postgres}" } });
    assert.equal((read.target as DuckDbTarget).path, join(root, "x, type: postgres}"));
    assert.deepEqual(read.vars, { a: "none" });
    const missing = await problemsOf({ "sql_project.yaml": yaml });
    assert.deepEqual(missing, [
      'sql_project.yaml:4:23 ENV_MISSING the environment variable "WAREHOUSE" is not set | set it, or give a default: ${WAREHOUSE:-value}',
    ]);
  });
  test("variables of targets that are not used need not be set", async () => {
    const yaml = `${minimal}  prod: {type: duckdb, path: "\${NOT_SET}"}\n`;
    assert.deepEqual(await problemsOf({ "sql_project.yaml": yaml }), []);
  });
  test("the target itself and numbers of it may hang on the environment, and what is not set there is told alone", async () => {
    const yaml = minimal
      .replace("target: dev", 'target: "${TGT:-dev}"')
      .replace("path:", 'threads: "${THREADS}", path:')
      .concat('  prod: {type: postgres, url: "${URL}"}\n');
    const root = writeFiles(tempFolder(), { "sql_project.yaml": yaml });
    const read = await readProject(root, { env: { THREADS: "3" } });
    assert.deepEqual([read.target.name, read.target.threads], ["dev", 3]);
    const wrong = async (env: Record<string, string>, text = yaml): Promise<string[]> =>
      (await problemsOf({ "sql_project.yaml": text }, env)).map((line) => line.split(" | ")[0]!);
    assert.deepEqual(await wrong({ THREADS: "0" }), [
      'sql_project.yaml:4:23 VALUE_INVALID "threads" must be at least 1',
    ]);
    assert.deepEqual(await wrong({ THREADS: "x" }), [
      'sql_project.yaml:4:23 VALUE_INVALID "threads" must be a number',
    ]);
    assert.deepEqual(await wrong({ TGT: "prod" }), [
      'sql_project.yaml:5:26 ENV_MISSING the environment variable "URL" is not set',
    ]);
    assert.deepEqual(await wrong({}, yaml.replace(":-dev", "")), [
      'sql_project.yaml:2:1 ENV_MISSING the environment variable "TGT" is not set',
    ]);
  });
  test("an unknown target names the known ones", async () => {
    await assert.rejects(
      readProject(project({}), { env: {}, target: "dve" }),
      (error: Error & { hint?: string }) => error.hint === 'did you mean "dev"?',
    );
    const found = await problemsOf({ "sql_project.yaml": minimal.replace("target: dev", "target: prod") });
    assert.deepEqual(found, [
      'sql_project.yaml:2:1 TARGET_UNKNOWN "prod" is not among the targets | known targets: dev',
    ]);
  });
  test("an unknown target is told with what else is wrong, and no target is looked at twice", async () => {
    const yaml = minimal.replace("target: dev", "target: prod").replace("path:", "thread: 4, path:");
    assert.deepEqual(await problemsOf({ "sql_project.yaml": yaml }), [
      'sql_project.yaml:2:1 TARGET_UNKNOWN "prod" is not among the targets | known targets: dev',
      'sql_project.yaml:4:23 KEY_UNKNOWN "thread" is not known here | did you mean "threads"?',
    ]);
  });
  test("a bad cron pattern is found by the library that runs it", async () => {
    const [found] = await problemsOf({
      "sql_project.yaml": `${minimal}ingest:\n  datasets:\n    - {publisher: eurostat, code: a, schedule: "61 * * * *"}\n`,
    });
    assert.match(found ?? "", /^sql_project\.yaml:7:38 CRON_INVALID "61 \* \* \* \*" is not a cron pattern/);
  });
  test("is looked for upwards, and its absence says what to do", () => {
    const root = project({ "models/a/b.sql": "select 1" });
    assert.equal(findProject(join(root, "models/a"), undefined), root);
    assert.throws(() => findProject(root, "models"), /holds no sql_project\.yaml/);
  });
});

describe("property files", () => {
  test("tests are read in every spelling", async () => {
    const yml = `version: 2
models:
  - name: orders
    columns:
      - name: id
        data_tests: [unique, {not_null: {severity: warn}}]
      - name: kind
        tests:
          - accepted_values: {values: [a, b], config: {where: "id > 1"}}
          - accepted_values: {arguments: {values: [c]}, name: only_c}
          - {name: x, test_name: relationships, to: ref('k'), field: id}
`;
    const { properties } = await readProject(project({ "models/p.yml": yml }), { env: {} });
    const tests = properties.models[0]!.columns.flatMap((column) =>
      column.tests.map(({ test, name, arguments: args, config }) => ({ test, name, args, config })),
    );
    assert.deepEqual(tests, [
      { test: "unique", name: null, args: {}, config: {} },
      { test: "not_null", name: null, args: {}, config: { severity: "warn" } },
      { test: "accepted_values", name: null, args: { values: ["a", "b"] }, config: { where: "id > 1" } },
      { test: "accepted_values", name: "only_c", args: { values: ["c"] }, config: {} },
      { test: "relationships", name: "x", args: { to: "ref('k')", field: "id" }, config: {} },
    ]);
  });
  test("every mistake of every file is told at once", async () => {
    const found = await problemsOf({
      "models/a.yml":
        "models:\n  - name: a\n    columns:\n      - {name: x, descripton: hm}\n      - {data_type: text}\n",
      "models/b.yml":
        "models:\n  - name: b\n    columns: [{name: x}, {name: x}]\n    tests:\n      - unique: 3\n      - not_null: {severity: wrong}\nsources: [{name: s, freshness: {warn_after: {count: 1, period: week}}}]\n",
    });
    assert.deepEqual(found, [
      'models/a.yml:4:19 KEY_UNKNOWN "descripton" is not known here | did you mean "description"?',
      'models/a.yml:5:9 KEY_MISSING "name" is missing',
      'models/b.yml:3:27 COLUMN_DUPLICATE column "x" is described twice',
      'models/b.yml:5:9 TEST_INVALID the arguments of "unique" must be a map | write them as `name: value` lines below the test\'s name',
      'models/b.yml:6:20 VALUE_INVALID "severity" must be one of "error", "warn"',
      'models/b.yml:7:56 VALUE_INVALID "period" must be one of "minute", "hour", "day"',
    ]);
  });
  test("freshness of a table merges with its source's; null asks for none", async () => {
    const yml = `sources:
  - name: s
    freshness: {warn_after: {count: 1, period: day}, error_after: {count: 2, period: day}}
    loaded_at_field: at
    tables:
      - name: a
      - {name: b, freshness: null}
      - {name: c, freshness: {error_after: null, warn_after: {count: 3, period: hour}}}
`;
    const { properties } = await readProject(project({ "models/s.yml": yml }), { env: {} });
    const tables = properties.sources[0]!.tables.map(({ name, config }) => [
      name,
      readFreshness(config.freshness),
    ]);
    assert.deepEqual(tables, [
      [
        "a",
        { warnAfter: { count: 1, period: "day" }, errorAfter: { count: 2, period: "day" }, filter: null },
      ],
      ["b", null],
      ["c", { warnAfter: { count: 3, period: "hour" }, errorAfter: null, filter: null }],
    ]);
  });
});

test("what a value must be is told in the words of YAML", async () => {
  const words = async (yml: string): Promise<string | undefined> =>
    (await problemsOf({ "models/p.yml": yml }))[0]?.replace(/^\S+ \S+ /, "");
  assert.equal(await words("- a\n"), '"the file" must be a map');
  assert.equal(await words("models: {name: a}\n"), '"models" must be a list');
  assert.equal(await words("models: [{name: [a]}]\n"), '"name" must be text');
  assert.equal(
    await words("models: [{name: a, config: {enabled: maybe}}]\n"),
    '"enabled" must be true or false',
  );
});
