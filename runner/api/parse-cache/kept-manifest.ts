import { statSync } from "node:fs";
import { isObject } from "../../base/json.ts";
import { copyAtomic } from "../../base/files.ts";
import type { KeptManifest } from "./kept-project.ts";
import { readNote, writeNote } from "./store.ts";

const NOTE = "manifest.json";

/** `file`: number, size and times of the one that was written, and of no other. `head`: bytes before what is the same. */
type Note = { readonly tag: string; readonly file: string; readonly head: number };

/** The manifest at `path`, if it is the one that was written for `tag`; and a note of the one that is written for it. */
export function keptManifest(folder: string, path: string, tag: string): KeptManifest {
  const written = (head: number): void => {
    const file = numberOf(path);
    try {
      if (file !== undefined) writeNote(folder, NOTE, { tag, file, head });
    } catch {
      // the next one is made anew
    }
  };
  return {
    async copy(head) {
      const note = readNote(folder, NOTE) as Note | undefined;
      const length = Buffer.byteLength(head);
      if (!isObject(note) || note.tag !== tag || length > note.head) return false;
      // Spaces mean nothing there.
      const padded = head + " ".repeat(note.head - length);
      const isCopied = await copyAtomic(path, padded, () => numberOf(path) === note.file);
      if (isCopied) written(note.head);
      return isCopied;
    },
    written,
  };
}

function numberOf(path: string): string | undefined {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return undefined;
  }
}
