import { findPaths } from "../../project/find-files.ts";
import { stampsOf } from "../../project/stamps.ts";
import { hashOf, heldTo, identityOf } from "./inputs.ts";
import { readHeader, writeHeader } from "./store.ts";

/**
 * Names what all files of a project say now, as `identityOf`; undefined: some have come or gone since they were kept. Those that say the same
 * under another stamp are not read again the next time. `now` in milliseconds since 1970.
 */
export function identityNow(folder: string, root: string, now: number): string | undefined {
  const header = readHeader(folder);
  if (header === undefined) return undefined;
  const held = heldTo(header.inputs, root, stampsOf(root, findPaths(root)), now);
  if (held === null) return undefined;
  if (held.inputs !== header.inputs) {
    try {
      writeHeader(folder, { ...header, inputs: held.inputs });
    } catch {
      // they are read again
    }
  }
  return identityOf(
    header.inputs,
    held.changed.map((path) => [path, hashOf(root, path)] as const),
  );
}

/** The same of files that were so young when they were kept that they had to be read again. */
export function settleFiles(folder: string, root: string, now: number): void {
  if (readHeader(folder)?.inputs.some(({ stamp }) => stamp === null) === true) identityNow(folder, root, now);
}
