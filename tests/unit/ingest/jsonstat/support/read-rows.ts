import assert from "node:assert/strict";
import { DocumentError } from "../../../../../ingest/jsonstat/document-error.ts";
import { laneOf } from "../../../../../ingest/jsonstat/pieces/remote-lane.ts";
import type { Cube, RejectedCell } from "../../../../../ingest/jsonstat/types.ts";
import { NULL_CODE, createBatch } from "../../../../../ingest/landing/batch-source.ts";
import type { BatchArray, BatchColumn, ClosableSource } from "../../../../../ingest/landing/batch-source.ts";
import { PiecesUnsound } from "../../../../../ingest/landing/pieces.ts";

/** A row with its texts in place, in the order of the columns. */
export type Row = Readonly<Record<string, string | number | null>>;
export type Read = { readonly rows: readonly Row[]; readonly rejected: readonly RejectedCell[] };

/** Reads a cube to its end, whole and in pieces: both must give the same in the same order, or fail. */
export function readRows(cube: Cube, capacity = 64): Read {
  let whole: Read | { readonly error: unknown };
  try {
    const rejected: RejectedCell[] = [];
    const source = cube.observations((cell) => rejected.push(cell));
    whole = { rows: readSource(source, capacity), rejected };
  } catch (error) {
    whole = { error };
  }
  const pieces = readPieces(cube, capacity);
  if ("error" in whole) {
    assert.equal(pieces, undefined, "in pieces it could be read");
    throw whole.error;
  }
  if (pieces !== undefined) assert.deepEqual(pieces, whole);
  return whole;
}

/** How many cubes could be read in pieces, and how many would have had to be read as a whole. */
export const inPieces = { sound: 0, unsound: 0 };

/** As two threads would read it, in turns; undefined where it is not in pieces or must be read as a whole. */
function readPieces(cube: Cube, capacity: number): Read | undefined {
  try {
    const rejected: RejectedCell[] = [];
    const source = cube.observations((cell) => rejected.push(cell));
    const { pieces } = source;
    source.close();
    if (pieces === undefined) return undefined;
    const lanes = [pieces.openLane(), laneOf(pieces.remoteLane()!.recipe)];
    const rows = Array.from({ length: pieces.count }, (_, piece) => {
      const reject = (cell: object): void => void rejected.push(cell as RejectedCell);
      return readSource(lanes[piece % 2]!.open(piece, reject), capacity);
    });
    const rest = pieces.rest();
    inPieces.sound++;
    return { rows: [...rows.flat(), ...(rest === null ? [] : readSource(rest, capacity))], rejected };
  } catch (error) {
    if (!(error instanceof PiecesUnsound || error instanceof DocumentError)) throw error;
    inPieces.unsound++;
    return undefined;
  }
}

/** Batches are handed over dirty on purpose. */
function readSource(source: ClosableSource, capacity: number): Row[] {
  const batch = createBatch(source.columns, capacity);
  soil(batch.arrays);
  const rows: Row[] = [];
  for (let count = source.next(batch); count > 0; count = source.next(batch)) {
    for (let row = 0; row < count; row++) rows.push(toRow(source.columns, batch.arrays, row));
    soil(batch.arrays);
  }
  source.close();
  return rows;
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
