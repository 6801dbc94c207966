import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { readDatasetState } from "../../ingest/state/dataset-state.ts";
import { readVintages } from "../../runner/project/landing.ts";
import { startPublisher } from "../support/publisher/start.ts";
import { tempFolder, writeFiles } from "../support/temp.ts";
import { edition, tinyLibrary } from "../unit/ingest/sync/tiny.ts";

const root = join(import.meta.dirname, "../..");

function start(cwd: string, env: Record<string, string>, ...words: string[]) {
  const child = spawn(process.execPath, [join(root, "dist/ingest.js"), ...words], {
    cwd,
    env: { ...process.env, ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => void (said += chunk.toString()));
  return { child, done: once(child, "exit").then(([code]) => ({ code: code as number | null, said })) };
}

/** Resolves when `toy_a` has landed; fails when the command ends before. */
async function untilLanded(landing: string, { child, done }: ReturnType<typeof start>): Promise<void> {
  while (!existsSync(join(landing, "eurostat/toy_a/vintages.json"))) {
    if (child.exitCode !== null) assert.fail(`ended before it landed anything: ${(await done).said}`);
    await wait(20);
  }
}

const project = (): string =>
  writeFiles(tempFolder(), {
    "sql_project.yaml":
      "name: t\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\ningest:\n  datasets:\n    - {publisher: eurostat, code: toy_a}\n    - {publisher: eurostat, code: toy_b}\n",
  });

describe("ingest sync as it is installed", async () => {
  let slow = true;
  const publisher = await startPublisher({
    eurostat: tinyLibrary(),
    pauseMs: 120_000,
    fault: ({ path }) => (slow && path.includes("toy_b") ? "slow" : undefined),
  });
  after(() => publisher.close());

  test("goes on after a kill: what was landed stays, what was not is fetched", async () => {
    const cwd = project();
    const landing = join(cwd, "data/landing");
    const killed = start(cwd, publisher.env, "sync");
    await untilLanded(landing, killed);
    killed.child.kill("SIGKILL");
    await killed.done;
    assert.equal(readVintages(landing, "eurostat", "toy_b").length, 0);
    slow = false;
    const { code, said } = await start(cwd, publisher.env, "sync").done;
    assert.equal(code, 0, said);
    for (const dataset of ["toy_a", "toy_b"]) {
      assert.deepEqual(
        readVintages(landing, "eurostat", dataset).map(({ vintage }) => vintage),
        ["2026-01-01T100000Z"],
      );
      assert.equal(readDatasetState(landing, "eurostat", dataset).failure, null);
      assert.deepEqual(readdirSync(join(landing, ".ingest/eurostat", dataset, "work")), []);
    }
  });

  test("stops when it is asked to, and says so", async () => {
    const cwd = project();
    slow = true;
    const stopped = start(cwd, publisher.env, "sync");
    await untilLanded(join(cwd, "data/landing"), stopped);
    stopped.child.kill("SIGTERM");
    const { code, said } = await stopped.done;
    slow = false;
    assert.equal(code, 1);
    assert.match(said, /eurostat\/toy_b +skipped/);
    assert.equal(
      readDatasetState(join(cwd, "data/landing"), "eurostat", "toy_b").failure,
      null,
      "stopping is no failure",
    );
  });

  test("two at once do the work once", async () => {
    const cwd = project();
    publisher.eurostat.publish(
      "toy_a",
      edition("toy_a", "2026-01-02T11:00:00+0100", 5),
      new Date("2026-01-02T10:00:00Z"),
    );
    const results = await Promise.all([1, 2].map(() => start(cwd, publisher.env, "sync").done));
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0],
      results[0]!.said + results[1]!.said,
    );
    assert.equal(readVintages(join(cwd, "data/landing"), "eurostat", "toy_a").length, 1);
  });

  test("a network that is down is told, and tried again later", async () => {
    const cwd = project();
    const env = { STATLOOM_EUROSTAT_URL: "http://127.0.0.1:9/eurostat" };
    const { code, said } = await start(cwd, env, "sync", "toy_a").done;
    assert.equal(code, 1);
    assert.match(said, /CONNECTION_REFUSED eurostat\/toy_a: 127\.0\.0\.1:9: the host refuses connections/);
    assert.match(said, /again after 2/);
  });
});
