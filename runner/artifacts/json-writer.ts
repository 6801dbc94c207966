import type { Json } from "../base/json.ts";

/** What is handed over at a time, in bytes. */
const PIECE = 1_048_576;
/** Texts longer than this are spelt by `JSON.stringify`, which takes 2.6 ns a character and memory; shorter ones without either. */
const LONG = 100;

/**
 * JSON as bytes, written where they go to the disk from: made of objects and texts, the manifest of 10,000 models was 450 MB of memory
 * to be collected. Pieces come from two places in memory in turns, so that one can be written while the next is made.
 */
export class JsonWriter {
  #bytes = Buffer.allocUnsafe(2 * PIECE);
  #other = Buffer.allocUnsafe(2 * PIECE);
  #at = 0;
  #handedOver = 0;

  /** Bytes that have been written so far. */
  get position(): number {
    return this.#handedOver + this.#at;
  }

  /** Whether there is enough to be handed over. */
  get isFull(): boolean {
    return this.#at >= PIECE;
  }

  /** What has been written since the last time; holds until it is asked for again, and then once more. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#at);
    [this.#bytes, this.#other] = [this.#other, this.#bytes];
    this.#handedOver += this.#at;
    this.#at = 0;
    return taken;
  }

  /** What is JSON already. */
  raw(json: Uint8Array): void {
    this.#reserve(json.length);
    this.#bytes.set(json, this.#at);
    this.#at += json.length;
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
    else if (Array.isArray(value)) this.list(value as readonly Json[], this.#item);
    else if (typeof value === "object" && isEmpty(value)) this.raw(empty);
    else this.text(JSON.stringify(value));
  }

  readonly #item = (item: Json): void => this.value(item);

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
    if (length > LONG) return this.text(JSON.stringify(text));
    this.#reserve(length * 2 + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 32 || code > 126) return this.text(JSON.stringify(text));
      if (code === QUOTE || code === BACKSLASH) bytes[at++] = BACKSLASH;
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#at + count));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
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

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
