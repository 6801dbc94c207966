import { linkSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { newMark, readNote, writeNote } from "./store.ts";

/** What a manifest says: all that is not in the entries of nodes, and a word for each of these, in the order of the graph. */
export type Said = { readonly tag: string; readonly words: readonly string[] };

/** `file`: number, size and time of the one that was written, and of no other. `places`: begins and bytes in turns. */
export type ManifestNote = Said & {
  readonly file: string;
  readonly head: number;
  readonly places: readonly number[];
};

/** Runs in turns leave different ones; the one that was left longest ago goes. */
const KEPT = 4;
/** Of those that are in the place of the manifest no longer. */
const MOST_BYTES = 200_000_000;

const NAME = /^manifest-([0-9a-f]{16})\.(?:json|kept)$/;
const nameOf = (said: string, kind: "json" | "kept"): string => `manifest-${said.slice(0, 16)}.${kind}`;

/** Where the manifest that says this, by its hash, is kept under a name of its own. */
export const keptPath = (folder: string, said: string): string => join(folder, nameOf(said, "kept"));

/** A manifest that was written, and the path at which it is. */
export type FoundManifest = ManifestNote & { readonly path: string; readonly isStill: () => boolean };

/** The one that says this, by the beginning of its hash, at `path` or where it is kept; undefined: neither is known to be it. */
export function findManifest(
  folder: string,
  path: string,
  said: string | undefined,
): FoundManifest | undefined {
  const note = said === undefined ? undefined : readNote(folder, nameOf(said, "json"));
  if (said === undefined || !isNote(note)) return undefined;
  const at = [path, keptPath(folder, said)].find((each) => contentNumberOf(each) === note.file);
  return at === undefined
    ? undefined
    : { ...note, path: at, isStill: () => contentNumberOf(at) === note.file };
}

/** The beginning of the hash of the one that was noted last. */
export const lastKept = (folder: string): string | undefined => notedIn(folder)[0]?.said;

/**
 * Notes the manifest at `path`, and gives it a second name under which it stays when another takes its place. What cannot be noted is made
 * anew the next time.
 */
export function keepManifest(folder: string, path: string, note: ManifestNote, said: string): void {
  try {
    writeNote(folder, nameOf(said, "json"), note);
    const kept = keptPath(folder, said);
    if (path !== kept) giveName(path, kept);
    dropOldest(folder);
  } catch {
    // a full disk, or one that knows no second names
  }
}

function giveName(path: string, name: string): void {
  const beside = `${name}.${newMark()}.tmp`;
  try {
    linkSync(path, beside);
    renameSync(beside, name);
  } finally {
    // Of two names of one file none takes the place of the other.
    rmSync(beside, { force: true });
  }
}

function dropOldest(folder: string): void {
  let bytes = 0;
  for (const [i, { said, size }] of notedIn(folder).entries()) {
    if (i > 0) bytes += size;
    if (i < KEPT && bytes <= MOST_BYTES) continue;
    for (const kind of ["json", "kept"] as const) rmSync(join(folder, nameOf(said, kind)), { force: true });
  }
}

/** The last one first. `size`: of the manifest, in bytes. */
function notedIn(folder: string): { readonly said: string; readonly size: number }[] {
  const found = new Map<string, { said: string; size: number; at: number }>();
  for (const name of readdirSync(folder)) {
    const said = NAME.exec(name)?.[1];
    const stat = said === undefined ? undefined : statSync(join(folder, name), { throwIfNoEntry: false });
    if (said === undefined || stat === undefined) continue;
    const one = found.get(said) ?? { said, size: 0, at: 0 };
    found.set(said, name.endsWith(".json") ? { ...one, at: stat.mtimeMs } : { ...one, size: stat.size });
  }
  return [...found.values()].toSorted((a, b) => b.at - a.at);
}

/** Another one with every change of what a file holds, whatever names it has; undefined: it is not there. */
export const contentNumberOf = (path: string): string | undefined => numbersOf(path)?.slice(0, 3).join(" ");

/** Another one with every change of a file; undefined: it is not there. */
export const numberOf = (path: string): string | undefined => numbersOf(path)?.join(" ");

function numbersOf(path: string): bigint[] | undefined {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs];
  } catch {
    return undefined;
  }
}

/** A note is whole or is not read; this tells one of an earlier version of Statloom. */
const isNote = (value: unknown): value is ManifestNote =>
  isObject(value) &&
  Array.isArray(value["words"]) &&
  Array.isArray(value["places"]) &&
  value["places"].length === 2 * value["words"].length;
