import { statSync } from "node:fs";
import { spliceAtomic } from "../../base/files.ts";
import type { Splice } from "../../base/files.ts";
import { sha256 } from "../../base/hash.ts";
import { isObject } from "../../base/json.ts";
import { readNote, writeNote } from "./store.ts";

const NOTE = "manifest.json";

/** Of entries that are put into what is there; writing all anew takes as long as some thousands of them. */
const AT_MOST = 500;

/** What a manifest says: all that is not in the entries of nodes, and a word for each of these, in the order of the graph. */
export type Said = { readonly tag: string; readonly words: readonly string[] };

export type KeptManifest = {
  /** Writes the manifest again under another head, with the entries anew that say something else now; false where the rest is not known to be the same. */
  renew(head: string, entry: (id: string) => string): Promise<boolean>;
  /** A hash of what it says. */
  said(): string;
  /** To be called when it was written anew, with the bytes of its head and where entries stand after it: begins and bytes in turns, in the order of the graph. */
  written(head: number, places: readonly number[]): void;
};

/** `file`: number, size and times of the one that was written, and of no other. */
type Note = Said & { readonly file: string; readonly head: number; readonly places: readonly number[] };

/** The manifest at `path`, if it is the one that was written last; `ids` of its nodes, in the order of the graph. */
export function keptManifest(
  folder: string,
  path: string,
  ids: readonly string[],
  said: () => Said,
): KeptManifest {
  const note = (head: number, places: readonly number[]): void => {
    const file = numberOf(path);
    try {
      if (file !== undefined) writeNote(folder, NOTE, { ...said(), file, head, places } satisfies Note);
    } catch {
      // the next one is made anew
    }
  };
  return {
    async renew(head, entry) {
      const old = readNote(folder, NOTE);
      const { tag, words } = said();
      if (!isNote(old) || old.words.length !== ids.length || old.tag !== tag) return false;
      const changed = ids.flatMap((id, i) => (words[i] === old.words[i] ? [] : [{ id, i }]));
      if (changed.length > AT_MOST) return false;
      const others = changed.map(({ id, i }) => ({ i, text: entry(id) }));
      const inOrder = others.toSorted((a, b) => old.places[2 * a.i]! - old.places[2 * b.i]!);
      const splices: Splice[] = [{ from: 0, to: old.head, text: head }];
      for (const { i, text } of inOrder) {
        const from = old.head + old.places[2 * i]!;
        splices.push({ from, to: from + old.places[2 * i + 1]!, text });
      }
      if (!(await spliceAtomic(path, splices, () => numberOf(path) === old.file))) return false;
      note(Buffer.byteLength(head), moved(old.places, inOrder));
      return true;
    },
    said: () => hashOf(said()),
    written: note,
  };
}

const hashOf = ({ tag, words }: Said): string => sha256(JSON.stringify([tag, words]));

/** Writes the manifest at `path` again under another head; false where it is not known to say this still, by its hash. */
export async function renewHead(folder: string, path: string, said: string, head: string): Promise<boolean> {
  const note = readNote(folder, NOTE);
  if (!isNote(note) || hashOf(note) !== said) return false;
  const splice = { from: 0, to: note.head, text: head };
  if (!(await spliceAtomic(path, [splice], () => numberOf(path) === note.file))) return false;
  const file = numberOf(path);
  if (file !== undefined) writeNote(folder, NOTE, { ...note, file, head: Buffer.byteLength(head) });
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

/** Another one with every change of a file; undefined: it is not there. */
export function numberOf(path: string): string | undefined {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return undefined;
  }
}

/** A note is whole or is not read; this tells one of an earlier version of Statloom. */
const isNote = (value: unknown): value is Note =>
  isObject(value) &&
  Array.isArray(value["words"]) &&
  Array.isArray(value["places"]) &&
  value["places"].length === 2 * value["words"].length;
