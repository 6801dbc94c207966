import type { ByteReader } from "./byte-reader.ts";
import { truncated } from "./json-text.ts";

/**
 * Skips an object of numbers or short texts as fast as memory goes: to its first closing brace. That is wrong when a text
 * holds a brace or the object nests; then the quotes of the rest pair up wrongly, the rest is not JSON, and the outline is
 * read again with {@link skipCarefully}. The reader of the values checks once more that the list ends exactly there.
 */
export function skipFast(reader: ByteReader): null {
  for (;;) {
    const found = reader.bytes.indexOf(0x7d, reader.at);
    if (found !== -1 && found < reader.end) {
      reader.at = found + 1;
      return null;
    }
    reader.at = reader.end;
    if (!reader.more()) truncated(reader);
  }
}

/** What a byte means to a skipping reader; 0 is nothing. */
const CLASSES = new Uint8Array(256);
const [OPEN, CLOSE, COMMA, QUOTE, STOP] = [1, 2, 3, 4, 5] as const;
for (const [byte, kind] of [
  ["{", OPEN],
  ["[", OPEN],
  ["}", CLOSE],
  ["]", CLOSE],
  [",", COMMA],
  ['"', QUOTE],
] as const) {
  CLASSES[byte.charCodeAt(0)] = kind;
}
// The sentinel behind the last byte, so that the loop below needs no comparison of positions.
CLASSES[0xff] = STOP;

/** Skips a list by its brackets and texts, and counts its elements. */
export function skipCarefully(reader: ByteReader): number {
  const { bytes } = reader;
  reader.take();
  let depth = 1;
  let commas = 0;
  const empty = [0x5d, 0x7d].includes(reader.peekToken());
  for (;;) {
    let at = reader.at;
    while (CLASSES[bytes[at]!] === 0) at++;
    reader.at = at;
    if (at >= reader.end) {
      if (!reader.more()) truncated(reader);
      continue;
    }
    reader.at++;
    switch (CLASSES[bytes[at]!]) {
      case OPEN:
        depth++;
        break;
      case CLOSE:
        if (--depth === 0) return empty ? 0 : commas + 1;
        break;
      case COMMA:
        if (depth === 1) commas++;
        break;
      case QUOTE:
        skipText(reader);
        break;
      default:
    }
  }
}

/** Behind the closing quote; the opening one has been taken. */
function skipText(reader: ByteReader): void {
  for (;;) {
    const byte = reader.take();
    if (byte === 0x22) return;
    if (byte === 0x5c) reader.take();
    if (byte === -1) truncated(reader);
  }
}
