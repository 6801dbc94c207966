import { NULL_CODE } from "../landing/batch-source.ts";
import type { Batch, BatchArray, BatchColumn, BatchSource } from "../landing/batch-source.ts";
import { CellDecoder } from "./cells/cell-decoder.ts";
import type { Frame, StatusSource } from "./header/frame.ts";
import type { Dimensions } from "./header/dimensions.ts";
import { DocumentError } from "./document-error.ts";
import { NULL, NUMBER, createEntryBlock, textOf } from "./cells/entry-block.ts";
import type { EntryBlock } from "./cells/entry-block.ts";
import { EntryScanner } from "./cells/entry-scanner.ts";
import { closeSource, openSource } from "./bytes/source-file.ts";
import type { SourceFile } from "./bytes/source-file.ts";
import { splitStatuses } from "./cells/status-columns.ts";
import type { StatusColumn } from "./cells/status-columns.ts";
import { isOneForAll, readStatuses } from "./cells/statuses.ts";
import type { Statuses } from "./cells/statuses.ts";
import type { RejectedCell } from "./types.ts";

export type ObservationOptions = {
  /** The file as it was when its header was read; it must not change until it has been read to the end. */
  readonly file: SourceFile;
  readonly frame: Frame;
  readonly dimensions: Dimensions;
  readonly blockSize?: number | undefined;
};

type Reject = (rejected: RejectedCell) => void;

/** Opens the file, reads the statuses, and gives the rows as they come: values in the order of the file, then what has only a status. */
export function readObservations(
  options: ObservationOptions,
  reject: Reject,
): BatchSource & { close(): void } {
  const { frame, blockSize } = options;
  const file = openUnchanged(options.file);
  try {
    const statuses = readStatuses(file, statusSource(frame), frame.cells, reject, blockSize);
    return new Observations(options, file, statuses, reject);
  } catch (error) {
    closeSource(file);
    throw error;
  }
}

/** A status for all cells says nothing of the cells of a document without data. */
function statusSource({ statuses, values, cells }: Frame): StatusSource {
  const isMetadata = values.count === 0 && cells > 0;
  return isMetadata && isOneForAll(statuses) ? { kind: "none" } : statuses;
}

function openUnchanged(known: SourceFile): SourceFile {
  const file = openSource(known.path);
  if (file.size === known.size && file.modified === known.modified) return file;
  closeSource(file);
  throw new DocumentError(known.path, [
    { code: "CHANGED", message: "the document changed while it was being read", line: null, column: null },
  ]);
}

class Observations implements BatchSource {
  readonly columns: readonly BatchColumn[];
  readonly #file: SourceFile;
  readonly #scanner: EntryScanner;
  readonly #statuses: Statuses;
  readonly #status: StatusColumn;
  readonly #confidentiality: StatusColumn;
  readonly #decoder: CellDecoder;
  readonly #reject: Reject;
  #block: EntryBlock = createEntryBlock(0);
  /** Of each row of the batch: its cell, and the number of its status. */
  #cells = new Float64Array(0);
  #marks = new Uint16Array(0);
  /** Of each entry of the block: what its cell was marked with. */
  #found = new Int32Array(0);
  #phase: "values" | "rest" | "closed" = "values";
  /** Where to look for the next cell that has only a status. */
  #nextCell = 0;

  constructor(
    { frame, dimensions, blockSize }: ObservationOptions,
    file: SourceFile,
    statuses: Statuses,
    reject: Reject,
  ) {
    this.#file = file;
    this.#statuses = statuses;
    this.#reject = reject;
    const { status, confidentiality } = splitStatuses(statuses.texts);
    this.#status = status;
    this.#confidentiality = confidentiality;
    this.#decoder = new CellDecoder(frame.sizes);
    this.columns = listColumns(dimensions, status.codes, confidentiality.codes);
    const bad = (key: string, raw: string, reason: string): void =>
      reject({ section: "value", key, raw, reason });
    this.#scanner = new EntryScanner(file, frame.values, frame.cells, bad, blockSize);
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
    return this.#scanner.progress;
  }

  close(): void {
    if (this.#phase !== "closed") closeSource(this.#file);
    this.#phase = "closed";
  }

  #fill(batch: Batch): number {
    if (this.#cells.length !== batch.capacity) {
      this.#block = createEntryBlock(batch.capacity);
      this.#cells = new Float64Array(batch.capacity);
      this.#marks = new Uint16Array(batch.capacity);
      this.#found = new Int32Array(batch.capacity);
    }
    const [value, text, status, confidentiality] = batch.arrays.slice(-4);
    if (value?.kind !== "double" || text?.kind !== "text")
      throw new TypeError("the batch was made for other columns");
    text.values.fill(null);
    let count = 0;
    // A batch that is nearly full is full: nulls without a status leave gaps at its end.
    while (this.#phase === "values" && count <= batch.capacity * 0.75) {
      const scanned = this.#scanner.scan(this.#block, batch.capacity - count);
      if (scanned === 0) this.#phase = "rest";
      count = this.#place(scanned, count, value, text.values);
    }
    if (this.#phase === "rest") count = this.#placeRest(batch.capacity, count, value);
    const positions = batch.arrays.flatMap((array) => (array.kind === "code" ? [array.indices] : []));
    this.#decoder.decode(this.#cells, count, positions);
    writeCodes(status, this.#status, this.#marks, count);
    writeCodes(confidentiality, this.#confidentiality, this.#marks, count);
    return count;
  }

  /** Rows from entries: all but the nulls without a status and the cells that have come before. */
  #place(
    scanned: number,
    from: number,
    value: BatchArray & { kind: "double" },
    texts: (string | null)[],
  ): number {
    const block = this.#block;
    const { cells, kinds, numbers } = block;
    const { marks } = this.#statuses;
    const { values, valid } = value;
    const found = this.#found;
    marks.visitAll(cells, scanned, found);
    let row = from;
    for (let i = 0; i < scanned; i++) {
      const cell = cells[i]!;
      const kind = kinds[i]!;
      const mark = found[i]!;
      if (mark < 0) {
        this.#rejectTwice(block, i);
        continue;
      }
      if (kind === NULL && mark === 0) continue;
      this.#cells[row] = cell;
      this.#marks[row] = mark;
      const isNumber = kind === NUMBER;
      values[row] = isNumber ? numbers[i]! : 0;
      valid[row] = isNumber ? 1 : 0;
      if (!isNumber && kind !== NULL) texts[row] = textOf(block, i);
      row++;
    }
    return row;
  }

  #placeRest(capacity: number, from: number, value: BatchArray & { kind: "double" }): number {
    const { marks } = this.#statuses;
    let row = from;
    while (row < capacity && this.#nextCell !== -1) {
      const cell = marks.nextUnvisited(this.#nextCell);
      this.#nextCell = cell === -1 ? -1 : cell + 1;
      if (cell === -1) break;
      this.#cells[row] = cell;
      this.#marks[row] = marks.statusOf(cell);
      value.values[row] = 0;
      value.valid[row] = 0;
      row++;
    }
    return row;
  }

  #rejectTwice(block: EntryBlock, i: number): void {
    const kind = block.kinds[i];
    const raw =
      kind === NULL ? "null" : kind === NUMBER ? String(block.numbers[i]) : JSON.stringify(textOf(block, i));
    this.#reject({
      section: "value",
      key: String(block.cells[i]),
      raw: raw.slice(0, 200),
      reason: "the cell has a value already",
    });
  }
}

/** See `Cube.observations` for the order. */
function listColumns(
  { list, time }: Dimensions,
  status: readonly string[],
  confidentiality: readonly string[],
): BatchColumn[] {
  const derived = (name: "start" | "end" | "frequency"): BatchColumn => ({
    kind: "derived",
    name: name === "frequency" ? name : `period_${name}`,
    from: "time_period",
    type: name === "frequency" ? "text" : "date",
    values: time!.periods.map((period) => period[name]),
  });
  return [
    ...list.map(({ column, categories }): BatchColumn => ({
      kind: "code",
      name: column,
      codes: categories.map(({ code }) => code),
    })),
    ...(time === null ? [] : [derived("start"), derived("end"), derived("frequency")]),
    { kind: "double", name: "value" },
    { kind: "text", name: "value_text" },
    { kind: "code", name: "status", codes: status },
    { kind: "code", name: "confidentiality", codes: confidentiality },
  ];
}

function writeCodes(
  array: BatchArray | undefined,
  { codeOf, codes }: StatusColumn,
  marks: Uint16Array,
  count: number,
): void {
  if (array?.kind !== "code") throw new TypeError("the batch was made for other columns");
  const { indices } = array;
  if (codes.length === 0) indices.fill(NULL_CODE, 0, count);
  else for (let row = 0; row < count; row++) indices[row] = codeOf[marks[row]!]!;
}
