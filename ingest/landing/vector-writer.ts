import type * as DuckDbApi from "@duckdb/node-api";
import type { DuckDBType } from "@duckdb/node-api";
import type * as DuckDbBindings from "@duckdb/node-bindings";
import type { DataChunk, Vector } from "@duckdb/node-bindings";
import { OperationError } from "../../runner/base/errors.ts";
import { printable } from "../../runner/base/text.ts";
import { NULL_CODE } from "./batch-source.ts";
import type { Batch, BatchColumn } from "./batch-source.ts";

type DuckDb = typeof DuckDbApi;
type Bindings = typeof DuckDbBindings.default;

/** What DuckDB calls a column, and how a batch's rows get into its vector. */
export type VectorColumn = {
  readonly name: string;
  readonly type: DuckDBType;
  write(vector: Vector, batch: Batch, rows: number): void;
};

/**
 * The bindings below `@duckdb/node-api`. They copy whole buffers into vectors: twice as fast as going through the
 * buffers of its vector classes, three times as fast as their `setItem`.
 */
export async function loadBindings(): Promise<Bindings> {
  return (await import("@duckdb/node-bindings")).default;
}

/** Writes `rows` rows of `batch` into a table function's output. */
export function writeChunk(
  bindings: Bindings,
  columns: readonly VectorColumn[],
  chunk: DataChunk,
  batch: Batch,
  rows: number,
): void {
  bindings.data_chunk_set_size(chunk, rows);
  if (rows === 0) return;
  for (const [i, column] of columns.entries()) {
    column.write(bindings.data_chunk_get_vector(chunk, i), batch, rows);
  }
}

export function vectorColumns(
  duckdb: DuckDb,
  bindings: Bindings,
  columns: readonly BatchColumn[],
  capacity: number,
): VectorColumn[] {
  const copy = copier(bindings, capacity);
  const scratch = new Int32Array(capacity);
  const vectorOf = (column: BatchColumn, at: number): VectorColumn => {
    const { name } = column;
    switch (column.kind) {
      case "double":
        return {
          name,
          type: duckdb.DOUBLE,
          write(vector, batch, rows) {
            const array = batch.arrays[at]!;
            if (array.kind !== "double") return;
            copy.flush(vector, array.values, rows, markMissing(array.valid, copy.validity, rows));
          },
        };
      case "text":
        return {
          name,
          type: duckdb.VARCHAR,
          write(vector, batch, rows) {
            const array = batch.arrays[at]!;
            if (array.kind !== "text") return;
            if (isEmpty(array.values, rows)) {
              copy.validity.fill(0);
              copy.flush(vector, undefined, rows, rows);
              return;
            }
            const nulls = markAbsent(array.values, copy.validity, rows);
            for (let row = 0; row < rows; row++) {
              const text = array.values[row];
              if (typeof text === "string") {
                bindings.vector_assign_string_element_len(vector, row, Buffer.from(text));
              }
            }
            copy.flush(vector, undefined, rows, nulls);
          },
        };
      case "code": {
        const { type, narrow } = enumOf(duckdb, name, column.codes, capacity);
        return {
          name,
          type,
          write(vector, batch, rows) {
            const array = batch.arrays[at]!;
            if (array.kind !== "code") return;
            const { indices } = array;
            // Copying between arrays is many times faster than a loop; only columns with nulls need one.
            narrow.set(rows === indices.length ? indices : indices.subarray(0, rows));
            const firstNull = indices.indexOf(NULL_CODE);
            const hasNulls = firstNull !== -1 && firstNull < rows;
            const nulls = hasNulls ? markUncoded(indices, narrow, copy.validity, rows) : 0;
            copy.flush(vector, narrow, rows, nulls);
          },
        };
      }
      case "derived": {
        const from = columns.findIndex((candidate) => candidate.name === column.from);
        const { type, narrow, table } =
          column.type === "date"
            ? { type: duckdb.DATE, narrow: undefined, table: dateTable(column.values) }
            : derivedCodes(duckdb, name, column.values, capacity);
        return {
          name,
          type,
          write(vector, batch, rows) {
            const array = batch.arrays[from]!;
            if (array.kind !== "code") return;
            const nulls = lookUp(array.indices, table, scratch, copy.validity, rows);
            narrow?.set(rows === scratch.length ? scratch : scratch.subarray(0, rows));
            copy.flush(vector, narrow ?? scratch, rows, nulls);
          },
        };
      }
    }
  };
  return columns.flatMap((column, at) => (isAlwaysNull(column) ? [] : [vectorOf(column, at)]));
}

/** Such a column needs no vector. */
export const isAlwaysNull = (column: BatchColumn): boolean =>
  column.kind === "code" && column.codes.length === 0;

const dateTable = (dates: readonly (string | null)[]): Int32Array =>
  Int32Array.from(dates, (date) => (date === null ? NOTHING : dayNumber(date)));

/** Texts that follow from a code: an ENUM of the different ones, and which of them belongs to each code. */
function derivedCodes(duckdb: DuckDb, name: string, values: readonly (string | null)[], capacity: number) {
  const texts = [...new Set(values.filter((value) => value !== null))];
  const positions = new Map<string | null, number>(texts.map((text, i) => [text, i]));
  const table = Int32Array.from(values, (value) => positions.get(value) ?? NOTHING);
  return { ...enumOf(duckdb, name, texts, capacity), table };
}

// The loops below stand alone, so that each sees arrays of few types: seen through closures they ran many times slower.
// Each clears the validity bit of every null row and returns how many there are.

function lookUp(
  indices: Uint32Array,
  table: Int32Array,
  out: Int32Array,
  validity: Uint8Array,
  rows: number,
): number {
  const known = table.length;
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    const index = indices[row]!;
    const found = index < known ? table[index]! : NOTHING;
    if (found === NOTHING) {
      out[row] = 0;
      validity[row >> 3]! &= ~(1 << (row & 7));
      nulls++;
    } else {
      out[row] = found;
    }
  }
  return nulls;
}

function markUncoded(indices: Uint32Array, narrow: IndexArray, validity: Uint8Array, rows: number): number {
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    if (indices[row] !== NULL_CODE) continue;
    narrow[row] = 0;
    validity[row >> 3]! &= ~(1 << (row & 7));
    nulls++;
  }
  return nulls;
}

function markMissing(valid: Uint8Array, validity: Uint8Array, rows: number): number {
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    if (valid[row] !== 0) continue;
    validity[row >> 3]! &= ~(1 << (row & 7));
    nulls++;
  }
  return nulls;
}

function isEmpty(values: readonly (string | null)[], rows: number): boolean {
  for (let row = 0; row < rows; row++) if (values[row] !== null) return false;
  return true;
}

function markAbsent(values: readonly (string | null)[], validity: Uint8Array, rows: number): number {
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    if (typeof values[row] === "string") continue;
    validity[row >> 3]! &= ~(1 << (row & 7));
    nulls++;
  }
  return nulls;
}

type IndexArray = Uint8Array | Uint16Array | Uint32Array;

/** The ENUM of some codes, and an array of the width that DuckDB keeps its members in. */
function enumOf(
  duckdb: DuckDb,
  name: string,
  codes: readonly string[],
  capacity: number,
): { type: DuckDBType; narrow: IndexArray } {
  const bad = codes.find((code) => code.includes("\0"));
  if (bad !== undefined) {
    throw new OperationError("CODE_INVALID", `"${printable(bad)}" in "${name}" holds a NUL character`);
  }
  if (new Set(codes).size !== codes.length) {
    throw new OperationError("CODE_TWICE", `a code of "${name}" is listed twice`);
  }
  // An ENUM needs a member, even where nothing follows from any code.
  const members = codes.length === 0 ? [""] : codes;
  if (members.length < 256) return { type: duckdb.ENUM8(members), narrow: new Uint8Array(capacity) };
  if (members.length < 65536) return { type: duckdb.ENUM16(members), narrow: new Uint16Array(capacity) };
  return { type: duckdb.ENUM32(members), narrow: new Uint32Array(capacity) };
}

type Copier = {
  /** A bit a row, 1 where it holds something; all 1 between two columns. */
  readonly validity: Uint8Array;
  /** Copies `rows` values, and the validity where there are nulls; then all are valid again. */
  flush(
    vector: Vector,
    values: Float64Array | Int32Array | IndexArray | undefined,
    rows: number,
    nulls: number,
  ): void;
};

/** A vector starts with every row valid, so the validity is copied only where there are nulls. */
function copier(bindings: Bindings, capacity: number): Copier {
  const validity = new Uint8Array(Math.ceil(capacity / 64) * 8).fill(0xff);
  return {
    validity,
    flush(vector, values, rows, nulls) {
      if (values !== undefined) {
        const bytes = rows * values.BYTES_PER_ELEMENT;
        bindings.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, bytes);
      }
      if (nulls === 0) return;
      bindings.vector_ensure_validity_writable(vector);
      bindings.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, validity.length);
      validity.fill(0xff);
    },
  };
}

/** Marks a code from which nothing follows. */
const NOTHING = -0x8000_0000;

/** Days since 1970-01-01 of a `YYYY-MM-DD`. */
function dayNumber(date: string): number {
  const days = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  return Number.isInteger(days) ? days : NOTHING;
}
