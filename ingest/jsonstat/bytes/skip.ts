import { SENTINEL } from "./byte-reader.ts";
import type { ByteReader } from "./byte-reader.ts";
import { truncated } from "./json-text.ts";

/**
 * Skips an object of numbers or short texts as fast as memory goes: to its first closing brace. That is wrong when a text
 * holds a brace or the object nests; then the quotes of the rest pair up wrongly, the rest is not JSON, and the outline is
 * read again with {@link skipCarefully}. The reader of the values sees no byte
 * behind the end found here, so a list cut short is never taken for a whole one.
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

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];

/** Skips a list by its brackets and texts, and counts its elements. */
export function skipCarefully(reader: ByteReader): number {
  const { bytes } = reader;
  reader.take();
  const next = reader.peekToken();
  const isEmpty = next === 0x5d || next === 0x7d;
  let depth = 1;
  let commas = 0;
  let inText = false;
  let isEscaped = false;
  let at = reader.at;
  for (;;) {
    const byte = bytes[at]!;
    if (byte === SENTINEL && at >= reader.end) {
      reader.at = reader.end;
      if (!reader.more()) truncated(reader);
      at = reader.at;
      continue;
    }
    at++;
    if (inText) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) inText = false;
    } else if (byte === COMMA) {
      if (depth === 1) commas++;
    } else if (byte === QUOTE) {
      inText = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth++;
    } else if ((byte === 0x5d || byte === 0x7d) && --depth === 0) {
      reader.at = at;
      return isEmpty ? 0 : commas + 1;
    }
  }
}
