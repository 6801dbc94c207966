import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, posixRelative } from "../../runner/base/files.ts";
import { VINTAGE_ID } from "../../runner/project/landing.ts";
import type { Vintage } from "../../runner/project/landing.ts";
import { hashFile } from "./hash-file.ts";
import { restoreHeld } from "./held-folder.ts";
import { syncFile, syncFolder } from "./sync.ts";

/** Stands in a vintage until it is listed: a vintage that holds it and is not in the list was cut short by a kill. */
const UNLISTED = ".unlisted";

/** Where a vintage is made: `files` will become the vintage, or `held` around it one that waits; `spill` is for the database. */
export type Workshop = {
  readonly root: string;
  readonly held: string;
  readonly files: string;
  readonly spill: string;
};

export function makeWorkshop(dataset: string, vintage: string): Workshop {
  const root = join(dataset, `.${vintage}.${process.pid}.tmp`);
  rmSync(root, { recursive: true, force: true });
  const held = join(root, "held");
  const workshop = { root, held, files: join(held, "files"), spill: join(root, "spill") };
  makeFolder(workshop.files);
  makeFolder(workshop.spill);
  return workshop;
}

export const removeWorkshop = ({ root }: Workshop): void => rmSync(root, { recursive: true, force: true });

/**
 * Removes what killed landings left: workshops, half-written lists, and whole vintages that were never listed; one that was being
 * accepted waits again. Call with the lock held.
 */
export function removeLeftovers(dataset: string, listed: readonly Vintage[]): void {
  const known = new Set(listed.map(({ vintage }) => vintage));
  restoreHeld(dataset, known, UNLISTED);
  for (const entry of readdirSync(dataset, { withFileTypes: true })) {
    const path = join(dataset, entry.name);
    if (entry.name.endsWith(".tmp")) {
      rmSync(path, { recursive: true, force: true });
    } else if (VINTAGE_ID.test(entry.name) && existsSync(join(path, UNLISTED))) {
      if (known.has(entry.name)) rmSync(join(path, UNLISTED));
      else rmSync(path, { recursive: true });
    }
  }
}

/** Vintages on disk; more than the list says means that the list was lost. */
export function vintagesOnDisk(dataset: string): string[] {
  return readdirSync(dataset).filter((name) => VINTAGE_ID.test(name));
}

type FileFacts = Vintage["files"][number];

/** Syncs a file to disk, and gives its size and hash. */
export async function sealFile(folder: string, path: string): Promise<FileFacts> {
  await syncFile(path);
  return { path: posixRelative(folder, path), bytes: statSync(path).size, sha256: await hashFile(path) };
}

/** Every file of the workshop with its size and hash, each synced to disk, in order of path. `sealed` has those that were sealed before. */
export async function sealFiles(
  { files: folder }: Workshop,
  sealed: ReadonlyMap<string, Promise<FileFacts>>,
): Promise<FileFacts[]> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) {
      syncFolder(path);
    } else {
      files.push(await (sealed.get(path) ?? sealFile(folder, path)));
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Puts the sealed files in their place in one step. The vintage counts once it is in the list. */
export function publish(workshop: Workshop, dataset: string, vintage: string): void {
  markUnlisted(workshop.files);
  syncFolder(workshop.files);
  renameSync(workshop.files, join(dataset, vintage));
  syncFolder(dataset);
}

/** Says of a vintage's folder that it is not in the list, or will not be: if it is not, it may be removed. */
export function markUnlisted(folder: string): void {
  if (existsSync(folder)) writeFileSync(join(folder, UNLISTED), "");
}

export function confirmListed(dataset: string, vintage: string): void {
  syncFolder(dataset);
  rmSync(join(dataset, vintage, UNLISTED), { force: true });
}
