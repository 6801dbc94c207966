/**
 * Turns cell numbers into positions along each dimension. JSON-stat keeps a cube as one flat list in which the last
 * dimension varies fastest (https://json-stat.org/full/#value).
 *
 * Neighbouring dimensions are taken together as long as their sizes multiply to at most 2^14, and for each of them a table gives the
 * position from the number within the group. A row then costs a division only where it leaves the block of cells of the
 * row before, and a look-up in a small table for each dimension, in whatever order the cells come.
 */
const GROUP_LIMIT = 2 ** 14;

type Group = {
  /** Product of the sizes of its dimensions. */
  readonly size: number;
  readonly members: readonly { readonly dimension: number; readonly table: Uint16Array | null }[];
};

export class CellDecoder {
  /** Innermost first. */
  readonly #groups: readonly Group[];
  #inner = new Uint32Array(0);
  #outer = new Float64Array(0);

  constructor(sizes: readonly number[]) {
    this.#groups = groupDimensions(sizes);
  }

  /** Writes the positions of `count` cells: `positions[dimension][row]`. */
  decode(cells: Float64Array, count: number, positions: readonly Uint32Array[]): void {
    if (this.#inner.length < count) {
      this.#inner = new Uint32Array(count);
      this.#outer = new Float64Array(count);
    }
    const [inner, outer] = [this.#inner, this.#outer];
    let source = cells;
    for (const group of this.#groups) {
      split(source, count, group.size, inner, outer);
      source = outer;
      for (const { dimension, table } of group.members) {
        const out = positions[dimension]!;
        if (group.size === 1) out.fill(0, 0, count);
        else if (table === null) out.set(inner.subarray(0, count));
        else for (let row = 0; row < count; row++) out[row] = table[inner[row]!]!;
      }
    }
  }
}

/** `outer` = floor(source / size), `inner` = the rest. `source` and `outer` may be one array. */
function split(
  source: Float64Array,
  count: number,
  size: number,
  inner: Uint32Array,
  outer: Float64Array,
): void {
  let quotient = 0;
  let start = 0;
  for (let row = 0; row < count; row++) {
    const number = source[row]!;
    let rest = number - start;
    if (rest < 0 || rest >= size) {
      // Exact: below 2^53 the quotient of doubles never rounds up to a whole number it does not reach.
      quotient = Math.floor(number / size);
      start = quotient * size;
      rest = number - start;
    }
    inner[row] = rest;
    outer[row] = quotient;
  }
}

function groupDimensions(sizes: readonly number[]): Group[] {
  const groups: Group[] = [];
  let members: number[] = [];
  let size = 1;
  const finish = (): void => {
    if (members.length > 0) groups.push(makeGroup(members, sizes, size));
    members = [];
    size = 1;
  };
  for (let dimension = sizes.length - 1; dimension >= 0; dimension--) {
    if (size * sizes[dimension]! > GROUP_LIMIT) finish();
    members.push(dimension);
    size *= sizes[dimension]!;
  }
  finish();
  return groups;
}

/** `dimensions` innermost first. A dimension alone in its group needs no table. */
function makeGroup(dimensions: readonly number[], sizes: readonly number[], size: number): Group {
  if (dimensions.length === 1) return { size, members: [{ dimension: dimensions[0]!, table: null }] };
  let stride = 1;
  const members = dimensions.map((dimension) => {
    const length = sizes[dimension]!;
    const table = Uint16Array.from({ length: size }, (_, cell) => Math.floor(cell / stride) % length);
    stride *= length;
    return { dimension, table };
  });
  return { size, members };
}
