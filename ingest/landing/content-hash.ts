import { createHash } from "node:crypto";
import { NULL_CODE } from "./batch-source.ts";
import type { Batch, BatchArray, BatchColumn } from "./batch-source.ts";

/**
 * A hash of rows that does not depend on their order: every row is mixed to two 32-bit lanes, and the lanes are summed.
 * It answers "is this the same data?", not "has somebody forged it?"; the SHA-256 of the document stands beside it.
 */
export type ContentHash = {
  add(batch: Batch, rows: number): void;
  /** Of the rows so far and of `extra`, in hexadecimal. */
  digest(extra: string): string;
};

export function createContentHash(columns: readonly BatchColumn[], capacity: number): ContentHash {
  const lanes = { a: new Int32Array(capacity), b: new Int32Array(capacity) };
  const feeds = columns.map((column) => feedFor(column, lanes));
  let total = 0;
  let sumA = 0;
  let sumB = 0;
  return {
    add(batch, rows) {
      const { a, b } = lanes;
      a.fill(0x9e3779b9, 0, rows);
      b.fill(0x243f6a88, 0, rows);
      for (const [i, feed] of feeds.entries()) feed?.(batch.arrays[i]!, rows);
      for (let row = 0; row < rows; row++) {
        sumA = (sumA + finish(a[row]! ^ rotate(b[row]!, 16))) | 0;
        sumB = (sumB + finish(Math.imul(b[row]!, 0x2c1b3c6d) ^ a[row]!)) | 0;
      }
      total += rows;
    },
    digest: (extra) =>
      createHash("sha256")
        .update(JSON.stringify([total, sumA >>> 0, sumB >>> 0]))
        .update(extra)
        .digest("hex"),
  };
}

type Lanes = { readonly a: Int32Array; readonly b: Int32Array };
type Feed = (array: BatchArray, rows: number) => void;

/** Codes are looked up and xor-ed, a column at a time; numbers are mixed in after them, so columns must come in one order. */
function feedFor(column: BatchColumn, { a, b }: Lanes): Feed | undefined {
  switch (column.kind) {
    case "derived":
      return undefined;
    case "code": {
      const salted = column.codes.map((code) => saltedLanes(column.name, code));
      const tableA = Int32Array.from(salted, ([lane]) => lane);
      const tableB = Int32Array.from(salted, ([, lane]) => lane);
      return (array, rows) => {
        if (array.kind !== "code") return;
        for (let row = 0; row < rows; row++) {
          const index = array.indices[row]!;
          if (index === NULL_CODE) continue;
          a[row]! ^= tableA[index]!;
          b[row]! ^= tableB[index]!;
        }
      };
    }
    case "text":
      return (array, rows) => {
        if (array.kind !== "text") return;
        for (let row = 0; row < rows; row++) {
          const text = array.values[row];
          if (text === null || text === undefined) continue;
          const [laneA, laneB] = saltedLanes(column.name, text);
          a[row]! ^= laneA;
          b[row]! ^= laneB;
        }
      };
    case "double": {
      const [saltA, saltB] = saltedLanes(column.name, "");
      return (array, rows) => {
        if (array.kind !== "double") return;
        const words = new Int32Array(array.values.buffer, array.values.byteOffset, array.values.length * 2);
        for (let row = 0; row < rows; row++) {
          if (array.valid[row] === 0) continue;
          const low = words[row * 2]! ^ saltA;
          // -0 and 0 are the same number.
          const high = (array.values[row] === 0 ? 0 : words[row * 2 + 1]!) ^ saltB;
          const laneA = a[row]!;
          const laneB = b[row]!;
          a[row] = mix(mix(mix(mix(saltA, laneA), low), laneB), high);
          b[row] = mix(mix(mix(mix(saltB, high), laneB), low), laneA);
        }
      };
    }
  }
}

function saltedLanes(column: string, text: string): [number, number] {
  const digest = createHash("sha256").update(column).update("\0").update(text).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
}

/** One round of MurmurHash3's mixing. */
function mix(hash: number, word: number): number {
  const scrambled = Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotate(hash ^ scrambled, 13), 5) + 0xe6546b64) | 0;
}

/** MurmurHash3's end, which spreads every bit over all. */
function finish(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
