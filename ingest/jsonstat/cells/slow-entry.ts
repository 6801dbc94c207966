import type { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { NULL, NUMBER, TEXT } from "./entry-block.ts";
import type { EntryBlock } from "./entry-block.ts";
import {
  copyString,
  decodeString,
  isJsonNumber,
  showByte,
  takeLiteral,
  truncated,
} from "../bytes/json-text.ts";
import { skipCarefully } from "../bytes/skip.ts";
import { readAt, refuseAt } from "../bytes/source-file.ts";

/** A cell that cannot be placed: its key, the start of what stands there, and why. */
export type BadEntry = (key: string, raw: string, reason: string) => void;

/** Cell numbers as JSON-stat writes them: no sign, no leading zero, no more digits than 2^53 has. */
const CELL = /^(?:0|[1-9]\d{0,15})$/;
const RAW_LIMIT = 200;
const sink = new ByteSink();

/**
 * Reads any one entry, up to the comma or bracket behind it, into `block` at `row`. Returns false when it was handed to `bad` instead.
 * `cell` is its number in an array, null in an object, where the key says it.
 */
export function readSlowEntry(
  reader: ByteReader,
  cell: number | null,
  cells: number,
  block: EntryBlock,
  row: number,
  bad: BadEntry,
): boolean {
  const key = cell === null ? readKey(reader) : String(cell);
  const kind = readValue(reader, block, row);
  const reason = typeof kind === "string" ? kind : keyFault(key, cells);
  if (reason !== null) {
    bad(
      key,
      sink
        .view()
        .subarray(0, RAW_LIMIT * 4)
        .toString("utf8")
        .slice(0, RAW_LIMIT),
      reason,
    );
    return false;
  }
  block.cells[row] = Number(key);
  block.kinds[row] = kind as number;
  return true;
}

function keyFault(key: string, cells: number): string | null {
  if (!CELL.test(key)) return "the key is not a cell number";
  return Number(key) < cells ? null : `the key is beyond the last cell, ${cells - 1}`;
}

function readKey(reader: ByteReader): string {
  const byte = reader.peekToken();
  if (byte !== 0x22) unexpected(reader, byte, "a key");
  sink.clear();
  copyString(reader, sink);
  const key = decodeString(sink.view());
  const colon = reader.peekToken();
  if (colon !== 0x3a) unexpected(reader, colon, "a colon");
  reader.at++;
  return key;
}

/** Leaves the raw text in `sink`. Returns the kind, or why the entry cannot be a value. */
function readValue(reader: ByteReader, block: EntryBlock, row: number): number | string {
  sink.clear();
  const byte = reader.peekToken();
  if (byte === 0x22) {
    copyString(reader, sink);
    block.texts[row] = decodeString(sink.view());
    return TEXT;
  }
  if (byte === 0x7b || byte === 0x5b) return skipNested(reader);
  const start = reader.offset;
  const text = takeLiteral(reader);
  if (text === "") unexpected(reader, reader.peekToken(), "a value");
  sink.append(Buffer.from(text, "latin1"));
  if (text === "null") return NULL;
  if (text === "true" || text === "false") {
    block.texts[row] = text;
    return TEXT;
  }
  if (isJsonNumber(text)) {
    block.numbers[row] = Number(text);
    return Number.isFinite(block.numbers[row]) ? NUMBER : "the number is too large for a double";
  }
  if (/^-?(?:NaN|Infinity)$/.test(text)) return `${text} is not a number that JSON knows`;
  return refuseAt(reader.file, start, "NOT_JSON", `"${text.slice(0, 40)}" is not a JSON value`);
}

function skipNested(reader: ByteReader): string {
  const start = reader.offset;
  skipCarefully(reader);
  const raw = Buffer.alloc(Math.min(reader.offset - start, RAW_LIMIT * 4));
  sink.append(raw.subarray(0, readAt(reader.file, raw, start)));
  return "a value cannot be a list or an object";
}

function unexpected(reader: ByteReader, byte: number, wanted: string): never {
  if (byte === -1) truncated(reader);
  return refuseAt(
    reader.file,
    reader.offset,
    "NOT_JSON",
    `${showByte(byte)} stands where ${wanted} should be`,
  );
}
