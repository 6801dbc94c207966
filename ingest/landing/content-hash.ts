import { createHash } from "node:crypto";
import { NULL_CODE } from "./batch-source.ts";
import type { Batch, BatchArray, BatchColumn, BatchSource } from "./batch-source.ts";

/**
 * A hash of rows that does not depend on their order: every row is mixed to two 32-bit lanes, and the lanes are summed.
 * It answers "is this the same data?", not "has somebody forged it?"; the SHA-256 of the document stands beside it.
 */
export type ContentHash = {
  add(batch: Batch, rows: number): void;
  sums(): HashSums;
};

/** Of some rows: how many, and the sums of their two lanes, each modulo 2^32. Those of several parts add up to those of the whole. */
export type HashSums = { readonly rows: number; readonly a: number; readonly b: number };

/** Where the source is `keyed`, a row is its keys and what they do not cover; what they mean must be in the `extra` of the digest. */
export function createContentHash(
  { columns, keyed }: Pick<BatchSource, "columns" | "keyed">,
  capacity: number,
): ContentHash {
  const lanes = { a: new Int32Array(capacity), b: new Int32Array(capacity) };
  const feeds = columns.map((column) => (keyed?.includes(column.name) ? undefined : feedFor(column, lanes)));
  const salt = saltedLanes("", "key");
  const whole = new Uint8Array(capacity).fill(1);
  let total = 0;
  let sumA = 0;
  let sumB = 0;
  return {
    add(batch, rows) {
      lanes.a.fill(0x9e3779b9, 0, rows);
      lanes.b.fill(0x243f6a88, 0, rows);
      if (keyed !== undefined) mixNumbers(lanes, batch.keys, whole, salt, rows);
      for (const [i, feed] of feeds.entries()) feed?.(batch.arrays[i]!, rows);
      const [partA, partB] = sumLanes(lanes, rows);
      sumA = (sumA + partA) | 0;
      sumB = (sumB + partB) | 0;
      total += rows;
    },
    sums: () => ({ rows: total, a: sumA, b: sumB }),
  };
}

/** The hash of all parts and of `extra`, in hexadecimal. */
export function contentDigest(parts: readonly HashSums[], extra: string): string {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const a = parts.reduce((sum, part) => (sum + part.a) | 0, 0);
  const b = parts.reduce((sum, part) => (sum + part.b) | 0, 0);
  const sums = JSON.stringify([rows, a >>> 0, b >>> 0]);
  return createHash("sha256").update(sums).update(extra).digest("hex");
}

/** Two halves of a hash for each row of a batch. */
export type Lanes = { readonly a: Int32Array; readonly b: Int32Array };
export type Feed = (array: BatchArray, rows: number) => void;

/** Codes are looked up and xor-ed, a column at a time; numbers are mixed in after them, so columns must come in one order. */
export function feedFor(column: BatchColumn, lanes: Lanes): Feed | undefined {
  switch (column.kind) {
    case "derived":
      return undefined;
    case "code": {
      if (column.codes.length === 0) return undefined;
      const salted = column.codes.map((code) => saltedLanes(column.name, code));
      const tableA = Int32Array.from(salted, ([lane]) => lane);
      const tableB = Int32Array.from(salted, ([, lane]) => lane);
      return (array, rows) => {
        if (array.kind === "code") xorCodes(lanes, array.indices, tableA, tableB, rows);
      };
    }
    case "text":
      return (array, rows) => {
        if (array.kind === "text") xorTexts(lanes, array.values, column.name, rows);
      };
    case "double": {
      const salt = saltedLanes(column.name, "");
      return (array, rows) => {
        if (array.kind === "double") mixNumbers(lanes, array.values, array.valid, salt, rows);
      };
    }
  }
}

// The loops stand alone, so that each sees arrays of one type only: seen through closures they ran many times slower.

function xorCodes(
  { a, b }: Lanes,
  indices: Uint32Array,
  tableA: Int32Array,
  tableB: Int32Array,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    const index = indices[row]!;
    if (index === NULL_CODE) continue;
    a[row]! ^= tableA[index]!;
    b[row]! ^= tableB[index]!;
  }
}

function xorTexts({ a, b }: Lanes, values: readonly (string | null)[], name: string, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const text = values[row];
    if (text === null || text === undefined) continue;
    const [laneA, laneB] = saltedLanes(name, text);
    a[row]! ^= laneA;
    b[row]! ^= laneB;
  }
}

function mixNumbers(
  { a, b }: Lanes,
  values: Float64Array,
  valid: Uint8Array,
  [saltA, saltB]: readonly [number, number],
  rows: number,
): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let row = 0; row < rows; row++) {
    if (valid[row] === 0) continue;
    const low = words[row * 2]! ^ saltA;
    // -0 and 0 are the same number.
    const high = (values[row] === 0 ? 0 : words[row * 2 + 1]!) ^ saltB;
    const laneA = a[row]!;
    const laneB = b[row]!;
    a[row] = mix(mix(laneA, low), high ^ laneB);
    b[row] = mix(mix(laneB, high), low ^ laneA);
  }
}

function sumLanes({ a, b }: Lanes, rows: number): [number, number] {
  let sumA = 0;
  let sumB = 0;
  for (let row = 0; row < rows; row++) {
    sumA = (sumA + finish(a[row]! ^ rotate(b[row]!, 16))) | 0;
    sumB = (sumB + finish(Math.imul(b[row]!, 0x2c1b3c6d) ^ a[row]!)) | 0;
  }
  return [sumA, sumB];
}

function saltedLanes(column: string, text: string): [number, number] {
  const digest = createHash("sha256").update(column).update("\0").update(text).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
}

/** A multiplication spreads a word over the bits above, the shift brings them down; {@link finish} does the rest. */
function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

/** MurmurHash3's end, which spreads every bit over all. */
export function finish(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

export const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
