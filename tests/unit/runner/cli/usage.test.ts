import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { makeProject, models } from "../../../support/models.ts";
import type { Ran } from "../../../support/models.ts";

const project = makeProject({ "models/a.sql": "select 1 as x", "models/b.sql": "select 2 as x" });
const run = (...words: string[]): Promise<Ran> => models(project, words);

/** A wrong call ends with 2, says nothing on standard output, and what is wrong with the way out on standard error. */
async function refused(words: string[], first: string, hint: RegExp): Promise<void> {
  const { code, out, err } = await run(...words);
  assert.deepEqual([code, out], [2, ""]);
  const [head, next = ""] = err.split("\n");
  // What has a place begins with it; what has none begins with the word.
  assert.equal(head, /^\S+:\d+:\d+ /.test(first) ? first : `error ${first}`);
  assert.match(next, hint);
}

describe("a wrong call", () => {
  test("no command: help", async () => {
    const { code, out, err } = await run();
    assert.deepEqual([code, out], [2, ""]);
    for (const command of ["init", "build", "source", "docs"])
      assert.match(err, new RegExp(`models ${command}`));
  });
  test("an unknown command names the nearest, in groups too", async () => {
    await refused(["biuld"], 'COMMAND_UNKNOWN there is no command "biuld"', /did you mean "build"\?/);
    await refused(
      ["biuld", "--vars", "{a: 1}", "-s", "x"],
      'COMMAND_UNKNOWN there is no command "biuld"',
      /"build"/,
    );
    await refused(["quux"], 'COMMAND_UNKNOWN there is no command "quux"', /models --help/);
    await refused(
      ["source", "frehness"],
      'COMMAND_UNKNOWN there is no command "source frehness"',
      /did you mean "source freshness"/,
    );
    await refused(["docs"], "USAGE models docs needs one of: generate, serve", /--help/);
  });
  test("an unknown option names the nearest of that command", async () => {
    await refused(
      ["ls", "--selct", "a"],
      "OPTION_UNKNOWN there is no option --selct",
      /did you mean "--select"/,
    );
    await refused(
      ["ls", "--tagret=dev"],
      "OPTION_UNKNOWN there is no option --tagret",
      /did you mean "--target"/,
    );
    await refused(["ls", "-z"], "OPTION_UNKNOWN there is no option -z", /models <command> --help/);
    await refused(
      ["build", "--full_refresh"],
      "OPTION_UNKNOWN there is no option --full_refresh",
      /did you mean "--full-refresh"/,
    );
  });
  test("an option that hands know from dbt says what is done here instead", async () => {
    const rows: readonly (readonly [string[], string, RegExp])[] = [
      [["build", "--profiles-dir", "."], "--profiles-dir", /targets:/],
      [["run", "--no-version-check"], "--no-version-check", /leave it out/],
      [["docs", "generate", "--static"], "--static", /opens from disk/],
      [["seed", "--show"], "--show", /models show/],
      [["deps", "--upgrade"], "--upgrade", /npm update/],
      [["run", "--no-such"], "--no-such", /--help/],
    ];
    for (const [words, option, hint] of rows)
      await refused(words, `OPTION_UNKNOWN there is no option ${option}`, hint);
  });
  test("each command's help tells what every command takes", async () => {
    const log = mock.method(console, "log", () => {});
    try {
      await run("build", "--help");
      const help = log.mock.calls.map(({ arguments: [text] }) => String(text)).join("\n");
      for (const option of ["--quiet", "--warn-error ", "--introspect", "--resource-type"])
        assert.ok(help.includes(option), option);
    } finally {
      log.mock.restore();
    }
  });
  test("words that no command takes, and values that are missing or no choice", async () => {
    await refused(["build", "a"], 'USAGE models build does not take "a"', /--select/);
    await refused(["ls", "--select"], "USAGE --select needs a value", /--help/);
    await refused(["ls", "-s"], "USAGE -s needs a value", /--help/);
    await refused(["profile"], "USAGE say models profile <relation>", /--help/);
    await refused(
      ["ls", "--output", "xml"],
      'USAGE --output takes one of "selector", "name", "path", "json", not "xml"',
      /--help/,
    );
  });
  test("numbers that are none, or too many or too few", async () => {
    await refused(["show", "-s", "a", "--limit", "x"], "NUMBER_INVALID --limit takes a number", /^/);
    await refused(
      ["show", "-s", "a", "--limit", "1.5"],
      "LIMIT_INVALID --limit takes a whole number",
      /-1 shows all/,
    );
    for (const threads of ["0", "-1", "1.5", "1000"]) {
      await refused(
        ["build", "--threads", threads],
        `THREADS_INVALID ${threads} is no number of threads`,
        /a whole number from 1 to 64/,
      );
    }
  });
  test("a target, a project, variables and folders that cannot be", async () => {
    await refused(
      ["ls", "--target", "dve"],
      'TARGET_UNKNOWN the project has no target "dve"',
      /did you mean "dev"/,
    );
    await refused(
      ["ls", "--target", "constructor"],
      'TARGET_UNKNOWN the project has no target "constructor"',
      /known targets: dev/,
    );
    await refused(
      ["ls", "--project-dir", "models"],
      `PROJECT_MISSING ${project}/models holds no sql_project.yaml`,
      /--project-dir, or make one: models init/,
    );
    await refused(
      ["ls", "--project-dir", "x"],
      `PROJECT_MISSING ${project}/x is not a folder`,
      /--project-dir/,
    );
    await refused(
      ["ls", "--vars", "[1]"],
      "VARS_INVALID --vars must be a map, found [1]",
      /--vars '{name: value}'/,
    );
    const broken = await run("ls", "--vars", "{a: [}");
    assert.match(broken.err, /^error VARS_INVALID /);
    for (const path of ["..", "/tmp/x", "."]) {
      await refused(
        ["parse", "--target-path", path],
        `PATH_OUTSIDE "${path}" is not a folder inside the project`,
        /below the project/,
      );
    }
  });
  test("a selector that cannot be read, and one that finds nothing", async () => {
    const { code, err } = await run("ls", "--select", "tga:x");
    assert.equal(code, 2);
    assert.match(err, /"tga".*\n.*"tag"/);
    await refused(
      ["show", "-s", "aa"],
      'SELECTION_NOT_ONE show needs one model, seed or snapshot, "aa" selects nothing',
      /did you mean "a"\?/,
    );
    await refused(
      ["show", "-s", "a", "b"],
      'SELECTION_NOT_ONE show needs one model, seed or snapshot, "a b" selects 2 nodes: a, b',
      /^/,
    );
    await refused(["show"], "ARGUMENT_MISSING show needs --select <model> or --inline <sql>", /--inline/);
    await refused(
      ["show", "--inline", "from {{ this }}"],
      'inline:1:9 NAME_UNKNOWN nothing is named "this"',
      /^/,
    );
    for (const command of ["ls", "compile", "build"]) {
      const nothing = await run(command, "--select", "nosuch");
      assert.equal(nothing.code, 0, command);
      assert.match(nothing.err, /warning \w+ .*nosuch/, command);
      const json = await run(command, "--select", "nosuch", "--log-format", "json");
      const [warning] = `${json.err}${json.out}`.split("\n").filter((line) => line.includes("nosuch"));
      const { event, code: of } = JSON.parse(warning!) as { event: string; code: string };
      assert.deepEqual([event, of], ["warning", "SELECTOR_NO_MATCH"], command);
    }
  });
});

describe("options", () => {
  const names = async (...words: string[]): Promise<string[]> => {
    const { code, out, err } = await run("ls", "--output", "name", ...words);
    assert.equal(code, 0, err);
    return out.trimEnd().split("\n");
  };
  test("selectors add up, repeated or after each other", async () => {
    assert.deepEqual(await names("--select", "a", "b"), ["a", "b"]);
    assert.deepEqual(await names("--select", "a", "--select", "b"), ["a", "b"]);
    assert.deepEqual(await names("-s", "a", "-m", "b"), ["a", "b"]);
    assert.deepEqual(await names("--select", "a b"), ["a", "b"]);
    assert.deepEqual(await names("--select=a", "--exclude=b"), ["a"]);
  });
  test("of one that is given twice the last counts", async () => {
    assert.deepEqual(await names("--target", "nosuch", "--target", "dev", "-s", "a"), ["a"]);
    assert.deepEqual(await names("--quiet", "--quiet", "-s", "a"), ["a"]);
    const { out } = await run("show", "-s", "a", "--limit", "3", "--limit", "0", "--output", "json");
    assert.deepEqual(JSON.parse(out), { node: "a", show: [] });
  });
  test("may stand before the command", async () => {
    for (const words of [
      ["--warn-error", "ls", "-s", "a"],
      ["--no-introspect", "list", "-s", "a"],
      ["--target", "dev", "ls", "-s", "a"],
    ])
      assert.equal((await run(...words)).code, 0, words.join(" "));
    const { code, out } = await run("--quiet", "ls", "-s", "a");
    assert.deepEqual([code, out], [0, "shop.a\n"]);
    assert.deepEqual((await run("--target", "dev", "ls", "-s", "a")).out, "shop.a\n");
  });
  test("--limit -1 is all rows", async () => {
    const { out } = await run(
      "show",
      "--inline",
      "select * from range(30)",
      "--limit",
      "-1",
      "--output",
      "json",
    );
    assert.equal((JSON.parse(out) as { show: unknown[] }).show.length, 30);
  });
});
