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
  return columns.map((column, at): VectorColumn => {
    switch (column.kind) {
      case "double":
        return {
          name: column.name,
          type: duckdb.DOUBLE,
          write(vector, batch, rows) {
            const array = batch.arrays[at]!;
            if (array.kind !== "double") return;
            for (let row = 0; row < rows; row++) if (array.valid[row] === 0) copy.setNull(row);
            copy.flush(vector, array.values, rows);
          },
        };
      case "text":
        return {
          name: column.name,
          type: duckdb.VARCHAR,
          write(vector, batch, rows) {
            const array = batch.arrays[at]!;
            if (array.kind !== "text") return;
            for (let row = 0; row < rows; row++) {
              const text = array.values[row];
              if (text === null || text === undefined) copy.setNull(row);
              else bindings.vector_assign_string_element_len(vector, row, Buffer.from(text));
            }
            copy.flush(vector, undefined, rows);
          },
        };
      case "code":
        return coded(column.name, at, enumOf(duckdb, column.name, column.codes), copy, capacity);
      case "derived": {
        const from = columns.findIndex(({ name }) => name === column.from);
        if (column.type === "text") {
          const texts = [...new Set(column.values.filter((value) => value !== null))];
          const positions = new Map(texts.map((text, i) => [text, i]));
          const indices = column.values.map((value) => (value === null ? NULL_CODE : positions.get(value)!));
          const type = enumOf(duckdb, column.name, texts);
          return coded(column.name, from, type, copy, capacity, Uint32Array.from(indices));
        }
        const days = Int32Array.from(column.values, (value) => (value === null ? NO_DATE : dayNumber(value)));
        const buffer = new Int32Array(capacity);
        return {
          name: column.name,
          type: duckdb.DATE,
          write(vector, batch, rows) {
            const array = batch.arrays[from]!;
            if (array.kind !== "code") return;
            for (let row = 0; row < rows; row++) {
              const day = days[array.indices[row]!] ?? NO_DATE;
              buffer[row] = day;
              if (day === NO_DATE) copy.setNull(row);
            }
            copy.flush(vector, buffer, rows);
          },
        };
      }
    }
  });
}

/** An ENUM column filled from the code column at `at`, through `lookup` where it is derived from it. */
function coded(
  name: string,
  at: number,
  { type, bytes }: { type: DuckDBType; bytes: 1 | 2 | 4 },
  copy: Copier,
  capacity: number,
  lookup?: Uint32Array,
): VectorColumn {
  const Buffer = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[bytes];
  const buffer = new Buffer(capacity);
  return {
    name,
    type,
    write(vector, batch, rows) {
      const array = batch.arrays[at]!;
      if (array.kind !== "code") return;
      const { indices } = array;
      for (let row = 0; row < rows; row++) {
        const index = lookup === undefined ? indices[row]! : (lookup[indices[row]!] ?? NULL_CODE);
        if (index === NULL_CODE) {
          buffer[row] = 0;
          copy.setNull(row);
        } else {
          buffer[row] = index;
        }
      }
      copy.flush(vector, buffer, rows);
    },
  };
}

function enumOf(
  duckdb: DuckDb,
  name: string,
  codes: readonly string[],
): { type: DuckDBType; bytes: 1 | 2 | 4 } {
  const bad = codes.find((code) => code.includes("\0"));
  if (bad !== undefined) {
    throw new OperationError("CODE_INVALID", `"${printable(bad)}" in "${name}" holds a NUL character`);
  }
  if (new Set(codes).size !== codes.length) {
    throw new OperationError("CODE_TWICE", `a code of "${name}" is listed twice`);
  }
  // An ENUM needs a member, even where no row will ever hold it.
  const members = codes.length === 0 ? [""] : codes;
  if (members.length < 256) return { type: duckdb.ENUM8(members), bytes: 1 };
  if (members.length < 65536) return { type: duckdb.ENUM16(members), bytes: 2 };
  return { type: duckdb.ENUM32(members), bytes: 4 };
}

type Copier = {
  setNull(row: number): void;
  /** Copies `rows` values and the nulls that were set, and forgets those. */
  flush(vector: Vector, values: Float64Array | Int32Array | IndexArray | undefined, rows: number): void;
};
type IndexArray = Uint8Array | Uint16Array | Uint32Array;

/** A vector starts with every row valid, so nulls are copied only where there are any. */
function copier(bindings: Bindings, capacity: number): Copier {
  const validity = new Uint8Array(Math.ceil(capacity / 64) * 8).fill(0xff);
  let nulls = false;
  return {
    setNull(row) {
      validity[row >> 3]! &= ~(1 << (row & 7));
      nulls = true;
    },
    flush(vector, values, rows) {
      if (values !== undefined) {
        const bytes = rows * values.BYTES_PER_ELEMENT;
        bindings.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, bytes);
      }
      if (!nulls) return;
      bindings.vector_ensure_validity_writable(vector);
      bindings.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, validity.length);
      validity.fill(0xff);
      nulls = false;
    },
  };
}

const NO_DATE = -0x8000_0000;

/** Days since 1970-01-01 of a `YYYY-MM-DD`. */
function dayNumber(date: string): number {
  const days = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  return Number.isInteger(days) ? days : NO_DATE;
}
