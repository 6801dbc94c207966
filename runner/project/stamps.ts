import { statSync } from "node:fs";
import type { Stats } from "node:fs";
import { sep } from "node:path";
import type { FoundPaths } from "./find-files.ts";

/** Size, time of the contents, time of any change, and the file's number: another file has other ones. Times in milliseconds. */
export type Stamp = readonly [size: number, mtime: number, ctime: number, ino: number];
/** By path from the root, with slashes. */
export type Stamps = ReadonlyMap<string, Stamp>;

/** Looked at before anything is read: what changes afterwards has another stamp the next time. */
export function stampsOf(root: string, found: FoundPaths): Stamps {
  const stamps = new Map<string, Stamp>();
  for (const paths of found.values())
    for (const path of paths) stamps.set(path, stampIn(statSync(`${root}${sep}${path}`)));
  return stamps;
}

export const stampIn = ({ size, mtimeMs, ctimeMs, ino }: Stats): Stamp => [size, mtimeMs, ctimeMs, ino];

const PARTS = 4;

/** As numbers in a row, in the order of the map, which take a tenth of the time to be handed to another thread. */
export function packStamps(stamps: Stamps): Float64Array<ArrayBuffer> {
  const packed = new Float64Array(stamps.size * PARTS);
  let at = 0;
  for (const stamp of stamps.values()) {
    packed.set(stamp, at);
    at += PARTS;
  }
  return packed;
}

export function unpackStamps(found: FoundPaths, packed: Float64Array): Stamps {
  const stamps = new Map<string, Stamp>();
  let at = 0;
  for (const paths of found.values()) {
    for (const path of paths) {
      stamps.set(path, [packed[at]!, packed[at + 1]!, packed[at + 2]!, packed[at + 3]!]);
      at += PARTS;
    }
  }
  return stamps;
}
