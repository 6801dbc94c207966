import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Target } from "../../runner/project/types.ts";
import { startBuilder, wholeIn, writeCodes } from "./builder.ts";

const folder = mkdtempSync(join(tmpdir(), "statloom-crash-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const csv = join(folder, "codes.csv");
writeCodes(csv);

const target = (path: string): Target => ({
  type: "duckdb",
  name: "dev",
  path,
  schema: "shop",
  threads: 3,
  settings: {},
});
const start = (path: string, ...more: string[]) => startBuilder(target(path), csv, ...more);
const checkWhole = (path: string): Promise<void> => wholeIn(target(path));

test("a kill at any moment leaves every relation whole, and no other", { timeout: 150_000 }, async () => {
  const path = join(folder, "killed.duckdb");
  for (let kill = 0; kill < 8; kill++) {
    const child = start(path);
    await once(child.stdout!, "data");
    // Spread over the length of a generation, which takes some tens of milliseconds.
    await sleep(kill * 17 + Math.random() * 17);
    child.kill("SIGKILL");
    await once(child, "exit");
    await checkWhole(path);
  }
});

test("Ctrl-C stops running statements at once and leaves what was there", { timeout: 150_000 }, async () => {
  const path = join(folder, "interrupted.duckdb");
  const build = start(path);
  await once(build.stdout!, "data");
  build.kill("SIGINT");
  assert.deepEqual(await once(build, "exit"), [0, null]);
  await checkWhole(path);

  const slow = start(path, "slow");
  let output = "";
  const started = new Promise<void>((resolve) => {
    slow.stdout!.on("data", (chunk) => {
      output += String(chunk);
      if (output.includes("started")) resolve();
    });
  });
  await started;
  const asked = performance.now();
  slow.kill("SIGINT");
  assert.deepEqual(await once(slow, "exit"), [0, null]);
  assert.ok(performance.now() - asked < 30_000, "the statement takes hours");
  assert.match(output, /model\.shop\.merged: the statement was cancelled/);
  await checkWhole(path);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("interrupted")),
    ["interrupted.duckdb"],
  );
});
