import assert from "node:assert/strict";
import type { Cube } from "../../../../../ingest/jsonstat/types.ts";
import type { FlatRow } from "./flatten.ts";
import { readRows } from "./read-rows.ts";
import type { Read, Row } from "./read-rows.ts";

/** The rows of a cube as plain lists in one order, whichever order the document has; `Object.is` tells 0 from -0. */
export function assertSameRows(cube: Cube, expected: readonly FlatRow[], capacity?: number): Read {
  const read = readRows(cube, capacity);
  const columns = cube.dimensions.map(({ column }) => column);
  assert.deepEqual(
    read.rows.map((row) => toLine(row, columns)).toSorted(),
    expected.map(flatLine).toSorted(),
  );
  return read;
}

const numberText = (value: unknown): unknown => (Object.is(value, -0) ? "-0" : value);

const toLine = (row: Row, columns: readonly string[]): string =>
  JSON.stringify([
    columns.map((column) => row[column]),
    numberText(row["value"]),
    row["value_text"],
    row["status"],
    row["confidentiality"],
  ]);

const flatLine = ({ codes, value, text, status, confidentiality }: FlatRow): string =>
  JSON.stringify([codes, numberText(value), text, status, confidentiality]);
