import type { Cube, RejectedCell } from "../../../../../ingest/jsonstat/types.ts";
import { NULL_CODE, createBatch } from "../../../../../ingest/landing/batch-source.ts";
import type { BatchArray, BatchColumn } from "../../../../../ingest/landing/batch-source.ts";

/** A row with its texts in place, in the order of the columns. */
export type Row = Readonly<Record<string, string | number | null>>;
export type Read = { readonly rows: readonly Row[]; readonly rejected: readonly RejectedCell[] };

/** Reads a cube to its end through batches of the given capacity, which are handed over dirty on purpose. */
export function readRows(cube: Cube, capacity = 64): Read {
  const rejected: RejectedCell[] = [];
  const source = cube.observations((cell) => rejected.push(cell));
  const batch = createBatch(source.columns, capacity);
  soil(batch.arrays);
  const rows: Row[] = [];
  for (let count = source.next(batch); count > 0; count = source.next(batch)) {
    for (let row = 0; row < count; row++) rows.push(toRow(source.columns, batch.arrays, row));
    soil(batch.arrays);
  }
  return { rows, rejected };
}

function toRow(columns: readonly BatchColumn[], arrays: readonly BatchArray[], row: number): Row {
  const codeAt = (name: string): number => {
    const array = arrays[columns.findIndex((column) => column.name === name)];
    return array?.kind === "code" ? array.indices[row]! : NULL_CODE;
  };
  const cell = (column: BatchColumn, array: BatchArray): string | number | null => {
    if (column.kind === "code") return column.codes[codeAt(column.name)] ?? null;
    if (column.kind === "derived") return column.values[codeAt(column.from)] ?? null;
    if (array.kind === "double") return array.valid[row] === 1 ? array.values[row]! : null;
    return array.kind === "text" ? array.values[row]! : null;
  };
  return Object.fromEntries(columns.map((column, i) => [column.name, cell(column, arrays[i]!)]));
}

function soil(arrays: readonly BatchArray[]): void {
  for (const array of arrays) {
    if (array.kind === "code") array.indices.fill(77);
    if (array.kind === "double") array.values.fill(-1);
    if (array.kind === "double") array.valid.fill(1);
    if (array.kind === "text") array.values.fill("stale");
  }
}
