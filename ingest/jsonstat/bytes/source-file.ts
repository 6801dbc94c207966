import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { diskError } from "../../../runner/base/files.ts";
import { DocumentError } from "../document-error.ts";

/** An open document on disk. */
export type SourceFile = {
  readonly path: string;
  readonly fd: number;
  readonly size: number;
  readonly modified: number;
};

export function openSource(path: string): SourceFile {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const facts = fstatSync(fd);
    if (facts.isDirectory()) throw new Error("it is a folder");
    return { path, fd, size: facts.size, modified: facts.mtimeMs };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw diskError(`cannot read ${path}`, error);
  }
}

/** Opens once more what was read before. Throws a DocumentError when it is no longer the same. */
export function openUnchanged(known: Omit<SourceFile, "fd">): SourceFile {
  const file = openSource(known.path);
  if (file.size === known.size && file.modified === known.modified) return file;
  closeSource(file);
  throw new DocumentError(known.path, [
    { code: "CHANGED", message: "the document changed while it was being read", line: null, column: null },
  ]);
}

export const closeSource = (file: SourceFile): void => closeSync(file.fd);

/** Fills `into` from `offset` as far as the file goes; returns the bytes read. */
export function readAt(file: SourceFile, into: Uint8Array, offset: number): number {
  try {
    return readSync(file.fd, into, 0, into.length, offset);
  } catch (error) {
    throw diskError(`cannot read ${file.path}`, error);
  }
}

/** Throws for what stands at byte `offset`. */
export function refuseAt(
  file: SourceFile,
  offset: number,
  code: string,
  message: string,
  hint?: string,
): never {
  throw new DocumentError(file.path, [
    { code, message, ...lineAndColumn(file, offset), ...(hint && { hint }) },
  ]);
}

/** Columns count characters, as editors do; on lines longer than a megabyte (one-line documents) they count bytes. */
export function lineAndColumn(file: SourceFile, offset: number): { line: number; column: number } {
  const block = Buffer.allocUnsafe(1 << 16);
  let line = 1;
  let lineStart = 0;
  for (let base = 0; base < offset;) {
    const got = Math.min(readAt(file, block, base), offset - base);
    if (got <= 0) break;
    const bytes = block.subarray(0, got);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
      line++;
      lineStart = base + at + 1;
    }
    base += got;
  }
  const length = offset - lineStart;
  if (length > 1 << 20) return { line, column: length + 1 };
  const prefix = Buffer.alloc(length);
  readAt(file, prefix, lineStart);
  return { line, column: prefix.toString("utf8").length + 1 };
}
