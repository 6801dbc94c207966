import { NULL_CODE } from "../landing/batch-source.ts";
import type { Batch, BatchArray, BatchColumn, ClosableSource } from "../landing/batch-source.ts";
import type { Pieces } from "../landing/batch-source.ts";
import { CellDecoder } from "./cells/cell-decoder.ts";
import { NULL, NUMBER, TEXT, createEntryBlock, textOf } from "./cells/entry-block.ts";
import type { EntryBlock } from "./cells/entry-block.ts";
import type { EntryScanner } from "./cells/entry-scanner.ts";
import type { BadEntry } from "./cells/slow-entry.ts";
import { splitStatuses } from "./cells/status-columns.ts";
import type { StatusColumn } from "./cells/status-columns.ts";
import type { Statuses } from "./cells/statuses.ts";
import type { RejectedCell } from "./types.ts";

export type RowParts = {
  readonly columns: readonly BatchColumn[];
  readonly sizes: readonly number[];
  readonly statuses: Statuses;
  /** How many cells have been visited, and how many of them had a status: see {@link createTally}. */
  readonly tally: Float64Array;
  /** The values; none for the rest alone. */
  readonly scanner: EntryScanner | null;
  /** Cells that come behind the values, one a call; -1 when there is none any more. */
  readonly rest: () => number;
  readonly reject: (rejected: RejectedCell) => void;
  readonly close: () => void;
  readonly pieces?: Pieces | undefined;
};

/** Why the second value of a cell is rejected. */
export const TWICE = "the cell has a value already";

/** The number of a cell says where it is along every dimension. */
export const keyedBy = (columns: readonly BatchColumn[], sizes: readonly number[]): readonly string[] =>
  columns.slice(0, sizes.length).map(({ name }) => name);

/** Rows from entries: a row a cell with a value or a status, in the order in which they stand; then the rest. */
export class Rows implements ClosableSource {
  readonly columns: readonly BatchColumn[];
  readonly pieces: Pieces | undefined;
  readonly keyed: readonly string[];
  readonly #parts: RowParts;
  readonly #status: StatusColumn;
  readonly #confidentiality: StatusColumn;
  readonly #decoder: CellDecoder;
  #block: EntryBlock = createEntryBlock(0);
  /** Of each entry of the block: the number of its status, -1 where its cell has had its turn. */
  #found = new Int32Array(0);
  #phase: "values" | "rest" | "closed" = "values";

  constructor(parts: RowParts) {
    this.#parts = parts;
    this.columns = parts.columns;
    this.pieces = parts.pieces;
    this.keyed = keyedBy(parts.columns, parts.sizes);
    const { status, confidentiality } = splitStatuses(parts.statuses.texts);
    this.#status = status;
    this.#confidentiality = confidentiality;
    this.#decoder = new CellDecoder(parts.sizes);
  }

  next(batch: Batch): number {
    if (this.#phase === "closed") return 0;
    try {
      const count = this.#fill(batch);
      if (count === 0) this.close();
      return count;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  progress(): number {
    return this.#parts.scanner?.progress ?? 1;
  }

  close(): void {
    if (this.#phase !== "closed") this.#parts.close();
    this.#phase = "closed";
  }

  #fill(batch: Batch): number {
    const { capacity } = batch;
    if (this.#found.length !== capacity) {
      this.#block = createEntryBlock(capacity);
      this.#found = new Int32Array(capacity);
    }
    const { scanner, tally } = this.#parts;
    const [value, text, status, confidentiality] = batch.arrays.slice(-4);
    if (value?.kind !== "double" || text?.kind !== "text")
      throw new TypeError("the batch was made for other columns");
    const block = this.#block;
    let count = 0;
    // A batch that is nearly full is full: nulls without a status leave gaps at its end.
    while (this.#phase === "values" && count <= capacity * 0.75) {
      const scanned = scanner === null ? 0 : scanner.scan(block, count, capacity);
      if (scanned === 0) this.#phase = "rest";
      count = this.#place(count, count + scanned);
    }
    if (this.#phase === "rest") count = this.#placeRest(capacity, count);
    writeNumbers(block, count, value);
    writeTexts(block, count, text.values);
    batch.keys.set(block.cells);
    const positions = batch.arrays.flatMap((array) => (array.kind === "code" ? [array.indices] : []));
    this.#decoder.decode(block.cells, count, positions);
    tally[1]! += countMarked(this.#found, count);
    writeCodes(status, this.#status, this.#found, count);
    writeCodes(confidentiality, this.#confidentiality, this.#found, count);
    return count;
  }

  /** Keeps of the entries that have been read those that are rows: all but nulls without a status and cells that have come before. */
  #place(from: number, to: number): number {
    const block = this.#block;
    const { cells, kinds, numbers, texts } = block;
    const { statuses, tally } = this.#parts;
    const found = this.#found;
    const known = statuses.marks.visitAll(cells, from, to, found);
    tally[0]! += to - from - known;
    if (known === 0 && countNulls(kinds, from, to) === 0) return to;
    let row = from;
    for (let i = from; i < to; i++) {
      const mark = found[i]!;
      if (mark < 0) this.#rejectTwice(block, i);
      if (mark < 0 || (mark === 0 && kinds[i] === NULL)) continue;
      cells[row] = cells[i]!;
      kinds[row] = kinds[i]!;
      numbers[row] = numbers[i]!;
      if (kinds[i] === TEXT) texts[row] = texts[i]!;
      found[row] = mark;
      row++;
    }
    return row;
  }

  #placeRest(capacity: number, from: number): number {
    const { rest, statuses } = this.#parts;
    const { cells, kinds } = this.#block;
    let row = from;
    while (row < capacity) {
      const cell = rest();
      if (cell === -1) break;
      cells[row] = cell;
      kinds[row] = NULL;
      this.#found[row] = statuses.marks.statusOf(cell);
      row++;
    }
    return row;
  }

  #rejectTwice(block: EntryBlock, i: number): void {
    const kind = block.kinds[i];
    const raw =
      kind === NULL ? "null" : kind === NUMBER ? String(block.numbers[i]) : JSON.stringify(textOf(block, i));
    this.#parts.reject({
      section: "value",
      key: String(block.cells[i]),
      raw: raw.slice(0, 200),
      reason: TWICE,
    });
  }
}

/** Two counts, in memory that threads can share. */
export const createTally = (): Float64Array => new Float64Array(new SharedArrayBuffer(16));

/** Cells with a status that nobody has visited, in rising order. */
export function restOf({ marks }: Statuses): () => number {
  let next = 0;
  return () => {
    const cell = next === -1 ? -1 : marks.nextUnvisited(next);
    next = cell === -1 ? -1 : cell + 1;
    return cell;
  };
}

export const badValue =
  (reject: (rejected: RejectedCell) => void): BadEntry =>
  (key, raw, reason) =>
    reject({ section: "value", key, raw, reason });

// The loops stand alone, so that each is compiled for the arrays that it sees.

function countNulls(kinds: Uint8Array, from: number, to: number): number {
  let nulls = 0;
  for (let i = from; i < to; i++) if (kinds[i] === NULL) nulls++;
  return nulls;
}

function writeNumbers(
  { kinds, numbers }: EntryBlock,
  count: number,
  { values, valid }: BatchArray & { kind: "double" },
): void {
  values.set(numbers);
  for (let row = 0; row < count; row++) {
    const isNumber = kinds[row] === NUMBER;
    valid[row] = isNumber ? 1 : 0;
    if (!isNumber) values[row] = 0;
  }
}

function writeTexts(block: EntryBlock, count: number, texts: (string | null)[]): void {
  const { kinds } = block;
  for (let row = 0; row < count; row++) {
    const kind = kinds[row]!;
    texts[row] = kind === NUMBER || kind === NULL ? null : textOf(block, row);
  }
}

function countMarked(marks: Int32Array, count: number): number {
  let marked = 0;
  for (let row = 0; row < count; row++) if (marks[row] !== 0) marked++;
  return marked;
}

function writeCodes(
  array: BatchArray | undefined,
  { codeOf, codes }: StatusColumn,
  marks: Int32Array,
  count: number,
): void {
  if (array?.kind !== "code") throw new TypeError("the batch was made for other columns");
  const { indices } = array;
  if (codes.length === 0) indices.fill(NULL_CODE, 0, count);
  else for (let row = 0; row < count; row++) indices[row] = codeOf[marks[row]!]!;
}
