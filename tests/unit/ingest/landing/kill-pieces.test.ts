import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { withScratch } from "../../../../ingest/landing/scratch.ts";
import { verifyVintage } from "../../../../ingest/landing/verify-vintage.ts";
import { readVintages } from "../../../../runner/project/landing.ts";
import { argumentsFor } from "../../../support/script.ts";
import { tempFolder } from "../../../support/temp.ts";

const landing = tempFolder("statloom-kill-pieces-");
const child = join(import.meta.dirname, "land-pieces-in-child.ts");
/** Each takes a process of its own. At most 22, so that every edition has its day in April. */
const KILLS = Number(process.env["STATLOOM_KILLS"] ?? 6);
/** Processes that stand ready, so that the wait for one is spent while another works. */
const AHEAD = 3;

/** 40,000 cells; every day is another edition. */
function writeDocument(day: number): string {
  const path = join(landing, `${day}.json`);
  const values = Array.from({ length: 40_000 }, (_, cell) => `"${cell}":${cell + day}`);
  const category = (count: number) => ({
    category: { index: Array.from({ length: count }, (_, i) => `C${i}`) },
  });
  const rest = {
    id: ["geo", "item"],
    size: [200, 200],
    dimension: { geo: category(200), item: category(200) },
  };
  writeFileSync(path, `{"class":"dataset","value":{${values.join()}},${JSON.stringify(rest).slice(1)}`);
  return path;
}

async function start(day: number): Promise<ChildProcess> {
  const started = spawn(
    process.execPath,
    [...argumentsFor(child), landing, writeDocument(day), String(day)],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  await once(started.stdout, "data");
  return started;
}

/** Lets it land, and kills it after so long; whether it had ended by itself. */
async function killAfter(process_: ChildProcess, milliseconds: number): Promise<boolean> {
  const gone = once(process_, "exit");
  process_.stdin?.write("go\n");
  const ended = await Promise.race([wait(milliseconds, false, { ref: false }), gone.then(() => true)]);
  process_.kill("SIGKILL");
  await gone;
  return ended;
}

const listed = (): string[] => readVintages(landing, "eurostat", "cube").map(({ vintage }) => vintage);

test(`a landing in pieces that is killed at ${KILLS} random moments leaves what was there, or the whole new edition`, async () => {
  const begun = performance.now();
  assert.equal(await killAfter(await start(1), 60_000), true);
  const whole = performance.now() - begun;
  assert.deepEqual(listed(), ["2025-04-01T000000Z"]);
  const ready = Array.from({ length: AHEAD }, (_, i) => start(i + 2));
  let [killed, most] = [0, whole];
  for (let day = 2; day < KILLS + 2; day++) {
    const next = await ready.shift()!;
    if (day + AHEAD < KILLS + 2) ready.push(start(day + AHEAD));
    const before = listed();
    const id = `2025-04-${String(day).padStart(2, "0")}T000000Z`;
    const from = performance.now();
    if (await killAfter(next, ((day - 2 + Math.random()) / KILLS) * most)) most = performance.now() - from;
    else killed++;
    assert.deepEqual(listed(), listed().includes(id) ? [...before, id] : before);
  }
  assert.ok(killed >= KILLS / 4, `only ${killed} of ${KILLS} were killed in time: the test tests little`);
  // The next landing sweeps up after them.
  await killAfter(await start(25), 60_000);
  assert.deepEqual(readdirSync(join(landing, "eurostat/cube")).sort(), [...listed(), "vintages.json"].sort());
  const cube = { publisher: "eurostat", dataset: "cube" };
  await withScratch(async (scratch) => {
    for (const vintage of readVintages(landing, "eurostat", "cube")) {
      assert.equal(vintage.rows, 40_000);
      assert.deepEqual(await verifyVintage(scratch, landing, cube, vintage), []);
    }
  });
});
