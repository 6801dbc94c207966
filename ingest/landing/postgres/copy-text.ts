import { OperationError } from "../../../runner/base/errors.ts";
import { printable } from "../../../runner/base/text.ts";
import { NULL_CODE } from "../batch-source.ts";
import type { Batch, BatchColumn } from "../batch-source.ts";

/**
 * Rows as the text that COPY reads, built as bytes: codes are escaped once and copied from then on, and a column that
 * follows from a code is copied together with it. https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2
 */
export type CopyText = {
  /** Positions of the source's columns, in the order in which COPY gets them. Columns without any value are left out. */
  readonly order: readonly number[];
  /** Appends the rows of a batch, without those for which `keep` is 0. Returns how many bytes wait now. */
  add(batch: Batch, rows: number, keep?: Uint8Array): number;
  /** The bytes that wait; they are yours. */
  take(): Buffer;
};

const NULL = "\\N";
const TAB = 0x09;
const LINE_FEED = 0x0a;
const ZERO = 0x30;
/** Longest text of a double is 25 characters, a tab follows. */
const NUMBER_ROOM = 32;

/** `keys`: columns that must not be null. */
export function createCopyText(columns: readonly BatchColumn[], keys: readonly string[]): CopyText {
  const parts = columns.flatMap((column, at) => partFor(columns, column, at, keys.includes(column.name)));
  let bytes = Buffer.allocUnsafe(1 << 18);
  let used = 0;
  const room = parts.reduce((sum, part) => sum + part.room, 1);
  const grow = (needed: number): void => {
    if (used + needed <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, used + needed));
    bytes.copy(larger, 0, 0, used);
    bytes = larger;
  };

  function add(batch: Batch, rows: number, keep?: Uint8Array): number {
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] === 0) continue;
      grow(room);
      for (const part of parts) {
        const array = batch.arrays[part.at]!;
        if (part.kind === "code" && array.kind === "code") {
          const { text, ends } = part;
          const index = array.indices[row]!;
          const slot = index === NULL_CODE ? ends.length - 2 : index;
          if (index === NULL_CODE && part.isKey) refuseNull(part.name);
          // A loop is faster than a call for texts as short as these.
          for (let i = ends[slot]!, end = ends[slot + 1]!; i < end; i++) bytes[used++] = text[i]!;
        } else if (part.kind === "double" && array.kind === "double") {
          if (array.valid[row] === 0) {
            bytes[used++] = 0x5c;
            bytes[used++] = 0x4e;
          } else {
            used = writeNumber(bytes, used, array.values[row]!);
          }
          bytes[used++] = TAB;
        } else if (array.kind === "text") {
          const value = array.values[row] ?? null;
          if (value === null) {
            bytes[used++] = 0x5c;
            bytes[used++] = 0x4e;
          } else {
            const escaped = escapeText(value, part.name);
            grow(Buffer.byteLength(escaped) + room);
            used += bytes.write(escaped, used);
          }
          bytes[used++] = TAB;
        }
      }
      // The tab after the last column becomes the end of the line.
      bytes[used - 1] = LINE_FEED;
    }
    return used;
  }

  return {
    order: parts.flatMap(({ covers }) => covers),
    add,
    take() {
      const full = bytes.subarray(0, used);
      bytes = Buffer.allocUnsafe(Math.max(1 << 18, used + (used >> 3)));
      used = 0;
      return full;
    },
  };
}

type Part = {
  readonly name: string;
  readonly at: number;
  readonly covers: readonly number[];
  readonly room: number;
} & (
  | {
      readonly kind: "code";
      readonly isKey: boolean;
      readonly text: Uint8Array;
      /** `text[ends[i]…ends[i + 1]]` belongs to code i, with its tab; the last one to null. */
      readonly ends: Uint32Array;
    }
  | { readonly kind: "double" | "text" }
);

function partFor(columns: readonly BatchColumn[], column: BatchColumn, at: number, isKey: boolean): Part[] {
  switch (column.kind) {
    case "derived":
      return [];
    case "double":
    case "text":
      return [{ kind: column.kind, name: column.name, at, covers: [at], room: NUMBER_ROOM }];
    case "code": {
      if (column.codes.length === 0) return [];
      const followers = columns.flatMap((other, i) =>
        other.kind === "derived" && other.from === column.name ? [{ i, values: other.values }] : [],
      );
      const fields = [...column.codes.keys(), null].map((index) => {
        const own = index === null ? NULL : escapeText(column.codes[index]!, column.name);
        const more = followers.map(({ values }) => {
          const value = index === null ? null : (values[index] ?? null);
          return value === null ? NULL : escapeText(value, column.name);
        });
        return Buffer.from([own, ...more, ""].join("\t"));
      });
      const ends = new Uint32Array(fields.length + 1);
      for (const [i, field] of fields.entries()) ends[i + 1] = ends[i]! + field.length;
      const room = Math.max(...lengthsOf(fields));
      const covers = [at, ...followers.map(({ i }) => i)];
      return [
        { kind: "code", name: column.name, at, covers, room, isKey, text: Buffer.concat(fields), ends },
      ];
    }
  }
}

/** One length of each kind: a list of a million lengths would be too many arguments. */
const lengthsOf = (fields: readonly Buffer[]): Set<number> => new Set(fields.map(({ length }) => length));

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escapeText(text: string, column: string): string {
  if (text.includes("\0")) {
    throw new OperationError(
      "TEXT_INVALID",
      `PostgreSQL cannot hold the NUL character in "${printable(text.slice(0, 100))}" of "${printable(column)}"`,
    );
  }
  return text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
}

function refuseNull(column: string): never {
  throw new OperationError(
    "CELL_INCOMPLETE",
    `a row has nothing in "${printable(column)}", which is part of its key`,
  );
}

const POWERS = [1, 10, 100, 1000];

/** Numbers of up to three decimals, which is nearly all, digit by digit; the others as JavaScript prints them, which reads back the same. */
function writeNumber(bytes: Buffer, from: number, value: number): number {
  let size = value < 0 ? -value : value;
  let at = from;
  for (let decimals = 0; decimals < POWERS.length; decimals++) {
    const power = POWERS[decimals]!;
    const scaled = Math.round(size * power);
    if (!(scaled < 1e15)) break;
    if (scaled / power !== size) continue;
    if (value < 0) bytes[at++] = 0x2d;
    let digits = decimals + 1;
    for (let limit = power * 10; scaled >= limit; limit *= 10) digits++;
    let end = at + digits + (decimals > 0 ? 1 : 0);
    const next = end;
    size = scaled;
    for (let done = 0; done < digits; done++) {
      if (done === decimals && decimals > 0) bytes[--end] = 0x2e;
      const rest = Math.floor(size / 10);
      bytes[--end] = ZERO + (size - rest * 10);
      size = rest;
    }
    return next;
  }
  return from + bytes.write(String(value), from, "latin1");
}
