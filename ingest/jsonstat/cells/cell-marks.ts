import { CellSet } from "./cell-set.ts";

/**
 * What is known of each cell while its dataset is read: the number of its status (0 for none) and whether it has had its
 * turn. Cells are plain numbers, up to 2^53.
 */
export interface CellMarks {
  /** Gives a cell its status; false when it has one already. */
  setStatus(cell: number, status: number): boolean;
  /** The cell's status, and from now on it is visited; -1 when it was before. */
  visit(cell: number): number;
  /** The same for the first `count` of `cells`, in their order. */
  visitAll(cells: Float64Array, count: number, marks: Int32Array): void;
  /** The first cell at or behind `from` that has a status and was not visited; -1 when there is none. */
  nextUnvisited(from: number): number;
  /** The status of a cell, 0 for none. */
  statusOf(cell: number): number;
}

const VISITED = 0x80;

/** Most statuses that {@link DenseMarks} can tell apart. */
export const DENSE_STATUSES = 0x7f;

/** Up to this many cells, a byte for each is the fastest and small enough: 64 MB, and untouched pages cost nothing. */
export const DENSE_CELLS = 2 ** 26;

/** One byte a cell: the status in the low seven bits, visited in the highest. */
export class DenseMarks implements CellMarks {
  readonly #cells: Uint8Array;

  constructor(cells: number) {
    this.#cells = new Uint8Array(cells);
  }

  setStatus(cell: number, status: number): boolean {
    if (this.#cells[cell] !== 0) return false;
    this.#cells[cell] = status;
    return true;
  }

  visit(cell: number): number {
    const mark = this.#cells[cell]!;
    if (mark >= VISITED) return -1;
    this.#cells[cell] = mark | VISITED;
    return mark;
  }

  /** A loop of its own, so that the processor waits for several cells at once: keys in no order miss its caches. */
  visitAll(cells: Float64Array, count: number, marks: Int32Array): void {
    const known = this.#cells;
    for (let i = 0; i < count; i++) {
      const cell = cells[i]!;
      const mark = known[cell]!;
      marks[i] = mark;
      known[cell] = mark | VISITED;
    }
    for (let i = 0; i < count; i++) if (marks[i]! >= VISITED) marks[i] = -1;
  }

  nextUnvisited(from: number): number {
    const cells = this.#cells;
    for (let cell = from; cell < cells.length; cell++) {
      const mark = cells[cell]!;
      if (mark !== 0 && mark < VISITED) return cell;
    }
    return -1;
  }

  statusOf(cell: number): number {
    return this.#cells[cell]! & DENSE_STATUSES;
  }
}

/** One status for all cells. */
export class UniformMarks implements CellMarks {
  readonly #visited: CellSet;
  readonly #cells: number;
  readonly #status: number;

  constructor(cells: number, status: number) {
    this.#visited = new CellSet(cells);
    this.#cells = cells;
    this.#status = status;
  }

  setStatus(): boolean {
    return false;
  }

  visit(cell: number): number {
    return this.#visited.add(cell) ? this.#status : -1;
  }

  visitAll(cells: Float64Array, count: number, marks: Int32Array): void {
    for (let i = 0; i < count; i++) marks[i] = this.visit(cells[i]!);
  }

  nextUnvisited(from: number): number {
    for (let cell = from; cell < this.#cells; cell++) if (!this.#visited.has(cell)) return cell;
    return -1;
  }

  statusOf(): number {
    return this.#status;
  }
}
