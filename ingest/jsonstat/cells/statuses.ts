import { DENSE_CELLS, DENSE_STATUSES, DenseMarks, UniformMarks } from "./cell-marks.ts";
import type { CellMarks } from "./cell-marks.ts";
import type { StatusSource } from "../header/frame.ts";
import { NULL, NUMBER, SHORT_TEXT, createEntryBlock, textOf } from "./entry-block.ts";
import type { EntryBlock } from "./entry-block.ts";
import { EntryScanner } from "./entry-scanner.ts";
import { PAGED_STATUSES, PagedMarks } from "./paged-marks.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import type { RejectedCell } from "../types.ts";

/** The statuses of a dataset: each cell's number in `marks`, the text behind a number at `texts[number - 1]`. */
export type Statuses = { readonly marks: CellMarks; readonly texts: readonly string[] };

/**
 * Reads all statuses, before any value: in the file they may stand behind the values, and a row needs both. A status of
 * null or of no characters is none. Where a cell has two, the first stays and the second is rejected.
 */
export function readStatuses(
  file: SourceFile,
  source: StatusSource,
  cells: number,
  reject: (rejected: RejectedCell) => void,
  blockSize?: number,
): Statuses {
  const table = new StatusTable(cells, reject);
  if (source.kind === "none") return table.result();
  if (source.kind === "uniform") return uniform(cells, source.text);
  const scanner = new EntryScanner(
    file,
    source.section,
    isOneForAll(source) ? 1 : cells,
    (key, raw, reason) => reject({ section: "status", key, raw, reason }),
    blockSize,
  );
  const block = createEntryBlock(2048);
  for (let count = scanner.scan(block); count > 0; count = scanner.scan(block)) {
    if (isOneForAll(source)) {
      return uniform(cells, statusText(block, 0));
    }
    table.add(block, count);
  }
  return table.result();
}

/** A text, or a list of one (deprecated, still published), holds for all cells. */
export const isOneForAll = (source: StatusSource): boolean =>
  source.kind === "uniform" || (source.kind === "section" && source.section.count === 1);

function uniform(cells: number, text: string): Statuses {
  const marks = isStatus(text) ? new UniformMarks(cells, 1) : emptyMarks(cells);
  return { marks, texts: isStatus(text) ? [text] : [] };
}

const emptyMarks = (cells: number): CellMarks =>
  cells <= DENSE_CELLS ? new DenseMarks(cells) : new PagedMarks(cells);

/** A bar alone separates nothing from nothing. */
const isStatus = (text: string): boolean => text !== "" && text !== "|";

/** A status that is a number in the document is the text of that number; null is no text. */
function statusText(block: EntryBlock, i: number): string {
  if (block.kinds[i] === NULL) return "";
  return block.kinds[i] === NUMBER ? String(block.numbers[i]) : textOf(block, i);
}

const TOO_MANY = -1;

class StatusTable {
  readonly #cells: number;
  #marks: CellMarks;
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Numbers of statuses by their packed characters: most documents have a handful. */
  readonly #packed = new Map<number, number>();
  readonly #reject: (rejected: RejectedCell) => void;

  constructor(cells: number, reject: (rejected: RejectedCell) => void) {
    this.#cells = cells;
    this.#marks = emptyMarks(cells);
    this.#reject = reject;
  }

  result(): Statuses {
    return { marks: this.#marks, texts: this.#texts };
  }

  add(block: EntryBlock, count: number): void {
    for (let i = 0; i < count; i++) {
      const packed = block.kinds[i] === SHORT_TEXT ? this.#packed.get(block.numbers[i]!) : undefined;
      const status = packed ?? this.#number(block, i);
      const cell = block.cells[i]!;
      if (status === TOO_MANY) this.#rejectCell(block, i, `more than ${PAGED_STATUSES} different statuses`);
      else if (status === 0 ? this.#marks.statusOf(cell) !== 0 : !this.#marks.setStatus(cell, status)) {
        this.#rejectCell(block, i, "the cell has a status already");
      }
    }
  }

  /** 0 for what is no status. */
  #number(block: EntryBlock, i: number): number {
    const text = statusText(block, i);
    if (!isStatus(text)) return 0;
    let status = this.#numbers.get(text);
    if (status === undefined) {
      if (this.#texts.length === PAGED_STATUSES) return TOO_MANY;
      status = this.#texts.push(text);
      this.#numbers.set(text, status);
      if (status > DENSE_STATUSES && this.#marks instanceof DenseMarks)
        this.#marks = toPaged(this.#marks, this.#cells);
    }
    if (block.kinds[i] === SHORT_TEXT) this.#packed.set(block.numbers[i]!, status);
    return status;
  }

  #rejectCell(block: EntryBlock, i: number, reason: string): void {
    const raw = JSON.stringify(statusText(block, i)).slice(0, 200);
    this.#reject({ section: "status", key: String(block.cells[i]), raw, reason });
  }
}

function toPaged(dense: DenseMarks, cells: number): PagedMarks {
  const paged = new PagedMarks(cells);
  for (let cell = dense.nextUnvisited(0); cell !== -1; cell = dense.nextUnvisited(cell + 1)) {
    paged.setStatus(cell, dense.statusOf(cell));
  }
  return paged;
}
