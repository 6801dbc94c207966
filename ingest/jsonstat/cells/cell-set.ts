/** Cells are grouped in pages of 2^16, so that what is kept of one is 16 bits and bit operations stay within a page. */
export const PAGE = 2 ** 16;

/** Above this many entries a bitmap (8 KB) replaces a list: somewhat larger at first, and far quicker to add to. */
const LIST_LIMIT = 2048;

/** Up to this many cells there is one bitmap for all: 128 MB, of which only what is touched takes memory. */
const FLAT_CELLS = 2 ** 30;

/** A rising list of 16-bit numbers, quick to add to at its end. */
export class ShortList {
  values = new Uint16Array(8);
  length = 0;

  /** Where `value` stands, or `-1 - index` of where it would. */
  find(value: number): number {
    const { values, length } = this;
    if (length === 0 || value > values[length - 1]!) return -1 - length;
    let low = 0;
    let high = length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return values[low] === value ? low : -1 - low;
  }

  insert(at: number, value: number): void {
    this.values = insertInto(this.values, this.length, at, value);
    this.length++;
  }
}

/** Puts `value` at `at` into the first `length` entries; a larger copy when they fill the array. */
export function insertInto(
  array: Uint16Array<ArrayBuffer>,
  length: number,
  at: number,
  value: number,
): Uint16Array<ArrayBuffer> {
  let room = array;
  if (length === array.length) {
    room = new Uint16Array(Math.min(PAGE, length + (length >> 1) + 8));
    room.set(array);
  }
  if (at < length) room.copyWithin(at + 1, at, length);
  room[at] = value;
  return room;
}

/** A set of cells below `cells`: a bit a cell, or about two to four bytes a cell that is in it where they are very many. */
export class CellSet {
  readonly #flat: Uint8Array | null;
  readonly #pages = new Map<number, ShortList | Uint8Array>();
  #lastNumber = -1;
  #last: ShortList | Uint8Array = new ShortList();

  constructor(cells: number) {
    this.#flat = cells <= FLAT_CELLS ? new Uint8Array(Math.ceil(cells / 8)) : null;
  }

  /** False when the cell was in the set. */
  add(cell: number): boolean {
    if (this.#flat !== null) return addBit(this.#flat, cell);
    const number = Math.floor(cell / PAGE);
    const low = cell - number * PAGE;
    const page = this.#page(number);
    if (page instanceof Uint8Array) return addBit(page, low);
    const found = page.find(low);
    if (found >= 0) return false;
    page.insert(-1 - found, low);
    if (page.length > LIST_LIMIT) this.#keep(number, toBitmap(page));
    return true;
  }

  has(cell: number): boolean {
    if (this.#flat !== null) return hasBit(this.#flat, cell);
    const number = Math.floor(cell / PAGE);
    const low = cell - number * PAGE;
    const page = this.#pages.get(number);
    if (page === undefined) return false;
    return page instanceof Uint8Array ? hasBit(page, low) : page.find(low) >= 0;
  }

  #page(number: number): ShortList | Uint8Array {
    if (number === this.#lastNumber) return this.#last;
    const page = this.#pages.get(number) ?? new ShortList();
    this.#keep(number, page);
    return page;
  }

  #keep(number: number, page: ShortList | Uint8Array): void {
    this.#pages.set(number, page);
    this.#lastNumber = number;
    this.#last = page;
  }
}

/** False when the bit was set. `at` is below 2^31: a place in a page, or in a flat bitmap. */
function addBit(bits: Uint8Array, at: number): boolean {
  const bit = 1 << (at & 7);
  const byte = bits[at >> 3]!;
  bits[at >> 3] = byte | bit;
  return (byte & bit) === 0;
}

const hasBit = (bits: Uint8Array, at: number): boolean => (bits[at >> 3]! & (1 << (at & 7))) !== 0;

function toBitmap(list: ShortList): Uint8Array {
  const bits = new Uint8Array(PAGE / 8);
  for (const low of list.values.subarray(0, list.length)) addBit(bits, low);
  return bits;
}
