import type { CellMarks } from "./cell-marks.ts";
import { CellSet, PAGE, ShortList, insertInto } from "./cell-set.ts";

/** Most statuses that 16 bits can tell apart, beside none. */
export const PAGED_STATUSES = PAGE - 1;

/** Above this many statuses in a page, a table of all its cells is not much larger and much faster to add to. */
const LIST_LIMIT = 16_384;

/** Sorted pairs of cell and status while they are few, a table when they are many: at most 8 bytes a status. */
type StatusPage = { readonly lows: ShortList; statuses: Uint16Array<ArrayBuffer>; table: boolean };

/** For cubes of more cells than there is memory for a byte each: proportional to what is there, not to what could be. */
export class PagedMarks implements CellMarks {
  statuses = 0;
  readonly #visited: CellSet;
  readonly #pages = new Map<number, StatusPage>();
  #order: readonly number[] | undefined;
  #lastNumber = -1;
  #last: StatusPage | undefined;

  constructor(cells: number) {
    this.#visited = new CellSet(cells);
  }

  setStatus(cell: number, status: number): boolean {
    if (!this.#put(cell, status)) return false;
    this.statuses++;
    return true;
  }

  #put(cell: number, status: number): boolean {
    const number = Math.floor(cell / PAGE);
    const low = cell - number * PAGE;
    let page = this.#page(number);
    if (page === undefined) {
      page = { lows: new ShortList(), statuses: new Uint16Array(8), table: false };
      this.#pages.set(number, page);
      this.#last = page;
      this.#order = undefined;
    }
    if (page.table) {
      if (page.statuses[low] !== 0) return false;
      page.statuses[low] = status;
      return true;
    }
    const found = page.lows.find(low);
    if (found >= 0) return false;
    page.statuses = insertInto(page.statuses, page.lows.length, -1 - found, status);
    page.lows.insert(-1 - found, low);
    if (page.lows.length > LIST_LIMIT) toTable(page);
    return true;
  }

  visitAll(cells: Float64Array, from: number, to: number, found: Int32Array): number {
    let known = 0;
    for (let i = from; i < to; i++) {
      const cell = cells[i]!;
      const isNew = this.#visited.add(cell);
      found[i] = isNew ? this.statusOf(cell) : -1;
      if (!isNew) known++;
    }
    return known;
  }

  statusOf(cell: number): number {
    const number = Math.floor(cell / PAGE);
    const page = this.#page(number);
    if (page === undefined) return 0;
    const low = cell - number * PAGE;
    if (page.table) return page.statuses[low]!;
    const found = page.lows.find(low);
    return found < 0 ? 0 : page.statuses[found]!;
  }

  nextUnvisited(from: number): number {
    this.#order ??= [...this.#pages.keys()].toSorted((a, b) => a - b);
    const first = lowerBound(this.#order, Math.floor(from / PAGE));
    for (let i = first; i < this.#order.length; i++) {
      const number = this.#order[i]!;
      const start = Math.max(from - number * PAGE, 0);
      const low = this.#nextInPage(number, this.#pages.get(number)!, start);
      if (low !== -1) return number * PAGE + low;
    }
    return -1;
  }

  #nextInPage(number: number, page: StatusPage, start: number): number {
    const base = number * PAGE;
    if (page.table) {
      for (let low = start; low < PAGE; low++) {
        if (page.statuses[low] !== 0 && !this.#visited.has(base + low)) return low;
      }
      return -1;
    }
    const found = page.lows.find(start);
    for (let i = found < 0 ? -1 - found : found; i < page.lows.length; i++) {
      const low = page.lows.values[i]!;
      if (!this.#visited.has(base + low)) return low;
    }
    return -1;
  }

  #page(number: number): StatusPage | undefined {
    if (number !== this.#lastNumber) {
      this.#lastNumber = number;
      this.#last = this.#pages.get(number);
    }
    return this.#last;
  }
}

function toTable(page: StatusPage): void {
  const table = new Uint16Array(PAGE);
  for (let i = 0; i < page.lows.length; i++) table[page.lows.values[i]!] = page.statuses[i]!;
  page.statuses = table;
  page.table = true;
  page.lows.values = new Uint16Array(0);
  page.lows.length = 0;
}

/** The index of the first entry of a rising list that is not below `wanted`. */
function lowerBound(list: readonly number[], wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
