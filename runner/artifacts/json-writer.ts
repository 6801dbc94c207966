import type { Json } from "../base/json.ts";
import { ESCAPES, ODD, areFourPlain } from "./json-escapes.ts";

/** What is handed over at a time, in bytes. */
const PIECE = 1_048_576;
/** Up to so many characters, a loop takes less time than a call of the runtime's. */
const SHORT = 24;
/** Longer texts are mostly SQL: of more than one line. */
const LONG = 120;

/**
 * JSON as bytes, written where they go to the disk from: made of objects and texts, the manifest of 10,000 models was 450 MB of memory
 * to be collected. Pieces come from two halves of a memory in turns, so that one can be written while the next is made.
 *
 * What was written can be written again, as long as it is in the piece that is made or in the one before: of entries that say
 * much the same, copying is most of the work.
 */
export class JsonWriter {
  /** What is known of the entries that were written last, by the number of their writer. */
  readonly lastEntries: unknown[] = [];
  #half = 2 * PIECE;
  #bytes = Buffer.allocUnsafe(2 * this.#half);
  #view = viewOf(this.#bytes);
  /** Of a text that is to be escaped, the bytes as they are. */
  #scratch = Buffer.alloc(0);
  #plain = viewOf(this.#scratch);
  /** Where the half begins that is written to, how far it is, and where it ends. */
  #begin = 0;
  #at = 0;
  #end = this.#half;
  /** Bytes in the pieces before this one, and in those before the one before it. */
  #before = 0;
  #lost = 0;

  /** Bytes that have been written so far. */
  get position(): number {
    return this.#before + this.#at - this.#begin;
  }

  /** Whether there is enough to be handed over. */
  get isFull(): boolean {
    return this.#at - this.#begin >= PIECE;
  }

  /** What has been written since the last time; holds until it is asked for again, and then once more. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(this.#begin, this.#at);
    this.#lost = this.#before;
    this.#before += taken.length;
    this.#begin = this.#begin === 0 ? this.#half : 0;
    this.#at = this.#begin;
    this.#end = this.#begin + this.#half;
    return taken;
  }

  /** What is JSON already. */
  raw(json: Uint8Array): void {
    this.#reserve(json.length);
    this.#bytes.set(json, this.#at);
    this.#at += json.length;
  }

  /** Whether what was written at a position can be written again. */
  holds(position: number): boolean {
    return position >= this.#lost;
  }

  /** What was written from one position to another, which must be of one piece that is held. */
  again(from: number, to: number): void {
    const count = to - from;
    this.#reserve(count);
    const begin = from >= this.#before ? this.#begin - this.#before : this.#half - this.#begin - this.#lost;
    this.#bytes.copyWithin(this.#at, begin + from, begin + to);
    this.#at += count;
  }

  text(json: string): void {
    // No character takes more than three bytes for each of its places in a string.
    this.#reserve(json.length * 3);
    this.#at += this.#bytes.write(json, this.#at);
  }

  /** What stands before a value of an object. */
  key(key: string, isFirst: boolean): void {
    if (!isFirst) this.#byte(COMMA);
    this.string(key);
    this.#byte(COLON);
  }

  #byte(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = code;
  }

  value(value: Json | Uint8Array): void {
    if (typeof value === "string") this.string(value);
    else if (value === null) this.raw(nothing);
    else if (value instanceof Uint8Array) this.raw(value);
    else if (Array.isArray(value)) this.#values(value as readonly Json[]);
    else if (typeof value === "object" && isEmpty(value)) this.raw(empty);
    else this.text(JSON.stringify(value));
  }

  #values(items: readonly Json[]): void {
    this.#byte(OPEN);
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!;
      if (i > 0) this.#byte(COMMA);
      if (typeof item === "string") this.string(item);
      else this.value(item);
    }
    this.#byte(CLOSE);
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.#byte(OPEN);
    for (let i = 0; i < items.length; i++) {
      if (i > 0) this.#byte(COMMA);
      write(items[i]!);
    }
    this.#byte(CLOSE);
  }

  string(text: string): void {
    const { length } = text;
    const done =
      length <= SHORT ? this.#short(text) : length <= LONG ? this.#unescaped(text) : this.#escaped(text);
    // Other letters, and signs that have no short spelling.
    if (!done) this.text(JSON.stringify(text));
  }

  /** The same of a text that surely has something to be escaped. */
  sql(text: string): void {
    if (!this.#escaped(text)) this.text(JSON.stringify(text));
  }

  #short(text: string): boolean {
    const { length } = text;
    this.#reserve(length * 2 + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 32 || code > 126) return false;
      if (code === QUOTE || code === BACKSLASH) bytes[at++] = BACKSLASH;
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
    return true;
  }

  /** Most of these need no escapes: written in one call, they are looked through. */
  #unescaped(text: string): boolean {
    const { length } = text;
    this.#reserve(length * 3 + 2);
    const bytes = this.#bytes;
    const from = this.#at + 1;
    if (bytes.write(text, from) !== length) return false;
    const to = from + length;
    for (let i = from; i < to; i++) if (ESCAPES[bytes[i]!] !== 0) return this.#escaped(text);
    bytes[from - 1] = QUOTE;
    bytes[to] = QUOTE;
    this.#at = to + 1;
    return true;
  }

  /** Four signs at a time, where none of them needs an escape: of SQL, that is one text in half the time. */
  #escaped(text: string): boolean {
    const { length } = text;
    if (this.#scratch.length < length * 3) {
      this.#scratch = Buffer.alloc(length * 6);
      this.#plain = viewOf(this.#scratch);
    }
    if (this.#scratch.write(text) !== length) return false;
    const plain = this.#plain;
    this.#reserve(length * 2 + 2);
    const view = this.#view;
    let at = this.#at;
    view.setUint8(at++, QUOTE);
    for (let i = 0; i < length;) {
      if (i + 4 <= length) {
        const four = plain.getInt32(i, true);
        if (areFourPlain(four)) {
          view.setInt32(at, four, true);
          i += 4;
          at += 4;
          continue;
        }
      }
      const code = plain.getUint8(i++);
      const escape = ESCAPES[code]!;
      if (escape === ODD) return false;
      if (escape !== 0) view.setUint8(at++, BACKSLASH);
      view.setUint8(at++, escape === 0 ? code : escape);
    }
    view.setUint8(at++, QUOTE);
    this.#at = at;
    return true;
  }

  #reserve(count: number): void {
    if (this.#at + count > this.#end) this.#grow(count);
  }

  /** Both halves stay where they are, each in a larger one. */
  #grow(count: number): void {
    const [old, half, begin, written] = [this.#bytes, this.#half, this.#begin, this.#at - this.#begin];
    this.#half = 2 * (written + count);
    this.#bytes = Buffer.allocUnsafe(2 * this.#half);
    this.#view = viewOf(this.#bytes);
    this.#bytes.set(old.subarray(0, half));
    this.#bytes.set(old.subarray(half), this.#half);
    this.#begin = begin === 0 ? 0 : this.#half;
    this.#at = this.#begin + written;
    this.#end = this.#begin + this.#half;
  }
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const nothing = Buffer.from("null");
const empty = Buffer.from("{}");

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
