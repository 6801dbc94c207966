import { readFileSync } from "node:fs";
import { sep } from "node:path";
import { sha256 } from "../../base/hash.ts";
import type { Stamp, Stamps } from "../../project/stamps.ts";

/** `stamp` null: the file was touched so shortly before it was looked at that it could have changed again unseen. */
export type Input = { readonly path: string; readonly hash: string; readonly stamp: Stamp | null };

/** File systems tell time in steps of up to two seconds. */
const STEP = 2000;

/** `hashes`: of what was read; the others (scripts, which are imported) are read here. */
export function inputsOf(
  root: string,
  stamps: Stamps,
  hashes: ReadonlyMap<string, string>,
  lookedAt: number,
): Input[] {
  return Array.from(stamps, ([path, stamp]) => ({
    path,
    hash: hashes.get(path) ?? hashOf(root, path),
    stamp: isSettled(stamp, lookedAt) ? stamp : null,
  }));
}

/** `inputs`: as they are to be kept, the ones known themselves when every stamp was the same. `changed`: paths of those that say something else. */
export type Held = { readonly inputs: readonly Input[]; readonly changed: readonly string[] };

/** Holds the files of now to those of then: null where one has come or gone. */
export function heldTo(known: readonly Input[], root: string, stamps: Stamps, lookedAt: number): Held | null {
  if (known.length !== stamps.size) return null;
  const changed: string[] = [];
  let fresh: Input[] | undefined;
  for (const [i, { path, hash, stamp }] of known.entries()) {
    const now = stamps.get(path);
    if (now === undefined) return null;
    if (stamp?.every((part, at) => part === now[at])) continue;
    if (hashOf(root, path) !== hash) {
      changed.push(path);
      continue;
    }
    fresh ??= [...known];
    fresh[i] = { path, hash, stamp: isSettled(now, lookedAt) ? now : null };
  }
  return { inputs: fresh ?? known, changed };
}

/** Names what all files of a project say, whatever is made of them: those that are kept, of which some have changed since. */
export function identityOf(
  kept: readonly Input[],
  changed: Iterable<readonly [path: string, hash: string]> = [],
): string {
  const hashes = new Map(kept.map(({ path, hash }) => [path, hash]));
  for (const [path, hash] of changed) hashes.set(path, hash);
  const lines = Array.from(hashes, ([path, hash]) => `${hash} ${path}\n`);
  return sha256(lines.sort().join(""));
}

/** Whether a file with this stamp would have another one by then, had it changed since. */
export const isSettled = ([, mtime, ctime]: Stamp, lookedAt: number): boolean =>
  Math.max(mtime, ctime) < lookedAt - STEP;

export const hashOf = (root: string, path: string): string => sha256(readFileSync(`${root}${sep}${path}`));
