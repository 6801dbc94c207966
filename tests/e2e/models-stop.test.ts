import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../support/models.ts";
import { writeFiles } from "../support/temp.ts";
import { start } from "../support/spawn-models.ts";
import type { Spawned } from "../support/spawn-models.ts";
import { until } from "../support/until.ts";

/** Hours of work for the engine, of which the first rows come at once. */
const endless =
  "select sum(a.range * b.range) as x from range(100000000) a, range(100000000) b where a.range % 7 <> b.range % 5";

/** Resolves when what the command said holds `wanted`. */
function said({ child, ended }: Spawned, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    const listen = (chunk: string): void => {
      text += chunk;
      if (text.includes(wanted)) resolve();
    };
    child.stdout!.on("data", listen);
    child.stderr!.on("data", listen);
    ended.then(({ out, err }) => reject(new Error(`ended before it said ${wanted}: ${out}${err}`)), reject);
  });
}

/** Resolves when the command has that file open; where no system tells, after a while. */
async function opened({ child }: Spawned, path: string): Promise<void> {
  const files = `/proc/${child.pid}/fd`;
  if (!existsSync("/proc/self/fd")) return wait(2500);
  const isOpen = (): boolean =>
    readdirSync(files).some((name) => {
      try {
        return readlinkSync(join(files, name)) === realpathSync(path);
      } catch {
        return false;
      }
    });
  await until(`${path} is open`, isOpen);
}

async function project(): Promise<string> {
  const cwd = makeProject({
    "models/long.sql": "{{ config(materialized='table') }} select 1 as x",
    "models/below.sql": "select * from {{ ref('long') }}",
    "models/grown.sql": "{{ config(materialized='incremental') }} select 1 as x",
  });
  const { code, err } = await models(cwd, ["build"]);
  assert.equal(code, 0, err);
  return cwd;
}

describe("Ctrl-C, a supervisor's SIGTERM and a terminal that is closed", () => {
  test("during a long model: exit 1, no half table, artifacts written", async () => {
    const cwd = await project();
    writeFiles(cwd, { "models/long.sql": `{{ config(materialized='table') }} ${endless}` });
    const run = start(cwd, ["build", "--select", "long+", "--log-format", "json"]);
    await said(run, '"node-started"');
    const begin = performance.now();
    run.child.kill("SIGINT");
    const { code, out, err } = await run.ended;
    assert.equal(code, 1, out + err);
    assert.ok(performance.now() - begin < 60_000, "the model takes hours");
    for (const line of `${out}${err}`.trimEnd().split("\n"))
      assert.equal(typeof (JSON.parse(line) as { event: unknown }).event, "string", line);
    assert.match(err, /"event":"stopping"/);
    assert.deepEqual(statuses(cwd), { long: "error", below: "skipped" });
    assert.ok(existsSync(join(cwd, "target/manifest.json")));
    assert.deepEqual(await rowsOf(cwd, "from main.long"), [{ x: 1 }], "the old table is as it was");
    const tables = await rowsOf(
      cwd,
      "select table_name as t from information_schema.tables where table_schema = 'main' order by 1",
    );
    assert.deepEqual(tables, [{ t: "below" }, { t: "grown" }, { t: "long" }]);
  });
  test("during an incremental model adds nothing, and says what happened", async () => {
    const cwd = await project();
    writeFiles(cwd, {
      "models/grown.sql": `{{ config(materialized='incremental') }} ${endless.replace("sum(a.range * b.range)", "(sum(a.range * b.range) % 7)::int")}`,
    });
    const run = start(cwd, ["run", "--select", "grown", "--log-format", "json"]);
    await said(run, '"node-started"');
    run.child.kill("SIGTERM");
    assert.equal((await run.ended).code, 1);
    const { results } = readArtifact(cwd, "run_results.json") as { results: { message: string }[] };
    assert.match(results[0]!.message, /cancelled/);
    assert.deepEqual(await rowsOf(cwd, "from main.grown"), [{ x: 1 }]);
  });
  test("during show stops the query", async () => {
    const cwd = await project();
    const run = start(cwd, ["show", "--inline", endless]);
    await opened(run, join(cwd, "data/w.duckdb"));
    // Nothing tells that a query began; a little more is enough for it, and an early signal ends it as well.
    await wait(300);
    run.child.kill("SIGHUP");
    const { code, err } = await run.ended;
    assert.match(err, /stopping: running statements are cancelled/);
    assert.match(err, /error QUERY_FAILED the statement was cancelled/);
    assert.equal(code, 1);
  });
});

describe("two processes and one warehouse", () => {
  test("the second is told who holds it, and changes nothing", async () => {
    const cwd = await project();
    writeFiles(cwd, { "models/long.sql": `{{ config(materialized='table') }} ${endless}` });
    const first = start(cwd, ["run", "--select", "long", "--log-format", "json"]);
    await said(first, '"node-started"');
    const manifest = readFileSync(join(cwd, "target/manifest.json"), "utf8");
    for (const words of [
      ["build", "--lock-timeout", "0"],
      ["show", "--inline", "select 1"],
      ["test", "--lock-timeout", "0"],
    ]) {
      const { code, err } = await start(cwd, words).ended;
      assert.equal(code, 1, words.join(" "));
      assert.match(
        err,
        new RegExp(
          `^error \\w+ the warehouse ${cwd}/data/w\\.duckdb is in use by .*process ${first.child.pid}\\)`,
        ),
      );
      assert.match(err, /wait until it ends, or close/);
    }
    assert.equal(readFileSync(join(cwd, "target/manifest.json"), "utf8"), manifest);
    const debug = await start(cwd, ["debug"]).ended;
    assert.equal(debug.code, 1);
    assert.match(debug.out, /connection +failed: the warehouse .* is in use/);
    const { code } = await start(cwd, ["ls"]).ended;
    assert.equal(code, 0, "what needs no warehouse still works");
    first.child.kill("SIGINT");
    assert.equal((await first.ended).code, 1);
  });
});

describe("a kill", () => {
  test("in the middle of a run: retry takes up what was not done, with what the run was told", async () => {
    const cwd = makeProject({
      "models/first.sql": "{{ config(materialized='table') }} select {{ var('n', 0) }} as n",
      "models/long.sql": `{{ config(materialized='table') }} select n + x as n from {{ ref('first') }}, (${endless})`,
      "models/last.sql": "select n from {{ ref('long') }}",
    });
    await models(cwd, ["build", "-s", "first"]);
    const run = start(cwd, ["build", "--vars", "{n: 7}", "--log-format", "json"]);
    // It starts when the first one has been built.
    await said(run, '"uniqueId":"model.shop.long"');
    run.child.kill("SIGKILL");
    await run.ended;
    writeFiles(cwd, {
      "models/long.sql": "{{ config(materialized='table') }} select n + 1 as n from {{ ref('first') }}",
    });
    const { code, out, err } = await models(cwd, ["retry"]);
    assert.equal(code, 0, out + err);
    assert.match(err, /taking up 2 nodes that the last build left when it was killed/);
    assert.deepEqual(statuses(cwd), { long: "success", last: "success" });
    assert.deepEqual(await rowsOf(cwd, "from main.last"), [{ n: 8 }]);
    assert.match((await models(cwd, ["retry"])).out, /left nothing to do/);
  });
  test("between the two renamings of an external model's folder: the next run puts it back, that of a reader alone too", async () => {
    const cwd = makeProject({
      "models/parts.sql": `{{ config(materialized='external', location='ext/parts', partition_by=['p'], incremental_strategy='insert_overwrite') }}
        select range as n, range % 2 as p from range(10) {{#is_incremental}} where range > (select max(n) from {{ this }}) {{/is_incremental}}`,
      "models/reader.sql":
        "{{ config(materialized='table') }} select sum(n)::int as n from {{ ref('parts') }}",
    });
    assert.equal((await models(cwd, ["build"])).code, 0);
    const folder = join(cwd, "ext/parts");
    for (const words of [["build"], ["build", "-s", "reader"], ["build", "--changed", "--full-refresh"]]) {
      renameSync(folder, `${folder}.statloom_old`);
      const { code, out } = await models(cwd, words);
      assert.equal(code, 0, out);
      assert.deepEqual(readdirSync(join(cwd, "ext")), ["parts"]);
      assert.deepEqual(await rowsOf(cwd, "from main.reader"), [{ n: 45 }]);
    }
  });
});
