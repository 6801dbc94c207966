import type { BadEntry } from "./slow-entry.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { NULL, NUMBER, SHORT_TEXT, TEXT } from "./entry-block.ts";
import type { EntryBlock } from "./entry-block.ts";
import { readSlowEntry } from "./slow-entry.ts";
import type { Section } from "../header/outline.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import { refuseAt } from "../bytes/source-file.ts";
import { isJsonNumber, showByte, truncated } from "../bytes/json-text.ts";

/** 10^0 to 10^15, all exact as doubles. */
const POWERS = Float64Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));

/**
 * Reads the entries of one list in the order they stand, a block at a time. What nearly all entries are (a cell number and a
 * number, a null or a plain ASCII text) is read by one loop over the bytes; everything else
 * goes to {@link readSlowEntry}, byte by byte, so that the result never depends on where blocks of the file meet.
 */
export class EntryScanner {
  readonly #reader: ByteReader;
  readonly #section: Section;
  readonly #cells: number;
  readonly #bad: BadEntry;
  readonly #isObject: boolean;
  readonly #close: number;
  #nextCell = 0;
  #done = false;

  constructor(file: SourceFile, section: Section, cells: number, bad: BadEntry, blockSize?: number) {
    this.#reader = new ByteReader(file, section.start, section.end, blockSize);
    this.#section = section;
    this.#cells = cells;
    this.#bad = bad;
    this.#isObject = section.shape === "object";
    this.#close = this.#isObject ? 0x7d : 0x5d;
    if (section.part?.first !== false) this.#reader.take();
    this.#done = this.#reader.peekToken() === this.#close;
  }

  /** How much of the list has been read, from 0 to 1. */
  get progress(): number {
    const { start, end } = this.#section;
    return end > start ? (this.#reader.offset - start) / (end - start) : 1;
  }

  /**
   * Fills `block` from row `from` up to, not including, `to`; returns how many entries there were, 0 at the end of the list. One long
   * function on purpose: at 20 nanoseconds an entry, a call for each of its parts would cost as much as the part.
   */
  scan(block: EntryBlock, from = 0, to: number = block.capacity): number {
    const { cells, kinds, numbers, texts } = block;
    const reader = this.#reader;
    const bytes = reader.bytes;
    const isObject = this.#isObject;
    const limit = this.#cells;
    let nextCell = this.#nextCell;
    let row = from;
    let at = reader.at;

    while (row < to && !this.#done) {
      // `p` runs ahead; `at` follows when a whole entry has been read. The sentinel ends each inner loop at the end of the
      // block. `byte ^ 0x30` is the digit for digits, and above 9 for all other bytes.
      let p = at;
      let byte = bytes[p]!;
      entry: {
        while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++p]!;
        let cell = nextCell;
        if (isObject) {
          if (byte !== 0x22) break entry;
          const first = ++p;
          let digit = bytes[p]! ^ 0x30;
          cell = 0;
          while (digit < 10) {
            cell = cell * 10 + digit;
            digit = bytes[++p]! ^ 0x30;
          }
          const length = p - first;
          if (bytes[p] !== 0x22 || length === 0 || (length > 1 && bytes[first] === 0x30)) break entry;
          byte = bytes[++p]!;
          while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++p]!;
          if (byte !== 0x3a) break entry;
          byte = bytes[++p]!;
          while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++p]!;
        }
        if (cell >= limit) break entry;

        let value = 0;
        let kind = NUMBER;
        if (byte === 0x22) {
          const first = ++p;
          byte = bytes[p]!;
          while (byte !== 0x22 && byte >= 0x20 && byte < 0x7f && byte !== 0x5c) {
            value = value * 256 + byte;
            byte = bytes[++p]!;
          }
          if (byte !== 0x22) break entry;
          kind = SHORT_TEXT;
          if (p === first || p - first > 4) {
            texts[row] = bytes.toString("latin1", first, p);
            kind = TEXT;
          }
          byte = bytes[++p]!;
        } else {
          const start = p;
          const negative = byte === 0x2d;
          if (negative) p++;
          const first = p;
          let digit = bytes[p]! ^ 0x30;
          while (digit < 10) {
            value = value * 10 + digit;
            digit = bytes[++p]! ^ 0x30;
          }
          let digits = p - first;
          if (digits > 1 && bytes[first] === 0x30) break entry;
          let decimals = 0;
          if (bytes[p] === 0x2e) {
            const point = p;
            digit = bytes[++p]! ^ 0x30;
            while (digit < 10) {
              value = value * 10 + digit;
              digit = bytes[++p]! ^ 0x30;
            }
            decimals = p - point - 1;
            if (digits === 0 || decimals === 0) break entry;
            digits += decimals;
          }
          byte = bytes[p]!;
          if (digits > 15 || byte === 0x65 || byte === 0x45) {
            while ((byte ^ 0x30) < 10 || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d)
              byte = bytes[++p]!;
            const text = bytes.toString("latin1", start, p);
            value = isJsonNumber(text) ? Number(text) : Infinity;
            if (value === Infinity || value === -Infinity) break entry;
          } else if (digits > 0) {
            // Both are exact, so the quotient is the double nearest to the decimal: what JSON.parse gives.
            if (decimals > 0) value /= POWERS[decimals]!;
            if (negative) value = -value;
          } else if (
            byte === 0x6e &&
            bytes[p + 1] === 0x75 &&
            bytes[p + 2] === 0x6c &&
            bytes[p + 3] === 0x6c
          ) {
            if (negative) break entry;
            kind = NULL;
            p += 4;
            byte = bytes[p]!;
          } else {
            break entry;
          }
        }
        while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++p]!;
        if (byte !== 0x2c) break entry;
        cells[row] = cell;
        kinds[row] = kind;
        numbers[row] = value;
        row++;
        nextCell++;
        at = p + 1;
        continue;
      }
      // Not the usual entry, or the block ends within it: then the rest is read behind it first.
      reader.at = at;
      if (p >= reader.end && reader.more()) {
        at = 0;
        continue;
      }
      this.#nextCell = nextCell;
      row = this.#slow(block, row);
      nextCell = this.#nextCell;
      at = reader.at;
    }
    reader.at = at;
    this.#nextCell = nextCell;
    return row - from;
  }

  #slow(block: EntryBlock, row: number): number {
    const reader = this.#reader;
    if (this.#section.part?.last === false && reader.peekToken() === -1) {
      this.#done = true;
      return row;
    }
    const cell = this.#nextCell++;
    const kept = readSlowEntry(reader, this.#isObject ? null : cell, this.#cells, block, row, this.#bad);
    const byte = reader.peekToken();
    if (byte === 0x2c) reader.at++;
    else if (byte === this.#close) this.#done = true;
    else if (byte === -1) truncated(reader);
    else refuseAt(reader.file, reader.offset, "NOT_JSON", `${showByte(byte)} stands where a comma should be`);
    return kept ? row + 1 : row;
  }
}
