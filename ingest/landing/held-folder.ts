import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { OperationError } from "../../runner/base/errors.ts";
import { makeFolder, writeFileAtomic } from "../../runner/base/files.ts";
import { VINTAGE_ID, vintageSchema } from "../../runner/project/landing.ts";
import type { Vintage } from "../../runner/project/landing.ts";
import type { DriftFinding } from "./drift.ts";
import { syncFolder } from "./sync.ts";

/**
 * Editions that changed too much wait beside the vintages: `held/<vintage>/held.json` says what was found, and `files/` is the
 * whole vintage. No reader of the landing zone looks there.
 */
export type HeldEdition = { readonly vintage: Vintage; readonly findings: readonly DriftFinding[] };

const heldSchema = z.strictObject({
  vintage: vintageSchema,
  findings: z.array(
    z.strictObject({
      kind: z.enum([
        "dimension_added",
        "dimension_removed",
        "dimensions_reordered",
        "codes_gone",
        "decimals_changed",
        "rows_fallen",
      ]),
      action: z.enum(["warn", "fail"]),
      column: z.string().nullable(),
      message: z.string(),
      codes: z.array(z.string()),
    }),
  ),
});

const heldRoot = (dataset: string): string => join(dataset, "held");
const placeOf = (dataset: string, vintage: string): string => join(heldRoot(dataset), vintage);
/** Where the files of an edition lie while it waits. */
export const heldFiles = (dataset: string, vintage: string): string =>
  join(placeOf(dataset, vintage), "files");

/** Puts a sealed vintage aside in one step. `made` is a folder beside that holds `files/`. */
export function hold(dataset: string, made: string, edition: HeldEdition): void {
  writeFileAtomic(join(made, "held.json"), `${JSON.stringify(edition, null, 2)}\n`);
  syncFolder(join(made, "files"));
  syncFolder(made);
  const place = placeOf(dataset, edition.vintage.vintage);
  makeFolder(heldRoot(dataset));
  rmSync(place, { recursive: true, force: true });
  renameSync(made, place);
  syncFolder(heldRoot(dataset));
}

/** What waits, oldest first; of `listed` nothing waits any more. */
export function readHeld(dataset: string, listed: readonly Vintage[]): HeldEdition[] {
  const known = new Set(listed.map(({ vintage }) => vintage));
  return heldNames(dataset)
    .filter((name) => !known.has(name))
    .map((name) => readOne(join(placeOf(dataset, name), "held.json")));
}

function readOne(path: string): HeldEdition {
  try {
    return heldSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new OperationError("HELD_INVALID", `${path} cannot be trusted`, {
      cause: error,
      hint: "remove its folder and land the document again",
    });
  }
}

/** Takes an edition out of the waiting ones, with all that is left of it there. */
export function removeHeld(dataset: string, vintage: string): void {
  rmSync(placeOf(dataset, vintage), { recursive: true, force: true });
  if (heldNames(dataset).length === 0) rmSync(heldRoot(dataset), { recursive: true, force: true });
}

/** What a kill left half accepted: what is in the list has been, what is not waits again. `mark` is the file of a vintage that is not listed. */
export function restoreHeld(dataset: string, listed: ReadonlySet<string>, mark: string): void {
  for (const name of heldNames(dataset)) {
    const files = heldFiles(dataset, name);
    const published = join(dataset, name);
    if (listed.has(name)) removeHeld(dataset, name);
    else if (!existsSync(files) && existsSync(join(published, mark))) {
      rmSync(join(published, mark));
      renameSync(published, files);
    }
  }
}

function heldNames(dataset: string): string[] {
  const root = heldRoot(dataset);
  return existsSync(root)
    ? readdirSync(root)
        .filter((name) => VINTAGE_ID.test(name))
        .sort()
    : [];
}
