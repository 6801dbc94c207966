import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, readdirSync } from "node:fs";
import { renameSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { OperationError, messageOf } from "./errors.ts";
import { besideOf } from "./leftovers.ts";

/** Writes beside, syncs, renames: a reader sees the old file or the new one, never half of one. What is large can be given as parts. */
export function writeFileAtomic(path: string, data: string | Uint8Array | Iterable<string>): void {
  const beside = besideOf(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const handle = openSync(beside, "wx");
    try {
      const pieces =
        typeof data === "string" ? [Buffer.from(data)] : data instanceof Uint8Array ? [data] : gathered(data);
      for (const bytes of pieces)
        for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, path);
  } catch (error) {
    removeLeftover(beside);
    throw diskError(`cannot write ${path}`, error);
  }
}

/**
 * The same with pieces that are made while those before them are written, not forced to the disk: for what can be made again. A piece is
 * written when the one after the next is asked for.
 */
export async function writePiecesAtomic(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const beside = besideOf(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const handle = await open(beside, "wx");
    try {
      let writing: Promise<void> | undefined;
      for (const bytes of pieces) {
        await writing;
        writing = writeAll(handle, bytes);
        // Told by whoever waits for it; until then nobody does.
        writing.catch(() => undefined);
      }
      await writing;
    } finally {
      await handle.close();
    }
    renameSync(beside, path);
  } catch (error) {
    removeLeftover(beside);
    throw diskError(`cannot write ${path}`, error);
  }
}

/** In one write where the system takes it: the runtime's own cuts them into parts of half a megabyte, and a part waits for whoever makes the next piece. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done)).bytesWritten;
}

/** Bytes of a file that `text` takes the place of. */
export type Splice = { readonly from: number; readonly to: number; readonly text: string };

/**
 * Writes a file again, or another one like it, with other texts in some places, given in their order; not forced to the disk. false:
 * `isMeant` says that it is not the file that was meant, or no longer, and nothing was written.
 */
export async function spliceAtomic(
  path: string,
  splices: Iterable<Splice>,
  isMeant: () => boolean,
  like = path,
): Promise<boolean> {
  if (!isMeant()) return false;
  const beside = besideOf(path);
  try {
    const [old, made] = await Promise.all([open(like, "r"), open(beside, "wx")]);
    try {
      let at = 0;
      for (const { from, to, text } of splices) {
        await copyRange(old, made, at, from);
        await made.writeFile(text);
        at = to;
      }
      await copyRange(old, made, at, Infinity);
    } finally {
      await Promise.all([old.close(), made.close()]);
    }
    if (!isMeant()) return false;
    renameSync(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw diskError(`cannot write ${path}`, error);
  } finally {
    removeLeftover(beside);
  }
}

/** To where `made` is written next. */
async function copyRange(old: FileHandle, made: FileHandle, from: number, to: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(to - from, 1_048_576));
  for (let at = from; at < to;) {
    const { bytesRead } = await old.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (bytesRead === 0) return;
    await made.writeFile(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** Small parts together, so that each write is worth its call; two pieces of memory in turns, as one is being written. */
function* gathered(parts: Iterable<string>): Generator<Uint8Array> {
  let [buffer, other] = [Buffer.allocUnsafe(262_144), Buffer.allocUnsafe(262_144)];
  let filled = 0;
  for (const part of parts) {
    // No character takes more than three bytes for each of its places in a string.
    const most = part.length * 3;
    if (most > buffer.length - filled) {
      yield buffer.subarray(0, filled);
      [buffer, other, filled] = [other, buffer, 0];
    }
    if (most > buffer.length) yield Buffer.from(part);
    else filled += buffer.write(part, filled);
  }
  yield buffer.subarray(0, filled);
}

/**
 * Writes a file that can be made again, whole but not forced to the disk: where one stands already, a reader sees that or the new one. A
 * failure leaves nothing.
 */
export function putFile(path: string, contents: string | Uint8Array): void {
  let leftover: string | undefined;
  try {
    // Of thousands of new files, each would be named twice.
    let handle = openNew(path);
    leftover = handle === undefined ? besideOf(path) : path;
    handle ??= openSync(leftover, "wx");
    try {
      const bytes = typeof contents === "string" ? Buffer.from(contents) : contents;
      for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    } finally {
      closeSync(handle);
    }
    if (leftover !== path) renameSync(leftover, path);
  } catch (error) {
    if (leftover !== undefined) removeLeftover(leftover);
    throw diskError(`cannot write ${path}`, error);
  }
}

/** undefined: something stands there. */
function openNew(path: string): number | undefined {
  try {
    return openSync(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
}

/** The text of a file; undefined: it is not there. What cannot be read is an OperationError. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw diskError(`cannot read ${path}`, error);
  }
}

/** The first bytes of a file, at most so many; fewer where it is shorter. What cannot be read is an OperationError. */
export function readStart(path: string, atMost: number): Buffer {
  try {
    const handle = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(atMost);
      return bytes.subarray(0, readSync(handle, bytes, 0, atMost, 0));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw diskError(`cannot read ${path}`, error);
  }
}

/** Removes what a failed write left, if it can: the failure itself is what must be told. */
export function removeLeftover(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // a file stands where the folder should be, or the disk is gone: nothing was left there
  }
}

/** A disk failure in words, with what to do about the usual ones. */
export function diskError(what: string, cause: unknown): OperationError {
  const hint = DISK_HINTS[(cause as NodeJS.ErrnoException | null)?.code ?? ""];
  return new OperationError("DISK", `${what}: ${messageOf(cause)}`, { cause, ...(hint && { hint }) });
}

/** What to do about a disk failure that somebody else met and told in the system's own words. */
export function diskHint(message: string): string | undefined {
  const words = {
    ENOSPC: /No space left on device/i,
    EROFS: /Read-only file system/i,
    EACCES: /Permission denied/i,
  };
  return Object.entries(words).flatMap(([code, pattern]) =>
    pattern.test(message) ? [DISK_HINTS[code]!] : [],
  )[0];
}

const NO_RIGHT =
  "this user has no right to: change the permissions of the file and its folder, or name another";
const FULL = "the disk is full: free some space and repeat the command; what was there before is untouched";
const DISK_HINTS: Readonly<Record<string, string>> = {
  EACCES: NO_RIGHT,
  EPERM: NO_RIGHT,
  EROFS: "the file system is read-only: name a folder elsewhere",
  ENOSPC: FULL,
  EDQUOT: FULL,
  EMFILE: "too many files are open: raise the limit (ulimit -n), or use fewer threads",
  EISDIR: "a folder stands where a file is needed",
  ENOTDIR: "a file stands where a folder is needed",
  EEXIST: "a file stands where a folder is needed",
};

/** Keeps beside the artifacts what can be found out again: where it cannot be written, it will be. */
export function keepFile(path: string, text: string): void {
  try {
    writeFileAtomic(path, text);
  } catch {
    // Whoever writes what is asked for tells what is wrong there.
  }
}

/** Makes a folder and its parents; failures read like a person wrote them. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw diskError(`cannot make the folder ${path}`, error);
  }
}

/** Whether a path lies below a folder; both absolute. */
export const isWithin = (path: string, folder: string): boolean =>
  path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);

/** `name` under `root`, or undefined when it would leave it (`..`, an absolute path, another drive). */
export function resolveInside(root: string, name: string): string | undefined {
  const path = resolve(root, name);
  const inside = relative(root, path);
  // A folder may be called `..a`.
  const isOutside = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return isOutside ? undefined : path;
}

/** A path as projects and messages spell it: relative to `root`, with forward slashes. */
export function posixRelative(root: string, path: string): string {
  const inside = path.startsWith(root + sep) ? path.slice(root.length + 1) : relative(root, path);
  return sep === "/" ? inside : inside.replaceAll(sep, "/");
}

/**
 * Every file below `folder` whose name passes `wanted`, as absolute paths in a fixed order.
 * A folder that is not there holds no files. Dot files and `node_modules` are never walked. One folder after the other: that takes a
 * fraction of what waiting for each does.
 */
export function walkFiles(folder: string, wanted: (name: string) => boolean, isDeep = true): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw diskError(`cannot read the folder ${folder}`, error);
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith(".") || name === "node_modules") continue;
    const path = `${folder}${sep}${name}`;
    if (!entry.isDirectory()) {
      if (wanted(name)) found.push(path);
    } else if (isDeep) {
      for (const below of walkFiles(path, wanted)) found.push(below);
    }
  }
  return found;
}
