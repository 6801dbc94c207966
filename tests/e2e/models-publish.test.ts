import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeProject, models, rowsOf } from "../support/models.ts";
import { start } from "../support/spawn-models.ts";
import { writeFiles } from "../support/temp.ts";

const PROJECT = `name: shop
target: dev
targets:
  dev: {type: duckdb, path: data/w.duckdb, publish: data/published.duckdb, threads: 1}
`;
const mart = "{{ config(materialized='table') }} select {{ var('n', 0) }} as n from range(1000)";
const project = (): string =>
  makeProject({
    "sql_project.yaml": PROJECT,
    "models/one.sql": mart,
    "models/two.sql": mart,
    "models/seen.sql": "select max(n) as n from {{ ref('one') }}",
  });

/**
 * Opens, asks all marts at once, closes, until its input ends; prints how often it read and how many states it saw. Between two reads it
 * leaves the processor to the builds for as long as a read takes: it still reads several times in each.
 */
const READER = `
  const { DuckDBInstance } = require("@duckdb/node-api");
  let going = true, reads = 0; const states = new Set();
  process.stdin.on("end", () => (going = false)).resume();
  (async () => {
    while (going) {
      const db = await DuckDBInstance.create(process.argv[1], { access_mode: "READ_ONLY", threads: "1" });
      const c = await db.connect();
      const found = [];
      for (const from of ["one", "two", "seen"])
        found.push(...(await c.runAndReadAll("select distinct n from " + from)).getRows().flat());
      if (found.length !== 3 || new Set(found).size !== 1) throw new Error("mixture: " + found);
      states.add(found[0]); reads++;
      c.closeSync(); db.closeSync();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    console.log(JSON.stringify({ reads, states: states.size }));
  })();`;

test("another process reads whole states while a hundred builds change them", async () => {
  const cwd = project();
  assert.equal((await models(cwd, ["build"])).code, 0);
  const reader = spawn(process.execPath, ["-e", READER, join(cwd, "data/published.duckdb")]);
  let out = "";
  reader.stdout.on("data", (text: Buffer) => (out += text.toString()));
  reader.stderr.on("data", (text: Buffer) => (out += text.toString()));
  for (let n = 1; n <= 100; n++) {
    const { code, err } = await models(cwd, ["build", "--vars", `{n: ${n}}`]);
    assert.equal(code, 0, err);
  }
  reader.stdin.end();
  const [code] = (await once(reader, "close")) as [number];
  assert.equal(code, 0, out);
  const { reads, states } = JSON.parse(out) as { reads: number; states: number };
  assert.ok(reads > 20 && states > 5, out);
  assert.deepEqual(readdirSync(join(cwd, "data")).toSorted(), ["published.duckdb", "w.duckdb"]);
});

test("a run that fails in part publishes nothing; what killed copies left is removed", async () => {
  const cwd = project();
  await models(cwd, ["build"]);
  const published = join(cwd, "data/published.duckdb");
  const { ino } = statSync(published);
  await models(cwd, ["test"]);
  assert.equal(statSync(published).ino, ino);
  writeFiles(cwd, { "models/two.sql": "select nothing" });
  const failed = await models(cwd, ["build", "--vars", "{n: 7}"]);
  assert.equal(failed.code, 1);
  assert.match(failed.out + failed.err, /data\/published\.duckdb stays as it was/);
  assert.equal(statSync(published).ino, ino);
  const dead = spawn(process.execPath, ["-e", ""]);
  await once(dead, "exit");
  writeFileSync(`${published}.${dead.pid}.tmp`, "half");
  writeFiles(cwd, { "models/two.sql": mart });
  assert.equal((await models(cwd, ["build", "--vars", "{n: 8}"])).code, 0);
  assert.notEqual(statSync(published).ino, ino);
  assert.deepEqual(readdirSync(join(cwd, "data")).toSorted(), ["published.duckdb", "w.duckdb"]);
});

test("a second process waits and says once for whom; what only reads takes the published copy", async () => {
  const cwd = project();
  await models(cwd, ["build"]);
  const holder = spawn(process.execPath, [
    "-e",
    `require("@duckdb/node-api").DuckDBInstance.create(process.argv[1]).then((db) => {
       globalThis.db = db; console.log("open"); setInterval(() => {}, 1000); });`,
    join(cwd, "data/w.duckdb"),
  ]);
  try {
    await once(holder.stdout, "data");
    assert.deepEqual(await rowsOf(cwd, "from main.seen"), [{ n: 0 }]);
    const shown = await models(cwd, ["show", "--select", "seen"]);
    assert.match(shown.err, /warning PUBLISHED_COPY another process holds the warehouse/);
    const debug = await models(cwd, ["debug"]);
    assert.match(debug.out, /^looked at +the published copy: another process holds the warehouse/m);
    const refused = await models(cwd, ["build", "--lock-timeout", "0"]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, new RegExp(`is in use by .*process ${holder.pid}\\)`));
    const waiting = start(cwd, ["build", "--vars", "{n: 3}"]);
    await once(waiting.child.stderr!, "data");
    holder.kill("SIGKILL");
    const { code, out, err } = await waiting.ended;
    assert.equal(code, 0, out + err);
    assert.equal(err.split("waiting up to 60 s").length, 2, err);
  } finally {
    holder.kill("SIGKILL");
  }
  assert.deepEqual(await rowsOf(cwd, "from main.seen"), [{ n: 3 }]);
});

test("a kill in the middle publishes nothing of it, nor does a later run of something else", async () => {
  const cwd = project();
  await models(cwd, ["build"]);
  const published = join(cwd, "data/published.duckdb");
  const { ino } = statSync(published);
  const endless = "select sum(a.range * b.range) as n from range(100000000) a, range(100000000) b";
  writeFiles(cwd, { "models/two.sql": `{{ config(materialized='table') }} ${endless}` });
  const run = start(cwd, ["build", "--vars", "{n: 5}", "--log-format", "json", "--threads", "2"]);
  await new Promise<void>((resolve) =>
    run.child.stdout!.on("data", (text: Buffer) => {
      // One is built, two is not: half of it is in the warehouse, or in its log.
      if (/"node-finished".*model\.shop\.one/.test(text.toString())) resolve();
    }),
  );
  run.child.kill("SIGKILL");
  await run.ended;
  const other = await models(cwd, ["build", "--select", "seen", "--vars", "{n: 5}"]);
  assert.equal(other.code, 0, other.err);
  assert.match(other.err, /stays as it was: \d nodes? did not succeed in this run or one before it \(.*two/);
  assert.equal(statSync(published).ino, ino);
  writeFiles(cwd, { "models/two.sql": mart });
  assert.equal((await models(cwd, ["build", "--select", "one two seen", "--vars", "{n: 5}"])).err, "");
  assert.notEqual(statSync(published).ino, ino);
  assert.deepEqual(readdirSync(join(cwd, "data")).toSorted(), ["published.duckdb", "w.duckdb"]);
});

test("a kill while the copy is made leaves the old one whole, and the next run cleans up", async () => {
  const cwd = project();
  await models(cwd, ["build"]);
  const script = `
    import { publishCopy } from ${JSON.stringify(join(import.meta.dirname, "../../runner/adapters/duckdb/publish-copy.ts"))};
    import { syncBuiltinESMExports } from "node:module";
    import fs from "node:fs";
    // The copy is there, and has not taken its place.
    fs.fsyncSync = () => process.kill(process.pid, "SIGKILL");
    syncBuiltinESMExports();
    publishCopy(${JSON.stringify(join(cwd, "data/w.duckdb"))}, ${JSON.stringify(join(cwd, "data/published.duckdb"))});`;
  await models(cwd, ["run", "--vars", "{n: 4}", "--exclude", "seen", "--empty"]);
  const killed = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
  const [, signal] = (await once(killed, "exit")) as [number | null, string | null];
  assert.equal(signal, "SIGKILL");
  assert.equal(readdirSync(join(cwd, "data")).filter((name) => name.endsWith(".tmp")).length, 1);
  assert.equal((await models(cwd, ["build", "--vars", "{n: 6}"])).code, 0);
  assert.deepEqual(readdirSync(join(cwd, "data")).toSorted(), ["published.duckdb", "w.duckdb"]);
});

test("a warehouse published over itself is refused by place", async () => {
  const cwd = makeProject({ "sql_project.yaml": PROJECT.replace("data/published", "data/w") });
  mkdirSync(join(cwd, "models"), { recursive: true });
  const { code, err } = await models(cwd, ["build"]);
  assert.equal(code, 2);
  assert.match(err, /sql_project\.yaml:4:\d+ PUBLISH_INVALID/);
});
