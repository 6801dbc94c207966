import { chmodSync, closeSync, constants, fsyncSync, openSync, readdirSync } from "node:fs";
import { copyFileSync, existsSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../../base/is-alive.ts";
import { diskError, makeFolder, removeLeftover } from "../../base/files.ts";
import type { Published } from "../publish.ts";

/**
 * Copies a closed warehouse beside `to`, syncs it and renames it over `to`: whoever reads keeps the old file, whoever opens gets the
 * new one. Must be called as soon as the warehouse is closed. What killed copies left is removed. A failure is an OperationError.
 *
 * This process must not have the warehouse open: closing any handle of a file gives up its locks on it.
 */
export function publishCopy(from: string, to: string): Published {
  const beside = `${to}.${process.pid}.tmp`;
  try {
    if (existsSync(`${from}.wal`)) return "busy";
    const before = statSync(from);
    makeFolder(dirname(to));
    sweep(to);
    const old = statSync(to, { throwIfNoEntry: false });
    if (old && isSame(before, old)) return "unchanged";
    // A clone where the file system can, at no cost; else the bytes.
    copyFileSync(from, beside, constants.COPYFILE_FICLONE);
    if (!isSame(before, statSync(from))) {
      rmSync(beside);
      return "busy";
    }
    utimesSync(beside, before.atime, before.mtime);
    const handle = openSync(beside, "r+");
    fsyncSync(handle);
    closeSync(handle);
    // Nobody should change it, or lock others out of it.
    chmodSync(beside, 0o444);
    // A log that a writer left all the same belongs to the file that goes.
    rmSync(`${to}.wal`, { force: true });
    renameSync(beside, to);
    return "published";
  } catch (error) {
    removeLeftover(beside);
    throw diskError(`cannot publish ${to}`, error);
  }
}

/** The published copy keeps the time of what it was copied from, to the millisecond. */
const isSame = (a: Stats, b: Stats): boolean => a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) < 2;

/** Removes the copies of processes that are gone. */
function sweep(to: string): void {
  for (const name of readdirSync(dirname(to))) {
    if (!name.startsWith(`${basename(to)}.`)) continue;
    const pid = /^(\d+)\.tmp$/.exec(name.slice(basename(to).length + 1))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeLeftover(join(dirname(to), name));
  }
}
