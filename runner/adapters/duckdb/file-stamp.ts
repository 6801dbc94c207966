import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../adapter.ts";

/** Milliseconds in which two writes can have the same time: clocks of file systems step by up to 16. */
const STEP = 32;

/** The stamp of a file that is open, with all that was committed in it; what anybody writes later has another. Throws QueryError. */
export async function settledStamp(session: Session, path: string): Promise<string | null> {
  await session.run("checkpoint");
  await sleep(STEP);
  return stampOf(path);
}

/**
 * Tells what a warehouse file holds from all that it held before and will hold later; null where that cannot be told. Size, times and number change
 * with every write, whoever makes it: nobody can set the time of the last change. What is committed stands in the file, or in a log beside it:
 * where there is one, the file does not say it all. A file of several names may have its log beside another of them.
 */
export function stampOf(path: string): string | null {
  try {
    const real = realpathSync(path);
    // First: a log that went has gone into the file, and would be missed between the two.
    if (hasLog(path) || (real !== path && hasLog(real))) return null;
    const { dev, ino, size, mtimeNs, ctimeNs, nlink } = statSync(real, { bigint: true });
    // A file system that tells time in seconds or milliseconds cannot tell two writes apart.
    if (nlink !== 1n || ctimeNs % 1_000_000n === 0n) return null;
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return null;
  }
}

/** `warehouse.duckdb.wal`, and what DuckDB puts beside it while it writes. */
const hasLog = (path: string): boolean =>
  readdirSync(dirname(path)).some((name) => name.startsWith(`${basename(path)}.wal`));
