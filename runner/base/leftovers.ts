import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isAlive } from "./is-alive.ts";

/** `c.json.4711.0f3a9c2e.tmp`: process 4711 is writing what will be `c.json`. */
const BESIDE = /\.(\d+)\.[0-9a-f]{8}\.tmp$/;
const TEN_SECONDS = 10_000;

/**
 * A new name for what is written beside a file and takes its place. What killed processes left of such files goes when this one first writes
 * into their folder.
 */
export function besideOf(path: string): string {
  sweepOnce(dirname(path), BESIDE, TEN_SECONDS);
  return `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
}

const swept = new Set<string>();

/**
 * Removes what is named so in a folder, once a process, where the process whose number `pattern` finds is gone and nobody has touched it
 * for so many milliseconds: the folder may be shared with a machine whose processes are not known here.
 */
export function sweepOnce(folder: string, pattern: RegExp, untouched: number): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // it is not there yet
  }
  for (const name of names) {
    const pid = pattern.exec(name)?.[1];
    if (pid !== undefined && isGone(Number(pid))) removeOld(join(folder, name), untouched);
  }
}

/** In a container each process may have the number of this one, which has written nothing yet. */
const isGone = (pid: number): boolean => pid === process.pid || !isAlive(pid);

function removeOld(path: string, untouched: number): void {
  try {
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (touched !== undefined && Date.now() - touched > untouched)
      rmSync(path, { recursive: true, force: true });
  } catch {
    // another user's
  }
}
