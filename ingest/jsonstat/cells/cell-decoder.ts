/**
 * Turns cell numbers into positions along each dimension. JSON-stat keeps a cube as one flat list in which the last
 * dimension varies fastest (https://json-stat.org/full/#value).
 *
 * Neighbouring dimensions are taken together as long as their sizes multiply to at most 2^14, and a table for each of them gives
 * the position from the number within the group. A row then costs a look-up for each dimension of the innermost group, and
 * a division only where it leaves the block of cells of the row before: documents keep neighbours together, mostly. The dimensions
 * outside are the same for such a run of rows and are worked out once for it. Where runs are short, every row is worked out
 * by itself, in plain loops.
 */
const GROUP_LIMIT = 2 ** 14;

/** Below so many rows a run, working each out by itself is quicker. */
const SHORT_RUN = 4;

type Group = {
  /** Product of the sizes of its dimensions. */
  readonly size: number;
  readonly members: readonly Member[];
};

/** `table` gives the position from the number within the group; null where that is the position itself. */
type Member = { readonly dimension: number; readonly table: Uint16Array | null };

/** Rows from `starts[i]` to `starts[i + 1]` lie in block `blocks[i]` of the group that was split last. */
type Runs = { readonly starts: Uint32Array; readonly blocks: Float64Array };

export class CellDecoder {
  readonly #inner: Group;
  /** Innermost first. */
  readonly #outer: readonly Group[];
  #rests = new Uint32Array(0);
  /** How the cells before were; the next ones will be alike. */
  #isScattered = false;
  #runs: Runs = { starts: new Uint32Array(1), blocks: new Float64Array(0) };

  constructor(sizes: readonly number[]) {
    const [inner = { size: 1, members: [] }, ...outer] = groupDimensions(sizes);
    this.#inner = inner;
    this.#outer = outer;
  }

  /** Writes the positions of `count` cells: `positions[dimension][row]`. */
  decode(cells: Float64Array, count: number, positions: readonly Uint32Array[]): void {
    if (this.#rests.length < count) {
      this.#rests = new Uint32Array(count);
      this.#runs = { starts: new Uint32Array(count + 1), blocks: new Float64Array(count) };
    }
    if (this.#isScattered) this.#decodeRows(cells, count, positions);
    else this.#decodeRuns(cells, count, positions);
  }

  #decodeRows(cells: Float64Array, count: number, positions: readonly Uint32Array[]): void {
    const rests = this.#rests;
    const { blocks } = this.#runs;
    this.#isScattered = splitRows(cells, count, this.#inner.size, rests, blocks) * SHORT_RUN > count;
    writePositions(this.#inner.members, rests, count, positions);
    for (const group of this.#outer) {
      splitRows(blocks, count, group.size, rests, blocks);
      writePositions(group.members, rests, count, positions);
    }
  }

  #decodeRuns(cells: Float64Array, count: number, positions: readonly Uint32Array[]): void {
    const rests = this.#rests;
    const runs = split(cells, count, this.#inner.size, rests, this.#runs);
    this.#isScattered = runs * SHORT_RUN > count;
    writePositions(this.#inner.members, rests, count, positions);
    const { starts, blocks } = this.#runs;
    for (const group of this.#outer) {
      for (let run = 0; run < runs; run++) {
        const block = blocks[run]!;
        const quotient = Math.floor(block / group.size);
        const rest = block - quotient * group.size;
        blocks[run] = quotient;
        fillRun(group.members, rest, starts[run]!, starts[run + 1]!, positions);
      }
    }
  }
}

function writePositions(
  members: readonly Member[],
  rests: Uint32Array,
  count: number,
  positions: readonly Uint32Array[],
): void {
  for (const { dimension, table } of members) {
    if (table === null) positions[dimension]!.set(count === rests.length ? rests : rests.subarray(0, count));
    else lookUp(table, rests, count, positions[dimension]!);
  }
}

function lookUp(table: Uint16Array, rests: Uint32Array, count: number, out: Uint32Array): void {
  for (let row = 0; row < count; row++) out[row] = table[rests[row]!]!;
}

/** Splits every number into its block of `size` and the rest; `blocks` may be where they are. Returns how often the block changes. */
function splitRows(
  numbers: Float64Array,
  count: number,
  size: number,
  rests: Uint32Array,
  blocks: Float64Array,
): number {
  let runs = 0;
  let last = -1;
  for (let row = 0; row < count; row++) {
    const number = numbers[row]!;
    // Exact: below 2^53 the quotient of doubles never rounds up to a whole number it does not reach.
    const block = Math.floor(number / size);
    rests[row] = number - block * size;
    blocks[row] = block;
    if (block !== last) runs++;
    last = block;
  }
  return runs;
}

function fillRun(
  members: readonly Member[],
  rest: number,
  from: number,
  to: number,
  positions: readonly Uint32Array[],
): void {
  for (const { dimension, table } of members) {
    const position = table === null ? rest : table[rest]!;
    const out = positions[dimension]!;
    // A call of `fill` costs more than a few steps of a loop.
    if (to - from > 16) out.fill(position, from, to);
    else for (let row = from; row < to; row++) out[row] = position;
  }
}

/** Splits cells into the block of `size` they lie in and the rest; returns how many runs of one block there are. */
function split(cells: Float64Array, count: number, size: number, rests: Uint32Array, runs: Runs): number {
  const { starts, blocks } = runs;
  let start = -size;
  let run = 0;
  for (let row = 0; row < count; row++) {
    const cell = cells[row]!;
    let rest = cell - start;
    if (rest < 0 || rest >= size) {
      // Exact: below 2^53 the quotient of doubles never rounds up to a whole number it does not reach.
      const block = Math.floor(cell / size);
      start = block * size;
      rest = cell - start;
      starts[run] = row;
      blocks[run] = block;
      run++;
    }
    rests[row] = rest;
  }
  starts[run] = count;
  return run;
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
