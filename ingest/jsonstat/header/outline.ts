import { ByteSink } from "../bytes/byte-sink.ts";
import type { ByteReader } from "../bytes/byte-reader.ts";
import {
  copyString,
  decodeString,
  isJsonNumber,
  showByte,
  takeLiteral,
  truncated,
} from "../bytes/json-text.ts";
import { skipCarefully, skipFast } from "../bytes/skip.ts";
import { readAt, refuseAt } from "../bytes/source-file.ts";

/** Where a list of values or statuses stands in the file, brackets included. */
export type Section = {
  readonly start: number;
  /** First byte behind the closing bracket. */
  readonly end: number;
  readonly shape: "array" | "object";
  /** Elements of an array; null for an object, whose keys say themselves what they are. */
  readonly count: number | null;
  /** A part of a list: whether it holds the opening bracket, and the closing one; both, unless told. */
  readonly part?: { readonly first: boolean; readonly last: boolean };
};

/** A document without its long lists: the header as JSON, `null` in place of each list. */
export type Outline = {
  readonly header: unknown;
  /** The JSON that `header` was parsed from. */
  readonly text: string;
  readonly sections: ReadonlyMap<string, Section>;
};

/** Names a place in a document: the keys of {@link Outline.sections}. */
export const pathKey = (path: readonly string[]): string => JSON.stringify(path);

type Options = {
  /** Look for the end of a list by its first closing bracket only; see {@link skipFast}. */
  readonly fast: boolean;
  /** Keep the lists as well: for a list that is none of a dataset. */
  readonly whole?: boolean;
  /** Called for each member and element with the offset of its value. */
  readonly visit?: (path: readonly string[], offset: number) => void;
};

const MAX_DEPTH = 200;
const MAX_HEADER = 1 << 28;

/** Reads everything but the long lists of values and statuses, which it skips. Refuses what is not JSON, with the place. */
export function readOutline(reader: ByteReader, options: Options): Outline {
  const sink = new ByteSink();
  const sections = new Map<string, Section>();
  new Walker(reader, sink, sections, options).document();
  const text = sink.view().toString("utf8");
  return { header: JSON.parse(text) as unknown, text, sections };
}

class Walker {
  readonly #reader: ByteReader;
  readonly #sink: ByteSink;
  readonly #sections: Map<string, Section>;
  readonly #options: Options;
  readonly #path: string[] = [];

  constructor(reader: ByteReader, sink: ByteSink, sections: Map<string, Section>, options: Options) {
    this.#reader = reader;
    this.#sink = sink;
    this.#sections = sections;
    this.#options = options;
  }

  document(): void {
    this.#value();
    const rest = this.#reader.peekToken();
    if (rest !== -1) this.#unexpected("after the end of the document", "it may be two documents in one file");
  }

  #value(): void {
    const reader = this.#reader;
    const first = reader.peekToken();
    if (first === 0x7b) return this.#object();
    if (first === 0x5b) return this.#array();
    if (first === 0x22) return copyString(reader, this.#sink);
    const start = reader.offset;
    const text = takeLiteral(reader);
    if (reader.peek() === -1 && this.#path.length > 0) truncated(reader);
    if (!isJsonNumber(text) && text !== "null" && text !== "true" && text !== "false") {
      if (text === "") this.#unexpected("where a value should be");
      refuseAt(reader.file, start, "NOT_JSON", `"${text.slice(0, 40)}" is not a JSON value`);
    }
    this.#sink.append(Buffer.from(text, "latin1"));
  }

  #object(): void {
    const reader = this.#reader;
    this.#open();
    const names = new Set<string>();
    if (reader.peekToken() !== 0x7d) {
      for (;;) {
        this.#member(names);
        if (!this.#comma(0x7d)) break;
      }
    }
    this.#sink.push(reader.take());
  }

  #member(names: Set<string>): void {
    const reader = this.#reader;
    if (reader.peekToken() !== 0x22) this.#unexpected("where the name of a member should be");
    const start = reader.offset;
    const from = this.#sink.length;
    copyString(reader, this.#sink);
    const name = decodeString(this.#sink.view(from));
    if (names.has(name) && !this.#path.includes("extension")) {
      refuseAt(reader.file, start, "DUPLICATE_MEMBER", `"${name}" stands twice in one object`);
    }
    names.add(name);
    if (reader.peekToken() !== 0x3a) this.#unexpected(`where the colon after "${name}" should be`);
    this.#sink.push(reader.take());
    reader.peekToken();
    this.#options.visit?.([...this.#path, name], reader.offset);
    if (this.#isSection(name)) return this.#section(name);
    this.#path.push(name);
    this.#value();
    this.#path.pop();
  }

  #array(): void {
    const reader = this.#reader;
    this.#open();
    if (reader.peekToken() !== 0x5d) {
      for (let i = 0; ; i++) {
        this.#path.push(String(i));
        reader.peekToken();
        this.#options.visit?.([...this.#path], reader.offset);
        this.#value();
        this.#path.pop();
        if (!this.#comma(0x5d)) break;
      }
    }
    this.#sink.push(reader.take());
  }

  #open(): void {
    const { file, offset } = this.#reader;
    if (this.#path.length > MAX_DEPTH)
      refuseAt(file, offset, "TOO_DEEP", `nested more than ${MAX_DEPTH} levels deep`);
    this.#sink.push(this.#reader.take());
  }

  /** Takes the comma before the next element; false at the closing bracket, which stays. */
  #comma(close: number): boolean {
    const reader = this.#reader;
    const byte = reader.peekToken();
    if (byte === close) return false;
    if (byte !== 0x2c) this.#unexpected(`where a comma or "${String.fromCharCode(close)}" should be`);
    this.#sink.push(reader.take());
    if (this.#sink.length > MAX_HEADER) {
      refuseAt(
        reader.file,
        reader.offset,
        "HEADER_TOO_LARGE",
        "more than 256 MB besides values and statuses",
      );
    }
    return true;
  }

  #isSection(name: string): boolean {
    if (this.#options.whole === true || (name !== "value" && name !== "status")) return false;
    const nested = name === "value" && this.#path.at(-1) === "status";
    if (!isCubePlace(nested ? this.#path.slice(0, -1) : this.#path)) return false;
    const reader = this.#reader;
    const first = reader.peekToken();
    if (first === 0x5b) return true;
    return first === 0x7b && (name === "value" || !startsWithWord(reader));
  }

  #section(name: string): void {
    const reader = this.#reader;
    const start = reader.offset;
    const shape = reader.peek() === 0x5b ? "array" : "object";
    const fast = this.#options.fast && shape === "object";
    const count = fast ? skipFast(reader) : skipCarefully(reader);
    this.#sections.set(pathKey([...this.#path, name]), {
      start,
      end: reader.offset,
      shape,
      count: shape === "array" ? count : null,
    });
    this.#sink.append(Buffer.from("null"));
  }

  #unexpected(where: string, hint?: string): never {
    const reader = this.#reader;
    const byte = reader.peekToken();
    if (byte === -1) truncated(reader);
    const what = byte === 0x2f ? "a comment, which JSON does not have," : showByte(byte);
    refuseAt(reader.file, reader.offset, "NOT_JSON", `${what} stands ${where}`, hint);
  }
}

const NOT_A_DATASET = new Set(["dimension", "extension", "link", "role", "error", "warning"]);

/**
 * Whether a dataset may stand at a path: the root, a member of a 1.x bundle (`dataset`, or an id), an item of a
 * collection, and each of these inside the `result` of JSON-RPC. A dimension called "value" is thereby left alone.
 */
function isCubePlace(path: readonly string[]): boolean {
  const inner = path[0] === "result" ? path.slice(1) : path;
  if (inner.length === 0) return true;
  if (inner.length === 1) return !NOT_A_DATASET.has(inner[0]!);
  if (inner.length % 3 !== 0) return false;
  return inner.every((name, i) =>
    i % 3 === 0 ? name === "link" : i % 3 === 1 ? name === "item" : /^\d+$/.test(name),
  );
}

/** `{"value": …}` under `status` is the 1.x form of old Eurostat services, where the list stands one level deeper. */
function startsWithWord(reader: ByteReader): boolean {
  const start = Buffer.alloc(4096);
  const length = readAt(reader.file, start, reader.offset);
  const key = /^\{\s*"((?:[^"\\]|\\.){1,64})/.exec(start.toString("latin1", 0, length))?.[1];
  return key !== undefined && /^[A-Za-z]/.test(key.replace(/^\\u00([0-7][\da-f])/i, unescapeByte));
}

const unescapeByte = (_: string, hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));
