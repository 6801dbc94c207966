import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { OperationError } from "../base/errors.ts";
import { diskError, makeFolder } from "../base/files.ts";

/** Where what is being replaced waits: as a whole, and folder by folder. */
const oldWhole = (to: string): string => `${to}.statloom_old`;
const oldParts = (to: string): string => `${to}.statloom_old_parts`;
/** Partitions that are all there, and are being put in place one by one. */
const newParts = (to: string): string => `${to}.statloom_new_parts`;

/**
 * Removes what a run that was killed left in `from`, which was to become `to`. What it was putting in place is put back where it was one
 * thing, or brought to its end: of partitions some may have been read already.
 */
export function settlePath(from: string, to: string): void {
  try {
    remove(from);
    if (existsSync(oldWhole(to)) && !existsSync(to)) renameSync(oldWhole(to), to);
    remove(oldWhole(to));
    placeParts(to);
  } catch (error) {
    throw diskError(`cannot make ready for ${to}`, error);
  }
}

/** Only a person removes what is to be added to, or forgets to mount it. */
export function checkThere(to: string): void {
  if (existsSync(to)) return;
  throw new OperationError("FILES_GONE", `nothing is at ${to} any more`, {
    hint: "put back what was there, or build it from nothing: --full-refresh",
  });
}

/** Makes ready for writing `from`, which will become `to`, and makes the folder around it. */
export function preparePath(from: string, to: string): void {
  settlePath(from, to);
  makeFolder(dirname(from));
}

/** Removes what a failed build left, if it can: the failure itself is what must be told. */
export function removeQuietly(path: string): void {
  try {
    remove(path);
  } catch {
    // the next build removes it
  }
}

/**
 * Puts a finished file or folder where an older one may be; a file at once, a folder by two renames. With `byParts`, its folders take their twins' places one by one, and what else is there stays.
 */
export function publishPath(from: string, to: string, byParts: boolean): void {
  try {
    syncAll(from);
    if (!byParts || !existsSync(to)) return publishWhole(from, to);
    renameSync(from, newParts(to));
    placeParts(to);
  } catch (error) {
    throw diskError(`cannot write ${to}`, error);
  }
}

/** Goes on where a kill stopped it. */
function placeParts(to: string): void {
  if (existsSync(newParts(to))) {
    for (const folder of leavesOf(newParts(to))) {
      if (existsSync(join(to, folder))) move(join(to, folder), join(oldParts(to), folder));
      move(join(newParts(to), folder), join(to, folder));
    }
  }
  remove(oldParts(to));
  remove(newParts(to));
}

function publishWhole(from: string, to: string): void {
  // Only a file can take a file's place by one rename.
  const swaps = existsSync(to) && (statSync(to).isDirectory() || statSync(from).isDirectory());
  if (swaps) renameSync(to, oldWhole(to));
  try {
    renameSync(from, to);
  } catch (error) {
    if (swaps) renameSync(oldWhole(to), to);
    throw error;
  }
  remove(oldWhole(to));
}

const remove = (path: string): void => rmSync(path, { recursive: true, force: true });

function move(from: string, to: string): void {
  makeFolder(dirname(to));
  renameSync(from, to);
}

const foldersIn = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Folders that hold no other folder. */
function leavesOf(root: string): string[] {
  return foldersIn(root).flatMap((name) => {
    const below = leavesOf(join(root, name));
    return below.length === 0 ? [name] : below.map((leaf) => join(name, leaf));
  });
}

function syncAll(path: string): void {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) syncAll(join(path, name));
    return;
  }
  const handle = openSync(path, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
