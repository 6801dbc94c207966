import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../base/hash.ts";
import { isObject } from "../../base/json.ts";
import { TextWriter } from "../../base/text-writer.ts";
import type { Input } from "./inputs.ts";

/** A file of texts that stand one after the other, and of an index that tells which is which; `index`: where that begins. */
export type Body = {
  readonly name: string;
  readonly bytes: number;
  readonly hash: string;
  readonly index: number;
};

/** What a parsed project depends on, and where it is kept. */
export type Header = {
  /** Of everything but files and the environment. */
  readonly key: string;
  /** Variables that templates asked for, and a hash of their values. */
  readonly env: readonly string[];
  readonly envHash: string;
  /** A hash of the script macros. */
  readonly scripts: string;
  readonly inputs: readonly Input[];
  readonly graph: Body;
  /** Of nodes that come to the same SQL each time; null: none was compiled yet. */
  readonly sql: Body | null;
};

const AN_HOUR = 3_600_000;
export const HEADER = "header.json";
const BODY = /^(?:graph|sql)-[0-9a-f]{16}\.bin$/;

/** Letters and figures that nobody has written before. */
export const newMark = (): string => randomBytes(8).toString("hex");

/** A small file of `folder`, as it was written; undefined where there is none that can be believed. */
export function readNote(folder: string, name: string): unknown {
  try {
    const text = readFileSync(join(folder, name), "utf8");
    const at = text.indexOf("\n");
    const rest = text.slice(at + 1);
    return sha256(rest) === text.slice(0, at) ? JSON.parse(rest) : undefined;
  } catch {
    return undefined;
  }
}

export function writeNote(folder: string, name: string, value: object): void {
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(value);
  replaceFile(join(folder, name), (write) => write(Buffer.from(`${sha256(text)}\n${text}`)));
}

export const readHeader = (folder: string): Header | undefined =>
  readNote(folder, HEADER) as Header | undefined;

/** Written after the bodies that it names; then others go. */
export function writeHeader(folder: string, header: Header): void {
  writeNote(folder, HEADER, header);
  const named = [header.graph.name, header.sql?.name];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    // What a kill left half written; another process may be at work on what is younger.
    const touched = name.endsWith(".tmp") ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    const isLeft = touched !== undefined && Date.now() - touched > AN_HOUR;
    if (isLeft || (BODY.test(name) && !named.includes(name))) rmSync(path, { force: true });
  }
}

/** What a header names; undefined where it is not what was written. */
export function readBody(folder: string, body: Body): { bytes: Buffer; index: unknown } | undefined {
  try {
    if (!BODY.test(body.name)) return undefined;
    const bytes = readFileSync(join(folder, body.name));
    if (bytes.length !== body.bytes || sha256(bytes) !== body.hash) return undefined;
    const index: unknown = JSON.parse(bytes.toString("utf8", body.index));
    return isObject(index) ? { bytes, index } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a body under a new name, so that a process that reads another one finds it whole. Not forced to the disk: what is not
 * whole is not believed. `parts` is told how many bytes each text took.
 */
export function writeBody(
  folder: string,
  kind: "graph" | "sql",
  mark: string,
  parts: Generator<string, unknown, number>,
): Body {
  mkdirSync(folder, { recursive: true });
  const name = `${kind}-${mark}.bin`;
  const hash = createHash("sha256");
  let [bytes, index] = [0, 0];
  replaceFile(join(folder, name), (write) => {
    const out = new TextWriter();
    const hand = (piece: Uint8Array): void => {
      hash.update(piece);
      write(piece);
      bytes += piece.length;
    };
    let next = parts.next();
    while (next.done !== true) {
      const begin = out.position;
      out.text(next.value);
      next = parts.next(out.position - begin);
      if (out.isFull) hand(out.take());
    }
    hand(out.take());
    index = bytes;
    hand(Buffer.from(JSON.stringify(next.value)));
  });
  return { name, bytes, hash: hash.digest("hex"), index };
}

/** Writes beside and renames, not forced to the disk: for what is not believed unless it is whole. */
export function replaceFile(path: string, body: (write: (piece: Uint8Array) => void) => void): void {
  const beside = `${path}.${newMark()}.tmp`;
  try {
    const handle = openSync(beside, "wx");
    try {
      body((piece) => {
        for (let done = 0; done < piece.length;) done += writeSync(handle, piece, done);
      });
    } finally {
      closeSync(handle);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
