import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../runner/base/is-alive.ts";
import { isObject, parseJson } from "../../runner/base/json.ts";
import { OperationError } from "../../runner/base/errors.ts";
import { diskError } from "../../runner/base/files.ts";

/** A lock that another machine has not touched for this long is a dead one's; holders touch theirs four times as often. */
const FOREIGN_STALE_MS = 60_000;
/** Locks of this process, so that a number of its own found in an old lock is not taken for itself. */
const held = new Set<string>();

/**
 * Runs `body` while no other process works on the dataset in `folder`. The lock is a file with the holder's process number;
 * one left by a process that is gone is taken over. Waits for at most `patienceMs`.
 */
export async function withDatasetLock<T>(
  folder: string,
  body: () => Promise<T>,
  patienceMs = 60_000,
): Promise<T> {
  const path = join(folder, ".lock");
  const deadline = Date.now() + patienceMs;
  while (!take(path)) {
    if (Date.now() > deadline) {
      throw new OperationError("DATASET_BUSY", `another landing is at work in ${folder}`, {
        hint: `wait for it to end; if there is none, remove ${path}`,
        retryable: true,
      });
    }
    await sleep(50);
  }
  const heartbeat = setInterval(() => touch(path), FOREIGN_STALE_MS / 4);
  heartbeat.unref();
  try {
    return await body();
  } finally {
    clearInterval(heartbeat);
    held.delete(path);
    rmSync(path, { force: true });
  }
}

/** Whether a process that lives holds the lock of `folder`. */
export function isLocked(folder: string): boolean {
  const path = join(folder, ".lock");
  const found = read(path);
  return found !== undefined && !isStale(path, found);
}

/** Takes the lock where it is free; one that is stale counts as free. */
function take(path: string): boolean {
  if (create(path)) return true;
  const found = read(path);
  if (found === undefined || !isStale(path, found)) return false;
  removeStale(path, found);
  return create(path);
}

function create(path: string): boolean {
  const me = JSON.stringify({ pid: process.pid, host: hostname(), token: randomBytes(8).toString("hex") });
  try {
    writeFileSync(path, me, { flag: "wx" });
    held.add(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw diskError(`cannot write ${path}`, error);
    return false;
  }
}

/** Moved before it is removed: of two that find the same stale lock one gets it, and a fresh lock is put back. */
function removeStale(path: string, judged: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    renameSync(path, aside);
    if (read(aside) === judged) rmSync(aside, { force: true });
    else renameSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw diskError(`cannot remove ${path}`, error);
  }
}

function isStale(path: string, text: string): boolean {
  const holder = parseJson(text);
  // Cut short by a kill, or being written this instant.
  if (!isObject(holder)) return age(path) > 2000;
  const { pid, host } = holder;
  if (host !== hostname()) return age(path) > FOREIGN_STALE_MS;
  if (pid === process.pid) return !held.has(path);
  // A number is given again after a restart of the machine, and a lock from before it is nobody's.
  if (age(path) > uptime() * 1000) return true;
  return typeof pid === "number" && !isAlive(pid);
}

function age(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The next landing decides what a lost lock means; this one goes on.
  }
}
