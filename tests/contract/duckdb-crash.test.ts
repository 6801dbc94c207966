import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openAdapter } from "../../runner/adapters/open.ts";

const folder = mkdtempSync(join(tmpdir(), "statloom-crash-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const csv = join(folder, "codes.csv");
writeFileSync(csv, `id,generation\n${Array.from({ length: 20_000 }, (_, i) => `${i},7`).join("\n")}\n`);

/** Starts the builder, which prints a line after each generation. */
function start(path: string, ...more: string[]): ChildProcess {
  const script = join(import.meta.dirname, "build-forever.ts");
  return spawn(process.execPath, ["--import", "tsx", script, path, csv, ...more], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Each relation holds one generation, whole; nothing else is there. */
async function checkWhole(path: string): Promise<void> {
  await using db = await openAdapter({
    type: "duckdb",
    name: "dev",
    path,
    schema: "shop",
    threads: 1,
    settings: {},
  });
  const session = await db.session();
  const relations = await session.listRelations("shop");
  assert.deepEqual(Array.from(relations.keys()).toSorted(), [
    "changing",
    "codes",
    "merged",
    "replaced",
    "whole",
  ]);
  for (const name of relations.keys()) {
    const { rows } = await session.query(
      `select count(*), count(distinct id), count(distinct generation) from shop.${name}`,
    );
    assert.deepEqual(rows, [["20000", "20000", "1"]], name);
  }
}

test("a kill at any moment leaves every relation whole, and no other", { timeout: 120_000 }, async () => {
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

test("Ctrl-C stops running statements at once and leaves what was there", { timeout: 60_000 }, async () => {
  const path = join(folder, "interrupted.duckdb");
  const build = start(path);
  await once(build.stdout!, "data");
  build.kill("SIGINT");
  assert.deepEqual(await once(build, "exit"), [0, null]);
  await checkWhole(path);

  const slow = start(path, "slow");
  let output = "";
  slow.stdout!.on("data", (chunk) => (output += String(chunk)));
  await sleep(2500);
  const asked = performance.now();
  slow.kill("SIGINT");
  assert.deepEqual(await once(slow, "exit"), [0, null]);
  assert.ok(performance.now() - asked < 3000);
  assert.match(output, /model\.shop\.merged: the statement was cancelled/);
  await checkWhole(path);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("interrupted")),
    ["interrupted.duckdb"],
  );
});
