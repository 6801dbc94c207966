import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openAdapter } from "../../../../runner/adapters/open.ts";
import { buildNodes } from "../../../../runner/api/build-nodes.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import { realEffects } from "../../../../runner/base/effects.ts";
import type { RunEvent } from "../../../../runner/execute/run-event.ts";
import { mistakesOf } from "../../../support/link-project.ts";
import { makeProject, models, rowsOf, statuses } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const table = (query: string, more = ""): string => `{{ config(materialized='table'${more}) }} ${query}`;
const slow = "select sum(a.range * b.range) as n from range(100000000) a, range(100000000) b";

describe("a node that fails", () => {
  const project = (more: string): string =>
    makeProject({
      "models/up.sql": table("select 1 as n", more),
      "models/other.sql": table("select 10 as n"),
      "models/down.sql": table("select u.n + o.n as n from {{ ref('up') }} u, {{ ref('other') }} o"),
    });
  const broken = { "models/up.sql": table("select nope as n", ", on_error='continue'") };

  test("with on_error continue: children are built on its old rows, it is told, and the run fails", async () => {
    const root = project("");
    await models(root, ["build"]);
    writeFiles(root, { ...broken, "models/other.sql": table("select 20 as n") });
    const { code, err } = await models(root, ["build"]);
    assert.equal(code, 1);
    assert.match(
      err,
      /^warning ON_ERROR_CONTINUE "up" failed, and what is below it is built on what it held before/,
    );
    assert.deepEqual(statuses(root), { up: "error", other: "success", down: "success" });
    assert.deepEqual(await rowsOf(root, "select n from main.down"), [{ n: 21 }]);
  });

  test("with on_error continue, and nothing built of it yet, is told as it is", async () => {
    const root = project("");
    writeFiles(root, broken);
    const { err } = await models(root, ["build"]);
    assert.match(err, /"up" failed, and what is below it is tried without it, as there is nothing of it yet/);
    assert.deepEqual(statuses(root), { up: "error", other: "success", down: "error" });
  });

  test("skips its children where any failed parent says so, and --fail-fast wins", async () => {
    const root = project("");
    await models(root, ["build"]);
    writeFiles(root, { ...broken, "models/other.sql": table("select nope") });
    await models(root, ["build"]);
    assert.deepEqual(statuses(root), { up: "error", other: "error", down: "skipped" });
    writeFiles(root, { "models/other.sql": table("select 20 as n") });
    await models(root, ["build", "--fail-fast", "--threads", "1"]);
    assert.equal(statuses(root)["down"], "skipped");
  });
});

describe("timeouts and retries", () => {
  test("a node that takes too long is an error, and nothing of it was changed", async () => {
    const root = makeProject({
      "models/a.sql": table("select 1 as n"),
      "tests/data/t.sql": "select 1 where false",
    });
    await models(root, ["run"]);
    writeFiles(root, {
      "models/a.sql": table(slow, ", timeout='200ms', retries=3"),
      "tests/data/t.sql": `{{ config(timeout=0.2) }} ${slow}`,
    });
    const { code, out } = await models(root, ["build"]);
    assert.equal(code, 1);
    assert.match(out, /TIMEOUT stopped after 0\.20s, its timeout: nothing was changed/);
    assert.deepEqual(statuses(root), { a: "error", t: "error" });
    assert.deepEqual(await rowsOf(root, "select n from main.a"), [{ n: 1 }]);
  });

  test("what fails in a way that passes is tried again, told, and counted", async () => {
    const root = makeProject({
      "models/a.sql":
        "{{ config(materialized='incremental', unique_key='n', retries={'count': 3, 'delay': '1ms'}) }} select 1 as n",
    });
    await models(root, ["run"]);
    const open = await openProject({}, { ...realEffects(), cwd: root, env: {} });
    await using db = await openAdapter(open.project.target);
    const other = await db.session();
    // Somebody else changes the same row, and is done when the first tries were in vain.
    await other.run("begin");
    await other.run("delete from main.a");
    const told: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.kind !== "warning") return;
      told.push(event.message);
      void other.run("commit");
    };
    const { results } = await buildNodes(open, { command: "run", select: [], exclude: [], onEvent });
    assert.match(told[0]!, /^"a" failed and is tried again in 0\.00s \(2 of 4\): .*[Cc]onflict/);
    assert.deepEqual(
      [results[0]?.status, results[0]?.adapterResponse["attempts"]],
      ["success", told.length + 1],
    );
  });

  test("mistakes in them have their place", async () => {
    const found = await mistakesOf({
      "models/a.sql": "{{ config(timeout='soon', retries=-1, on_error='go') }} select 1 as a",
      "models/b.sql": "{{ config(retries={'count': 99, 'dely': 1}) }} select 1 as a",
    });
    assert.deepEqual(
      found.map((line) => line.split(" | ")[0]),
      [
        'models/a.sql:1:11 VALUE_INVALID "timeout" must be seconds, or a time such as "90s" or "10m"',
        'models/a.sql:1:27 VALUE_INVALID "retries" must be a number of times from 0 to 20',
        'models/a.sql:1:39 VALUE_INVALID "on_error" must be one of "skip_children", "continue"',
        'models/b.sql:1:11 KEY_UNKNOWN "dely" is not known here',
        'models/b.sql:1:11 VALUE_INVALID "count" must be a number of times from 0 to 20',
      ],
    );
  });
});
