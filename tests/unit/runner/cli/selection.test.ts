import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeProject, models, statuses } from "../../../support/models.ts";

const files = {
  "models/a.sql": "select 1 as id",
  "models/b.sql": "select id from {{ ref('a') }}",
  "models/schema.yml": "models: [{name: b, columns: [{name: id, data_tests: [not_null]}]}]",
};
const unitTest =
  "unit_tests: [{name: b_is_a, model: b, given: [{input: ref('a'), rows: [{id: 3}]}], expect: {rows: [{id: 3}]}}]";
const selectors = "selectors: [{name: only_b, default: true, definition: {method: fqn, value: b}}]";

const names = async (cwd: string, ...words: string[]): Promise<string> =>
  (await models(cwd, ["ls", "--output", "name", ...words])).out.trim().replaceAll("\n", " ");

describe("what a command works on", () => {
  const cwd = makeProject({ ...files, "selectors.yml": selectors, "models/unit.yml": unitTest });
  const rows: readonly (readonly [string, string[], string])[] = [
    ["the default selector where nothing is typed", [], "b not_null_b_id b_is_a"],
    ["what is typed wins over it", ["--select", "a"], "a"],
    ["also what is excluded", ["--exclude", "test_name:not_null"], "a b b_is_a"],
    ["a selector by name", ["--selector", "only_b"], "b not_null_b_id b_is_a"],
    // A unit test is below its model by its own name, b.b_is_a, and so comes along whatever the rule.
    ["tests by rule", ["--select", "b", "--indirect-selection", "empty"], "b b_is_a"],
    ["kinds", ["--select", "+b", "--resource-type", "model"], "a b"],
    ["all kinds but some", ["--select", "+b", "--exclude-resource-type", "model"], "not_null_b_id b_is_a"],
    ["unit tests are a kind", ["--select", "+b", "--resource-type", "unit_test"], "b_is_a"],
    [
      "all kinds, in dbt's other word",
      ["--select", "+b", "--resource-type", "default"],
      "a b not_null_b_id b_is_a",
    ],
    ["all kinds, in a word", ["--select", "+b", "--resource-type", "all"], "a b not_null_b_id b_is_a"],
    ["--models is --select", ["--models", "a"], "a"],
  ];
  for (const [rule, words, expected] of rows) {
    test(rule, async () => assert.equal(await names(cwd, ...words), expected));
  }
  test("build takes kinds too", async () => {
    const without = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"];
    assert.equal((await models(cwd, ["build", "--select", "+b", ...without, "-q"])).code, 0);
    assert.deepEqual(statuses(cwd), { a: "success", b: "success" });
    assert.equal((await models(cwd, ["test", "--resource-type", "unit_test", "-q"])).code, 0);
    assert.deepEqual(statuses(cwd), { b: "pass" });
  });
  test("a selector and --select say it twice", async () => {
    const { code, err } = await models(cwd, ["ls", "--selector", "only_b", "--select", "a"]);
    assert.equal(code, 2);
    assert.match(err, /SELECTION_TWICE .*"only_b"[^]*--select selector:only_b/);
  });
  test("mistakes of selectors.yml are told with all others", async () => {
    const { code, err } = await models(
      makeProject({
        "selectors.yml": "selectors: [{name: x, definition: {tga: a}}]",
        "models/a.sql": "{{ x }}",
      }),
      ["parse"],
    );
    assert.equal(code, 2);
    assert.match(err, /selectors.yml:1:\d+ SELECTOR_METHOD_UNKNOWN/);
    assert.match(err, /models\/a.sql:1:\d+ NAME_UNKNOWN/);
  });
});

describe("warnings", () => {
  const cwd = makeProject({
    ...files,
    "models/warns.yml":
      "models: [{name: a, columns: [{name: id, data_tests: [{accepted_values: {arguments: {values: [2]}, config: {severity: warn}}}]}]}]",
  });
  const rows: readonly (readonly [string, string[], number, RegExp])[] = [
    ["nothing matches: a warning, and all is well", ["ls", "-s", "nobody"], 0, /warning SELECTOR_NO_MATCH/],
    ["unless warnings are errors", ["ls", "-s", "nobody", "--warn-error"], 2, /error SELECTOR_NO_MATCH/],
    [
      "by code",
      ["ls", "-s", "nobody", "--warn-error-options", "{error: [SELECTOR_NO_MATCH]}"],
      2,
      /error SELECTOR_NO_MATCH/,
    ],
    [
      "other codes",
      ["ls", "-s", "nobody", "--warn-error-options", "{error: [OTHER]}"],
      0,
      /warning SELECTOR_NO_MATCH/,
    ],
    [
      "all but",
      ["ls", "-s", "nobody", "--warn-error-options", "{error: all, warn: [SELECTOR_NO_MATCH]}"],
      0,
      /warning SELECTOR_NO_MATCH/,
    ],
    [
      "dbt's older words",
      ["ls", "-s", "nobody", "--warn-error-options", "{include: all, exclude: [SELECTOR_NO_MATCH]}"],
      0,
      /warning SELECTOR_NO_MATCH/,
    ],
    ["silence", ["ls", "-s", "nobody", "--warn-error-options", "{silence: [SELECTOR_NO_MATCH]}"], 0, /^$/],
    [
      "lists are lists",
      ["ls", "--warn-error-options", "{error: 3}"],
      2,
      /WARN_ERROR_OPTIONS_INVALID "error" must be a list/,
    ],
    ["keys are known", ["ls", "--warn-error-options", "{eror: all}"], 2, /"eror" is not known here/],
    ["nothing to build", ["build", "-s", "nobody"], 0, /SELECTOR_NO_MATCH/],
    ["quiet", ["build", "-s", "nobody", "-q"], 0, /^$/],
    ["quiet and strict", ["build", "-s", "nobody", "-q", "--warn-error"], 2, /SELECTOR_NO_MATCH/],
    [
      "quiet with a log for programs",
      ["ls", "-s", "nobody", "-q", "--log-format", "json"],
      0,
      /"SELECTOR_NO_MATCH"/,
    ],
    ["a build that is strict", ["build", "-s", "nobody", "--warn-error"], 2, /SELECTOR_NO_MATCH/],
  ];
  for (const [rule, words, code, told] of rows) {
    test(rule, async () => {
      const ran = await models(cwd, words);
      assert.equal(ran.code, code, ran.out + ran.err);
      assert.match(ran.err, told);
    });
  }
  test("a test that warns has failed when warnings are errors", async () => {
    const quiet = await models(cwd, ["build", "-q"]);
    assert.deepEqual([quiet.code, quiet.out, quiet.err], [0, "", ""]);
    assert.equal((await models(cwd, ["build", "-q", "--warn-error"])).code, 1);
    const failed = Object.values(statuses(cwd)).filter((status) => status === "fail");
    assert.equal(failed.length, 1);
  });
});
