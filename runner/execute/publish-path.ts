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
import { diskError, makeFolder } from "../base/files.ts";

/** Removes a file or folder, and makes sure that the folder around it is there. */
export function clearPath(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw diskError(`cannot remove ${path}`, error);
  }
  makeFolder(dirname(path));
}

/** Removes what a failed build left, if it can: the failure itself is what must be told. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // the next build removes it
  }
}

/**
 * Puts a finished file or folder where an older one may be; a file at once, a folder by two renames. With `partitions`, the folders
 * of that depth take their twins' places one by one, and what else is there stays.
 */
export function publishPath(from: string, to: string, partitions: number | null): void {
  try {
    syncAll(from);
    if (partitions === null || !existsSync(to)) return replace(from, to);
    for (const folder of foldersAt(from, partitions)) {
      makeFolder(dirname(join(to, folder)));
      replace(join(from, folder), join(to, folder));
    }
    rmSync(from, { recursive: true, force: true });
  } catch (error) {
    throw diskError(`cannot write ${to}`, error);
  }
}

function replace(from: string, to: string): void {
  const old = `${from}.old`;
  rmSync(old, { recursive: true, force: true });
  // Only a file can be replaced by a rename alone.
  const swaps = existsSync(to) && (statSync(to).isDirectory() || statSync(from).isDirectory());
  if (swaps) renameSync(to, old);
  try {
    renameSync(from, to);
  } catch (error) {
    if (swaps) renameSync(old, to);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Folders so many levels below, relative: `geo=AT/year=2024`. */
function foldersAt(root: string, depth: number): string[] {
  if (depth === 0) return [""];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => foldersAt(join(root, name), depth - 1).map((below) => join(name, below)));
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
