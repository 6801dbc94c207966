import { CellSet } from "./cell-set.ts";

/**
 * What is known of each cell while its dataset is read: the number of its status (0 for none) and whether it has had its
 * turn. Cells are plain numbers, up to 2^53.
 */
export interface CellMarks {
  /** How many cells have a status. */
  readonly statuses: number;
  /** Gives a cell its status; false when it has one already. */
  setStatus(cell: number, status: number): boolean;
  /** The status of a cell, 0 for none. */
  statusOf(cell: number): number;
  /**
   * Visits `cells[from]` up to, not including, `cells[to]`: their statuses in `found`, -1 for one that was visited before. Returns how
   * many were.
   */
  visitAll(cells: Float64Array, from: number, to: number, found: Int32Array): number;
  /** The first cell at or behind `from` that has a status and was not visited; -1 when there is none. */
  nextUnvisited(from: number): number;
}

/** Most statuses that {@link DenseMarks} can tell apart: six bits, the two above are for visits. */
export const DENSE_STATUSES = 0x3f;

/** Who visits: a bit for each of two threads. */
export type Visitor = 0x40 | 0x80;
const VISITED = 0xc0;

/** Up to this many cells, a byte for each is the fastest and small enough: 64 MB, and untouched pages cost nothing. */
export const DENSE_CELLS = 2 ** 26;

/**
 * One byte a cell, in memory that two threads can share as visitors of different bits. They write without waiting for each other, so
 * that a cell that both visit at one moment may keep one bit alone: {@link countVisited} then finds fewer than they have counted.
 */
export class DenseMarks implements CellMarks {
  readonly bytes: Uint8Array;
  statuses = 0;
  readonly #visitor: Visitor;

  /** A number of cells without any mark, or the bytes of other marks. */
  constructor(cells: number | Uint8Array, visitor: Visitor = 0x80) {
    // Whole words, for those that look at several cells at once.
    this.bytes =
      typeof cells === "number" ? new Uint8Array(new SharedArrayBuffer(Math.ceil(cells / 4) * 4)) : cells;
    this.#visitor = visitor;
  }

  setStatus(cell: number, status: number): boolean {
    if (this.bytes[cell] !== 0) return false;
    this.bytes[cell] = status;
    this.statuses++;
    return true;
  }

  statusOf(cell: number): number {
    return this.bytes[cell]! & DENSE_STATUSES;
  }

  /** A loop without branches, so that the processor waits for several cells at once: keys in no order miss its caches. */
  visitAll(cells: Float64Array, from: number, to: number, found: Int32Array): number {
    const { bytes } = this;
    const visitor = this.#visitor;
    let known = 0;
    for (let i = from; i < to; i++) {
      const cell = cells[i]!;
      const mark = bytes[cell]!;
      bytes[cell] = mark | visitor;
      const was = (mark & visitor) === 0 ? 0 : 1;
      found[i] = (mark & DENSE_STATUSES) | -was;
      known += was;
    }
    return known;
  }

  nextUnvisited(from: number): number {
    const { bytes } = this;
    for (let cell = from; cell < bytes.length; cell++) {
      const mark = bytes[cell]!;
      if (mark !== 0 && (mark & VISITED) === 0) return cell;
    }
    return -1;
  }

  /** How many cells anybody has visited. */
  countVisited(): number {
    const { buffer, byteOffset, length } = this.bytes;
    const words = new Int32Array(buffer, byteOffset, length >> 2);
    let count = 0;
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      count += Math.imul(((word | (word << 1)) & 0x80808080) >>> 7, 0x01010101) >>> 24;
    }
    return count;
  }

  forgetVisits(): void {
    const { bytes } = this;
    for (let cell = 0; cell < bytes.length; cell++) bytes[cell]! &= DENSE_STATUSES;
  }
}

/** One status for all cells. */
export class UniformMarks implements CellMarks {
  readonly statuses: number;
  readonly #visited: CellSet;
  readonly #status: number;

  constructor(cells: number, status: number) {
    this.statuses = cells;
    this.#visited = new CellSet(cells);
    this.#status = status;
  }

  setStatus(): boolean {
    return false;
  }

  statusOf(): number {
    return this.#status;
  }

  visitAll(cells: Float64Array, from: number, to: number, found: Int32Array): number {
    let known = 0;
    for (let i = from; i < to; i++) {
      const isNew = this.#visited.add(cells[i]!);
      found[i] = isNew ? this.#status : -1;
      if (!isNew) known++;
    }
    return known;
  }

  nextUnvisited(from: number): number {
    for (let cell = from; cell < this.statuses; cell++) if (!this.#visited.has(cell)) return cell;
    return -1;
  }
}
