import { isAscii } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { sep } from "node:path";
import { sha256 } from "../../base/hash.ts";
import { trimmedBytes } from "../../base/text.ts";

/** Files that were read by another thread; the bytes, one file's after the other's, are handed over rather than copied. */
export type Gathered = {
  /** From the project's folder, with slashes. */
  readonly paths: readonly string[];
  /** Where the bytes of each end. */
  readonly ends: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isAscii: boolean;
  /** sha256 of what stands in each between the white space at its ends. */
  readonly checksums: readonly string[];
  /** sha256 of each, where they were asked for. */
  readonly hashes: readonly string[] | null;
};

/** Enough that 10,000 models are a few of them, and that they go back to the system, which pieces of a megabyte do not. */
const BYTES = 4 << 20;

/** Reads files of `root` into large pieces of memory. Throws what reading throws. */
export function gather(root: string, paths: Iterable<string>, withHashes: boolean): Gathered[] {
  const pieces: Gathered[] = [];
  let bytes = new Uint8Array(BYTES);
  let [end, files, ends]: [number, string[], number[]] = [0, [], []];
  for (const path of paths) {
    const handle = openSync(`${root}${sep}${path}`, "r");
    try {
      let begin = end;
      for (let read = -1; read !== 0;) {
        if (end === bytes.length) {
          // What there is of this file goes into the next piece.
          const begun = bytes.subarray(begin, end);
          if (files.length > 0) pieces.push(pieceOf(files, ends, bytes, withHashes));
          bytes = new Uint8Array(Math.max(BYTES, 2 * begun.length));
          bytes.set(begun);
          [begin, end, files, ends] = [0, begun.length, [], []];
        }
        read = readSync(handle, bytes, end, bytes.length - end, null);
        end += read;
      }
    } finally {
      closeSync(handle);
    }
    files.push(path);
    ends.push(end);
  }
  if (files.length > 0) pieces.push(pieceOf(files, ends, bytes, withHashes));
  return pieces;
}

function pieceOf(
  paths: readonly string[],
  ends: readonly number[],
  bytes: Uint8Array<ArrayBuffer>,
  withHashes: boolean,
): Gathered {
  const each = ends.map((end, i) => {
    const begin = ends[i - 1] ?? 0;
    return Buffer.from(bytes.buffer, begin, end - begin);
  });
  return {
    paths,
    ends,
    bytes,
    isAscii: isAscii(bytes.subarray(0, ends.at(-1))),
    // What else than ASCII counts as white space only text tells.
    checksums: each.map((file) => sha256(isAscii(file) ? trimmedBytes(file) : file.toString().trim())),
    hashes: withHashes ? each.map(sha256) : null,
  };
}
