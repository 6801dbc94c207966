import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completeLine } from "../../../../../runner/cli/complete/complete-line.ts";
import { makeProject, models } from "../../../../support/models.ts";

const cwd = makeProject({
  "sql_project.yaml":
    "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb}\n  prod: {type: broken\n",
  "models/stg_a.sql": "select 1",
  "selectors.yml": "selectors:\n  - {name: nightly, definition: tag:x}\n",
});
const sound = makeProject({
  "sql_project.yaml":
    "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb}\n  prod: {type: x}\n",
});

const rows: readonly (readonly [string, string[], string[]])[] = [
  ["commands", ["se"], ["seed"]],
  ["commands behind a switch", ["--quiet", "snap"], ["snapshot"]],
  ["commands behind an option with its value", ["--target", "dev", "snap"], ["snapshot"]],
  ["words of a group", ["docs", ""], ["generate", "serve"]],
  ["other names of a command", ["list", "-s", "stg"], ["stg_a"]],
  ["switches, once", ["build", "--full-refresh", "--full"], []],
  ["switches that turn off what is on", ["build", "--no-p"], ["--no-partial-parse"]],
  ["switches of the command alone", ["seed", "--event"], []],
  ["values behind the option", ["run", "--log-format", ""], ["text", "json"]],
  ["values in the option", ["ls", "--output=j"], ["--output=json"]],
  ["several values", ["ls", "--resource-type", "model", "s"], ["seed", "snapshot", "source"]],
  ["no more values of an option with one", ["ls", "--output", "json", ""], []],
  ["selectors", ["run", "--selector", ""], ["nightly"]],
  ["nothing from a project file that cannot be read", ["run", "--target", ""], []],
  ["nodes of diff", ["diff", "stg"], ["stg_a"]],
  ["nodes behind options", ["diff", "--target", "dev", "--select", "stg"], ["stg_a"]],
  ["shells", ["completion", "z"], ["zsh"]],
  ["nothing of a folder", ["run", "--project-dir", ""], []],
  ["nothing of a command that is none", ["sede", ""], []],
];

describe("the line is completed with", () => {
  for (const [rule, words, expected] of rows)
    test(rule, () =>
      assert.deepEqual(
        completeLine(words, cwd).map(({ word }) => word),
        expected,
      ),
    );
  test("targets", () =>
    assert.deepEqual(
      completeLine(["diff", "x", "--against", "p"], sound).map(({ word }) => word),
      ["prod"],
    ));
  test("all commands, and what they do", async () => {
    const { out } = await models(cwd, ["--complete", ""]);
    assert.match(out, /^init\t\w/m);
    assert.match(out, /^completion\tPrint a script/m);
    assert.equal(completeLine([""], cwd).length, out.trim().split("\n").length);
  });
  test("a script for the shell that is there, or is named", async () => {
    assert.match((await models(cwd, ["completion"], { env: { SHELL: "/bin/zsh" } })).out, /^#compdef models/);
    assert.match((await models(cwd, ["completion", "fish"])).out, /complete -c models/);
    assert.match((await models(cwd, ["completion"])).out, /complete -o bashdefault/);
    assert.equal((await models(cwd, ["completion", "csh"])).code, 2);
  });
});
