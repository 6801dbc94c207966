/**
 * Lands a large edition in a process of its own, so that a test can kill it: `land-in-child.ts <landing> <moment> [value]`.
 * The moment is where it stops and waits for the signal: `batch`, `sealed`, `published`, or `never`.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename } from "node:path";

const [landing = "", moment = "never", value = "1"] = process.argv.slice(2);

/** Says that the moment has come and holds the process there, in the midst of a synchronous call. */
function hold(): void {
  fs.writeSync(1, "now\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
}

// Two moments lie between calls to the file system: there, the calls themselves are made to wait.
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  const isVintage = basename(String(from)) === "files";
  const isList = basename(String(to)) === "vintages.json";
  if ((moment === "sealed" && isVintage) || (moment === "published" && isList)) hold();
  renameSync(from, to);
};
syncBuiltinESMExports();

const { landEdition } = await import("../../../../ingest/landing/land.ts");
const { edition, manyCells } = await import("./edition.ts");
const cells = manyCells(20_000).map((cell) => ({ ...cell, value: (cell.value ?? 0) * Number(value) }));
const onBatch = (given: number): void => {
  if (moment === "batch" && given > 10_000) hold();
};
const landed = await landEdition(edition(cells, { onBatch }), { landing, now: new Date() });
fs.writeSync(1, `${landed.outcome} ${landed.vintage.vintage}\n`);
