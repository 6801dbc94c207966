import { NULL_CODE } from "../batch-source.ts";
import type { Batch, BatchColumn } from "../batch-source.ts";
import { feedFor, finish, rotate } from "../content-hash.ts";
import type { Feed } from "../content-hash.ts";

/** The rows of one code of the slicing column: how many, and a hash that does not depend on their order. */
export type Slice = { readonly rows: number; readonly hash: string };

/**
 * A hash of the rows for each period, so that an edition is sent and compared only where it differs from the one
 * before: publishers mostly add a period and revise the last few.
 */
export type SliceHash = {
  /** The column that is sliced by; null where there is none, and all rows are one slice called "". */
  readonly column: string | null;
  add(batch: Batch, rows: number): void;
  /** Slices that hold rows, by their code. */
  slices(): Map<string, Slice>;
  /** Sets `keep[row]` to 1 for rows whose slice is among `wanted`, to 0 for the others. */
  mark(batch: Batch, rows: number, wanted: ReadonlySet<string>, keep: Uint8Array): void;
};

const TIME = "time_period";

export function createSliceHash(
  columns: readonly BatchColumn[],
  keys: readonly string[],
  capacity: number,
): SliceHash {
  const lanes = { a: new Int32Array(capacity), b: new Int32Array(capacity) };
  const feeds = columns.map((column) => sliceFeed(column, columns, lanes));
  const at = columns.findIndex(
    ({ kind, name }) => kind === "code" && name === (keys.includes(TIME) ? TIME : keys[0]),
  );
  const sliced = columns[at];
  const codes = sliced?.kind === "code" ? sliced.codes : [""];
  const sums = {
    rows: new Float64Array(codes.length),
    a: new Int32Array(codes.length),
    b: new Int32Array(codes.length),
  };
  const everyRow = new Uint32Array(capacity);
  const slots = (batch: Batch): Uint32Array => {
    const array = batch.arrays[at];
    return array?.kind === "code" ? array.indices : everyRow;
  };
  return {
    column: sliced?.name ?? null,
    add(batch, rows) {
      lanes.a.fill(0x9e3779b9, 0, rows);
      lanes.b.fill(0x243f6a88, 0, rows);
      for (const [i, { feed, from }] of feeds.entries()) feed?.(batch.arrays[from ?? i]!, rows);
      sumSlices(lanes, slots(batch), rows, sums);
    },
    slices: () =>
      new Map(
        [...codes.entries()].flatMap(([slot, code]) => {
          const hash = `${hex(sums.a[slot]!)}${hex(sums.b[slot]!)}`;
          return sums.rows[slot] === 0 ? [] : [[code, { rows: sums.rows[slot]!, hash }]];
        }),
      ),
    mark(batch, rows, wanted, keep) {
      const flags = Uint8Array.from(codes, (code) => (wanted.has(code) ? 1 : 0));
      const indices = slots(batch);
      for (let row = 0; row < rows; row++) keep[row] = flags[indices[row]!] ?? 1;
    },
  };
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");

/** A derived column is fed as if it were one of codes: what follows from a code may change while the code stays. */
function sliceFeed(
  column: BatchColumn,
  columns: readonly BatchColumn[],
  lanes: Parameters<typeof feedFor>[1],
): { feed: Feed | undefined; from?: number } {
  if (column.kind !== "derived") return { feed: feedFor(column, lanes) };
  const codes = column.values.map((value) => (value === null ? "" : `=${value}`));
  const from = columns.findIndex(({ name }) => name === column.from);
  return { feed: feedFor({ kind: "code", name: column.name, codes }, lanes), from };
}

type Sums = { readonly rows: Float64Array; readonly a: Int32Array; readonly b: Int32Array };

function sumSlices(
  { a, b }: Parameters<typeof feedFor>[1],
  slots: Uint32Array,
  rows: number,
  sums: Sums,
): void {
  for (let row = 0; row < rows; row++) {
    const slot = slots[row]!;
    if (slot === NULL_CODE) continue;
    const laneA = a[row]!;
    const laneB = b[row]!;
    sums.rows[slot]!++;
    sums.a[slot]! += finish(laneA ^ rotate(laneB, 16));
    sums.b[slot]! += finish(Math.imul(laneB, 0x2c1b3c6d) ^ laneA);
  }
}
