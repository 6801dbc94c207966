/**
 * Accepts an edition, or puts one aside, in a process that a test can kill: `accept-in-child.ts <landing> <moment> <vintage>`.
 * `aside`: just before it waits; `moved`: just before it becomes a vintage; `listing`: before the list is replaced; `listed`: after.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";

const [landing = "", moment = "", vintage = ""] = process.argv.slice(2);

function holdAt(wanted: string): void {
  if (moment !== wanted) return;
  fs.writeSync(1, "now\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
}

const { renameSync } = fs;
fs.renameSync = (from, to) => {
  const isList = basename(String(to)) === "vintages.json";
  if (basename(dirname(String(to))) === "held") holdAt("aside");
  if (basename(String(from)) === "files") holdAt("moved");
  if (isList) holdAt("listing");
  renameSync(from, to);
  if (isList) holdAt("listed");
};
syncBuiltinESMExports();

if (moment === "aside") {
  const { landEdition } = await import("../../../../ingest/landing/land.ts");
  const { edition, manyCells } = await import("./edition.ts");
  await landEdition(edition(manyCells(10), { updated: "2025-02-01T00:00:00Z" }), {
    landing,
    now: new Date(),
  });
} else {
  const { acceptHeld } = await import("../../../../ingest/landing/accept.ts");
  await acceptHeld(landing, { publisher: "eurostat", dataset: "toy" }, vintage);
}
