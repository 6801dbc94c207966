import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { isObject } from "../../base/json.ts";
import { readNote, writeNote } from "./store.ts";
import type { ManifestRest } from "./kept-project.ts";

const NOTE = "manifest.json";
const PIECE = 1_048_576;

/** The file's number, size and times: of the one that was written, and of no other. `head`: bytes before what is the same. */
type Note = { readonly tag: string; readonly file: string; readonly head: number };

/** The manifest at `path` after its head, if it is the one that was written for `tag`; then notes the one that is written for it. */
export function keptRest(folder: string, path: string, tag: string): ManifestRest {
  const note = readNote(folder, NOTE) as Note | undefined;
  return {
    same: isObject(note) && note.tag === tag ? pieces(path, note) : undefined,
    written: (head) => {
      try {
        writeNote(folder, NOTE, { tag, file: numberOf(statSync(path, { bigint: true })), head });
      } catch {
        // the next one is made anew
      }
    },
  };
}

/** Opened here: whatever takes its place at `path` meanwhile, this one is read to its end. */
function pieces(path: string, { file, head }: Note): Iterable<Uint8Array> | undefined {
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch {
    return undefined;
  }
  const stat = fstatSync(handle, { bigint: true });
  if (numberOf(stat) !== file) {
    closeSync(handle);
    return undefined;
  }
  return read(handle, head);
}

function* read(handle: number, from: number): Generator<Uint8Array> {
  try {
    for (let at = from; ;) {
      // A new one each time: the one before may still be on its way to the disk.
      const buffer = Buffer.allocUnsafe(PIECE);
      const length = readSync(handle, buffer, 0, PIECE, at);
      if (length === 0) return;
      at += length;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}

const numberOf = ({
  ino,
  size,
  mtimeNs,
  ctimeNs,
}: {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}): string => [ino, size, mtimeNs, ctimeNs].join(" ");
