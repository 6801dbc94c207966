import { spliceAtomic } from "../../base/files.ts";
import type { Splice } from "../../base/files.ts";
import { sha256 } from "../../base/hash.ts";
import { contentNumberOf, findManifest, keepManifest, keptPath, lastKept } from "./manifest-notes.ts";
import type { Said } from "./manifest-notes.ts";

/** Of entries that are put into what is there; writing all anew takes as long as some thousands of them. */
const AT_MOST = 500;

export type KeptManifest = {
  /**
   * Writes the manifest again under another head, with the entries anew that say something else now; false where the rest is not known to
   * be the same.
   */
  renew(head: string, entry: (id: string) => string): Promise<boolean>;
  /** Keeps it for a run that will leave it; the one that is there stays. false: as above. */
  foresee(entry: (id: string) => string): Promise<boolean>;
  /** A hash of what it says. */
  said(): string;
  /** To be called when it was written anew, with the bytes of its head and where entries stand after it: begins and bytes in turns, in the order of the graph. */
  written(head: number, places: readonly number[]): void;
};

/** The manifest at `path`, made of the one that was written last or of one that said the same; `ids` of its nodes, in the order of the graph. */
export function keptManifest(
  folder: string,
  path: string,
  ids: readonly string[],
  said: () => Said,
): KeptManifest {
  const note = (to: string, head: number, places: readonly number[]): void => {
    const file = contentNumberOf(to);
    if (file !== undefined) keepManifest(folder, to, { ...said(), file, head, places }, hashOf(said()));
  };
  const make = async (to: string, head: string | null, entry: (id: string) => string): Promise<boolean> => {
    const hash = hashOf(said());
    const { tag, words } = said();
    const old = findManifest(folder, path, hash) ?? findManifest(folder, path, lastKept(folder));
    if (old === undefined || old.words.length !== ids.length || old.tag !== tag) return false;
    const changed = ids.flatMap((id, i) => (words[i] === old.words[i] ? [] : [{ id, i }]));
    if (changed.length > AT_MOST) return false;
    const others = changed.map(({ id, i }) => ({ i, text: entry(id) }));
    const inOrder = others.toSorted((a, b) => old.places[2 * a.i]! - old.places[2 * b.i]!);
    const splices: Splice[] = head === null ? [] : [{ from: 0, to: old.head, text: head }];
    for (const { i, text } of inOrder) {
      const from = old.head + old.places[2 * i]!;
      splices.push({ from, to: from + old.places[2 * i + 1]!, text });
    }
    if (!(await spliceAtomic(to, splices, old.isStill, old.path))) return false;
    note(to, head === null ? old.head : Buffer.byteLength(head), moved(old.places, inOrder));
    return true;
  };
  return {
    renew: (head, entry) => make(path, head, entry),
    foresee: (entry) => make(keptPath(folder, hashOf(said())), null, entry),
    said: () => hashOf(said()),
    written: (head, places) => note(path, head, places),
  };
}

const hashOf = ({ tag, words }: Said): string => sha256(JSON.stringify([tag, words]));

/** Writes the manifest at `path` again under another head; false where none is kept that says this still, by its hash. */
export async function renewHead(folder: string, path: string, said: string, head: string): Promise<boolean> {
  const old = findManifest(folder, path, said);
  if (old === undefined || hashOf(old) !== said) return false;
  const splice = { from: 0, to: old.head, text: head };
  if (!(await spliceAtomic(path, [splice], old.isStill, old.path))) return false;
  const file = contentNumberOf(path);
  const { tag, words, places } = old;
  if (file !== undefined)
    keepManifest(folder, path, { tag, words, places, file, head: Buffer.byteLength(head) }, said);
  return true;
}

/** Places after some entries have got other texts; these in the order of the file. */
function moved(
  places: readonly number[],
  others: readonly { readonly i: number; readonly text: string }[],
): readonly number[] {
  const grown = others.map(({ i, text }) => {
    const bytes = Buffer.byteLength(text);
    return { i, begin: places[2 * i]!, bytes, by: bytes - places[2 * i + 1]! };
  });
  const now = [...places];
  for (const { i, bytes } of grown) now[2 * i + 1] = bytes;
  const shifts = grown.filter(({ by }) => by !== 0);
  if (shifts.length === 0) return now;
  for (let at = 0; at < now.length; at += 2) {
    const begin = now[at]!;
    for (const shift of shifts) if (shift.begin < begin) now[at]! += shift.by;
  }
  return now;
}
