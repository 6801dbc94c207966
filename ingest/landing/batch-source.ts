import type { JsonObject } from "../../runner/base/json.ts";

/**
 * What the landing takes: batches of typed columns with their schema. A JSON-stat cube is one producer of these;
 * a table read from a database, an HTTP API or a log can be another. The landing knows nothing of where they come from.
 */
export type BatchSource = {
  readonly columns: readonly BatchColumn[];
  /**
   * Fills `batch` from its first row and returns how many rows it now holds; 0 means the end. Synchronous,
   * because the database pulls: DuckDB calls it from a table function. What it throws aborts the landing.
   */
  next(batch: Batch): number;
  /**
   * Columns whose codes in a row follow from a number that stands for them together, in the `keys` of a batch: the same codes, the same
   * number. Spares looking at each of them where only sameness counts.
   */
  readonly keyed?: readonly string[] | undefined;
  /** How much of it has been read, from 0 to 1, where it knows. */
  progress?(): number;
  /** The same rows for several threads, where there are many. */
  readonly pieces?: Pieces | undefined;
};

export type ClosableSource = BatchSource & { close(): void };

/**
 * A source whose rows several threads can read at once, each piece by piece. The rows of all pieces in their order, and then those of
 * `rest`, are the rows of the source. How many pieces there are depends on the source alone, never on the machine.
 */
export type Pieces = {
  readonly count: number;
  /** A reader for this thread. It is asked for pieces in rising order. */
  openLane(): Lane;
  /** What another thread needs for the same; null where it cannot be told. */
  remoteLane(): RemoteLane | null;
  /**
   * What comes behind the pieces, once all have been read; null where there is nothing.
   * Throws a PiecesUnsound when what two lanes have read cannot both be.
   */
  rest(): ClosableSource | null;
  /** Undoes what reading pieces has left behind, before the source is read as a whole. */
  forget(): void;
};

export type Lane = Pick<BatchSource, "columns" | "keyed"> & {
  /** Throws a PiecesUnsound, here and from `next`, when the piece cannot be read by itself. */
  open(piece: number, reject: (rejected: JsonObject) => void): ClosableSource;
};

/** A module that calls `serveLane`, and what it is told: anything that can be sent to a worker. */
export type RemoteLane = { readonly worker: URL; readonly recipe: unknown };

/** The same for whoever can wait: rows that are read from a database come when it has them. */
export type RowSource = Pick<BatchSource, "columns"> & {
  next(batch: Batch): number | Promise<number>;
  close(): void;
};

/** One column of a source. `name` is already the column's name: snake case, unique, not starting with `_`. */
export type BatchColumn =
  /** One of a closed list of texts; rows hold its index. Becomes an ENUM in DuckDB, plain text in Parquet. */
  | { readonly kind: "code"; readonly name: string; readonly codes: readonly string[] }
  /** A function of a code column's value; `values[i]` belongs to `codes[i]`. Dates as `YYYY-MM-DD`. Rows hold nothing. */
  | {
      readonly kind: "derived";
      readonly name: string;
      readonly from: string;
      readonly type: "date" | "text";
      readonly values: readonly (string | null)[];
    }
  | { readonly kind: "double"; readonly name: string }
  | { readonly kind: "text"; readonly name: string };

/** Marks a null in a code column. */
export const NULL_CODE = 0xffff_ffff;

/** Reusable space for `capacity` rows; `arrays[i]` belongs to `columns[i]`. */
export type Batch = {
  readonly capacity: number;
  readonly arrays: readonly BatchArray[];
  /** Filled where the source is `keyed`. */
  readonly keys: Float64Array;
};

export type BatchArray =
  | { readonly kind: "code"; readonly indices: Uint32Array }
  | { readonly kind: "derived" }
  /** `valid[i]` is 1 where there is a number, 0 where there is none. */
  | { readonly kind: "double"; readonly values: Float64Array; readonly valid: Uint8Array }
  | { readonly kind: "text"; readonly values: (string | null)[] };

export function createBatch(columns: readonly BatchColumn[], capacity = 2048): Batch {
  return {
    capacity,
    keys: new Float64Array(capacity),
    arrays: columns.map((column): BatchArray => {
      switch (column.kind) {
        case "code":
          return { kind: "code", indices: new Uint32Array(capacity) };
        case "derived":
          return { kind: "derived" };
        case "double":
          return { kind: "double", values: new Float64Array(capacity), valid: new Uint8Array(capacity) };
        case "text":
          return { kind: "text", values: Array.from<string | null>({ length: capacity }).fill(null) };
      }
    }),
  };
}
