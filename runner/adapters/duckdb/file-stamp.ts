import { readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { besideOf } from "../../base/leftovers.ts";
import type { Session } from "../adapter.ts";

/** Milliseconds after which a clock of a file system has stepped on: they step by up to 16. */
const STEP = 32;

/**
 * The stamp of a file that is open, with all that was committed in it; what anybody writes later has another. null: that cannot be told. Throws
 * QueryError.
 */
export async function settledStamp(session: Session, path: string): Promise<string | null> {
  await session.run("checkpoint");
  const stamp = stampOf(path);
  if (stamp === null) return null;
  await clockPast(path);
  return stampOf(path) === stamp ? stamp : null;
}

/** Waits until whatever is written beside the file has a later time than the file has: most often 4 ms, on no system longer than its clock's step. */
async function clockPast(path: string): Promise<void> {
  const real = realpathSync(path);
  const { mtimeNs, ctimeNs } = statSync(real, { bigint: true });
  const probe = besideOf(real);
  const end = performance.now() + STEP;
  try {
    for (let text = "."; performance.now() < end; text += ".") {
      writeFileSync(probe, text);
      const now = statSync(probe, { bigint: true });
      if (now.mtimeNs > mtimeNs && now.ctimeNs > ctimeNs) return;
      await sleep(1);
    }
  } catch {
    // Nothing can be written here but the file itself.
    await sleep(end - performance.now());
  } finally {
    rmSync(probe, { force: true });
  }
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
