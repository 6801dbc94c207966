import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { makeProject, models, readArtifact } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const hostile = `<b>&"'`;
/** Data that wants to be a command, a tag and the end of a line. */
const project = (): string =>
  makeProject({
    "models/t.sql": `select * from (values (1, '${hostile.replaceAll("'", "''")}' || chr(10) || '::error::x' || chr(27) || '%]]>'), (1, 'b')) v(id, word)`,
    "models/below.sql": "select nope from {{ ref('t') }}",
    "models/last.sql": "select 1 as x from {{ ref('below') }}",
    "models/p.yml": `models:
  - name: t
    columns:
      - name: id
        data_tests: [not_null]
      - name: word
        data_tests:
          - accepted_values: {values: [b], severity: warn}
          - length_between: {max_value: 1, name: "short, a:b 100%", severity: warn}
`,
  });
type Attributes = Readonly<Record<string, string>>;
type Case = Attributes & {
  readonly failure?: Attributes;
  readonly error?: Attributes;
  readonly skipped?: Attributes;
  readonly "system-out"?: string;
};

/** What Jenkins' schema of JUnit's XML (junit-10.xsd) allows, of what we write: children of an element, its attributes, `!` those that it needs. */
const SCHEMA: Readonly<Record<string, { readonly children: string; readonly attributes: string }>> = {
  "": { children: "?xml testsuites", attributes: "" },
  "?xml": { children: "#text", attributes: "version encoding" },
  testsuites: { children: "testsuite", attributes: "name time tests failures errors" },
  testsuite: {
    children: "testsuite properties testcase system-out system-err",
    attributes:
      "name! tests! failures! errors! group time skipped timestamp hostname id package file log url",
  },
  testcase: {
    children: "skipped error failure system-out system-err",
    attributes: "name! time classname group",
  },
  skipped: { children: "#text", attributes: "type message" },
  error: { children: "#text", attributes: "type message" },
  failure: { children: "#text", attributes: "type message" },
  "system-out": { children: "#text", attributes: "" },
};
type Element = Readonly<Record<string, unknown>> & { readonly ":@"?: Readonly<Record<string, string>> };

function keepsSchema(parent: string, elements: readonly Element[], given: readonly string[] = []): void {
  const { children, attributes } = SCHEMA[parent]!;
  const known = attributes.split(" ");
  for (const name of given)
    assert.ok(
      known.some((each) => each.replace("!", "") === name),
      `${parent} has ${name}`,
    );
  for (const name of known.filter((each) => each.endsWith("!")))
    assert.ok(given.includes(name.slice(0, -1)), `${parent} lacks ${name}`);
  for (const { ":@": own = {}, ...element } of elements) {
    const [name] = Object.keys(element);
    assert.ok(children.split(" ").includes(name!), `${parent} holds ${name}`);
    if (name === "#text") continue;
    keepsSchema(
      name!,
      element[name!] as Element[],
      Object.keys(own).map((key) => key.replace("@_", "")),
    );
  }
}

describe("a JUnit file", () => {
  test("tells of every node, and nothing in it breaks the XML", async () => {
    const cwd = project();
    const { code } = await models(cwd, ["build", "--junit", "reports/junit.xml"]);
    assert.equal(code, 1);
    const text = readFileSync(join(cwd, "reports/junit.xml"), "utf8");
    assert.equal(XMLValidator.validate(text), true);
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "",
      isArray: (name) => name === "testsuite" || name === "testcase",
    });
    const { testsuites } = parser.parse(text) as {
      testsuites: Attributes & { testsuite: readonly (Attributes & { testcase: readonly Case[] })[] };
    };
    const { tests, failures, errors } = testsuites;
    assert.deepEqual({ tests, failures, errors }, { tests: "6", failures: "0", errors: "1" });
    for (const suite of [testsuites, ...testsuites.testsuite]) assert.match(suite["time"]!, /^\d+\.\d{3}$/);
    for (const { timestamp } of testsuites.testsuite)
      assert.match(timestamp!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    assert.equal(
      testsuites.testsuite.reduce((sum, { skipped }) => sum + Number(skipped), 0),
      1,
    );
    keepsSchema("", new XMLParser({ ignoreAttributes: false, preserveOrder: true }).parse(text) as Element[]);
    for (const suite of testsuites.testsuite) assert.equal(Number(suite["tests"]), suite.testcase.length);
    const cases = new Map(
      testsuites.testsuite.flatMap(({ testcase }) => testcase).map((found) => [found["name"], found]),
    );
    assert.match(cases.get("below")!.error!["message"]!, /nope/);
    assert.match(cases.get("last")!.skipped!["message"]!, /"below" failed/);
    assert.equal(cases.get("not_null_t_id")!.failure, undefined);
    assert.deepEqual(testsuites.testsuite.map(({ file }) => file!).toSorted(), [
      "models/below.sql",
      "models/last.sql",
      "models/p.yml",
      "models/t.sql",
    ]);
    assert.match(cases.get("below")!.error!["#text"]!, /at models\/below\.sql:1/);
    assert.match(
      cases.get("short, a:b 100%")!["system-out"]!,
      /warning: Got 1 result, configured to warn[\s\S]*word: <b>&"'�::error::x�%\]\]>/,
    );
  });
  test("that cannot be written is an error", async () => {
    const cwd = writeFiles(project(), { file: "" });
    const { code, err } = await models(cwd, ["build", "--junit", "file/junit.xml"]);
    assert.equal(code, 1);
    assert.match(err, /cannot write .*junit\.xml/);
  });
});

describe("under GitHub Actions", () => {
  test("what went wrong is shown at its line, and data are no commands", async () => {
    const cwd = project();
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: join(cwd, "..") };
    const { out, err } = await models(cwd, ["build", "--output", "json"], { env });
    assert.ok(JSON.parse(out), "standard output is one document");
    const lines = err.split("\n").map((line) => line.trim());
    const stop = lines.findIndex((line) => line.startsWith("::stop-commands::"));
    const token = lines[stop]!.slice("::stop-commands::".length);
    const resumed = lines.indexOf(`::${token}::`);
    const commands = lines.flatMap((line, i) => (line.startsWith("::") ? [i] : []));
    assert.ok(stop !== -1 && resumed > stop);
    const shown = commands.filter((i) => i < stop || i > resumed).map((i) => lines[i]!);
    const folder = cwd.split("/").at(-1)!;
    assert.equal(shown.length, 3);
    assert.ok(
      shown.some((line) =>
        line.startsWith(`::error file=${folder}/models/below.sql,line=1,col=1,title=below::`),
      ),
      shown.join("\n"),
    );
    const warning = shown.find((line) => line.includes("title=short"));
    assert.match(
      warning!,
      /^::warning file=\S+\/models\/p\.yml,line=9,col=\d+,title=short%2C a%3Ab 100%25::Got 1 result, configured to warn if != 0%0Achecked /,
    );
  });
});

describe("under GitLab CI", () => {
  test("a code quality report says the same, and is empty when all is well", async () => {
    const cwd = project();
    const env = { GITLAB_CI: "true", CI_PROJECT_DIR: cwd };
    await models(cwd, ["build"], { env });
    const issues = readArtifact(cwd, "gl-code-quality.json") as Record<string, unknown>[];
    assert.deepEqual(
      issues
        .map(({ check_name: name, severity, location }) => [name, severity, location])
        .toSorted((a, b) => String(a).localeCompare(String(b))),
      [
        ["accepted_values", "minor", { path: "models/p.yml", lines: { begin: 8 } }],
        ["length_between", "minor", { path: "models/p.yml", lines: { begin: 9 } }],
        ["model", "critical", { path: "models/below.sql", lines: { begin: 1 } }],
      ],
    );
    assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, 3);
    await models(cwd, ["test", "--select", "not_null_t_id"], { env });
    assert.deepEqual(readArtifact(cwd, "gl-code-quality.json"), []);
  });
});

describe("a test that does not pass", () => {
  test("says what was checked, what was found, where all of it is, and when it last passed", async () => {
    const cwd = makeProject({
      "models/t.sql":
        "{{ config(materialized='table') }} select range as id, case when range < {{ var('bad') }} then null else 'x' end as word from range(1000)",
      "models/p.yml":
        "models: [{name: t, columns: [{name: word, data_tests: [not_null, {null_share_between: {max_share: 0.001, severity: warn}}, {values_match: {regex: '^y', description: Words  begin with y., severity: warn}}]}]}]",
    });
    await models(cwd, ["build", "--vars", "{bad: 0}"], { now: "2025-03-01T10:30:00Z" });
    const { out } = await models(cwd, ["build", "--vars", "{bad: 5}"], { now: "2025-03-02T10:30:00Z" });
    const told = (name: string): string =>
      new RegExp(`${name}.*\n((?: {8}.*\n)+)`).exec(out)![1]!.replaceAll(/^ {8}/gm, "");
    const path = "target/compiled/shop/models/p.yml";
    assert.equal(
      told("not_null_t_word"),
      `Got 5 results, configured to fail if != 0
checked      not_null, column word of main.t
found        5 results in 1,000 rows
             word: null, id: 0
             word: null, id: 1
             word: null, id: 2
all of them  ${path}/not_null_t_word.sql
last passed  2025-03-01 10:30 UTC
`,
    );
    assert.match(
      told("null_share_between"),
      /found {8}0\.005 in 1,000 rows\n {13}measured: 0\.005, rows_checked: 1000\n/,
    );
    assert.match(
      told("values_match"),
      /checked {6}Words begin with y\., column word[\s\S]*last passed {2}never, as far as is known/,
    );
    const { results } = readArtifact(cwd, "run_results.json") as {
      results: { unique_id: string; adapter_response: unknown }[];
    };
    assert.deepEqual(results.find(({ unique_id: id }) => id.includes(".not_null"))!.adapter_response, {
      rows_checked: 1000,
      examples: [0, 1, 2].map((id) => ({ id: String(id), word: null })),
      compiled_path: `${path}/not_null_t_word.sql`,
      last_passed_at: "2025-03-01T10:30:00.000Z",
    });
  });
});
