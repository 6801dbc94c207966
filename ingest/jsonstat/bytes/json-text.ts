import { isUtf8 } from "node:buffer";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteSink } from "./byte-sink.ts";
import { refuseAt } from "./source-file.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export const isJsonNumber = (text: string): boolean => NUMBER.test(text);

/**
 * Copies a string with its quotes and escapes as they are; the reader stands on the opening quote.
 * What comes out is what `JSON.parse` takes: control characters, broken escapes and bytes that are not UTF-8 are refused.
 */
export function copyString(reader: ByteReader, sink: ByteSink): void {
  const start = reader.offset;
  const from = sink.length;
  sink.push(reader.take());
  let ascii = true;
  for (;;) {
    if (reader.peek() === -1) truncated(reader);
    const { bytes, end } = reader;
    let at = reader.at;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) break;
      if (byte >= 0x80) ascii = false;
      at++;
    }
    sink.appendRange(bytes, reader.at, at);
    reader.at = at;
    if (at === end) continue;
    const byte = reader.take();
    if (byte < 0x20)
      refuseAt(reader.file, reader.offset - 1, "NOT_JSON", "a control character inside a string");
    sink.push(byte);
    if (byte === QUOTE) break;
    copyEscape(reader, sink);
  }
  if (!ascii && !isUtf8(sink.view(from))) {
    refuseAt(
      reader.file,
      start,
      "NOT_UTF8",
      "a text that is not UTF-8",
      "convert the document to UTF-8 first",
    );
  }
}

function copyEscape(reader: ByteReader, sink: ByteSink): void {
  const letter = reader.take();
  if (letter === -1) truncated(reader);
  sink.push(letter);
  let digits = 0;
  if (letter === 0x75) {
    for (; digits < 4; digits++) {
      const digit = reader.take();
      if (digit === -1) truncated(reader);
      if (!/[0-9a-fA-F]/.test(String.fromCharCode(digit))) break;
      sink.push(digit);
    }
  }
  const known = letter === 0x75 ? digits === 4 : '"\\/bfnrt'.includes(String.fromCharCode(letter));
  if (!known) refuseAt(reader.file, reader.offset - 1, "NOT_JSON", "an escape that JSON does not know");
}

/** Up to the next comma, colon, bracket, quote or white space: a number, `true`, `null`, or what should not be there. */
export function takeLiteral(reader: ByteReader, limit = 4096): string {
  let text = "";
  for (let byte = reader.peek(); byte !== -1 && text.length < limit; byte = reader.peek()) {
    if (byte <= 0x20 || byte === 0x2c || byte === 0x3a || byte === 0x5d || byte === 0x7d) break;
    if (byte === QUOTE || byte === 0x5b || byte === 0x7b) break;
    text += String.fromCharCode(byte);
    reader.at++;
  }
  return text;
}

/** The text of a copied string. */
export function decodeString(raw: Buffer): string {
  const text = raw.toString("utf8");
  return text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
}

/** Refuses what ends too early: the whole document, or a list whose brackets do not pair up. */
export function truncated(reader: ByteReader): never {
  if (reader.offset < reader.file.size) {
    refuseAt(reader.file, reader.offset, "NOT_JSON", "the brackets of this list do not pair up");
  }
  const bytes = reader.offset.toLocaleString("en-US");
  return refuseAt(
    reader.file,
    reader.offset,
    "TRUNCATED",
    `the document ends after ${bytes} bytes, in the middle of its JSON`,
    "fetch it again: the transfer was cut off",
  );
}

/** A byte as a message shows it: the character, or its number. */
export const showByte = (byte: number): string =>
  byte > 0x20 && byte < 0x7f
    ? `"${String.fromCharCode(byte)}"`
    : `byte 0x${byte.toString(16).padStart(2, "0")}`;
