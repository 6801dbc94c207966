import type { Lanes, Slot } from "./lanes.ts";

/** In pixels. */
export const ROW_GAP = 16;
const LANE_HEIGHT = 6;

type HeightOf = (slot: Slot) => number;

/**
 * The middle of each slot from the top. Columns keep their order; within it, slots are drawn to the height of their
 * neighbours, lanes more than nodes, so that long lines run straight.
 */
export function placeRows({ slots, columns }: Lanes, heights: readonly number[]): number[] {
  const heightOf: HeightOf = ({ node }) => (node === null ? LANE_HEIGHT : heights[node]!);
  const y = Array.from(slots, () => 0);
  for (const column of columns) {
    let top = 0;
    for (const slot of column) {
      y[slot] = top + heightOf(slots[slot]!) / 2;
      top += heightOf(slots[slot]!) + ROW_GAP;
    }
  }
  const passes = slots.length > 4000 ? 6 : 16;
  for (let pass = 0; pass < passes; pass++) {
    const order = pass % 2 === 0 ? columns : columns.toReversed();
    for (const column of order) settle(column, slots, y, { pass, heightOf });
  }
  const top = columns
    .flat()
    .reduce((least, slot) => Math.min(least, y[slot]! - heightOf(slots[slot]!) / 2), Infinity);
  return y.map((middle) => Math.round((middle - (Number.isFinite(top) ? top : 0)) * 2) / 2);
}

/** Pixels; beyond any drawing. */
const farOff = 1e5;

type Wish = { readonly value: number; readonly weight: number };

/** Moves the slots of a column as near as their order and distance allow to where their neighbours want them. */
function settle(
  column: readonly number[],
  slots: Lanes["slots"],
  y: number[],
  { pass, heightOf }: { readonly pass: number; readonly heightOf: HeightOf },
): void {
  const offsets: number[] = [];
  let offset = 0;
  for (const [i, index] of column.entries()) {
    if (i > 0) offset += (heightOf(slots[column[i - 1]!]!) + heightOf(slots[index]!)) / 2 + ROW_GAP;
    offsets.push(offset);
  }
  const wishes = column.map((index, i): Wish | null => {
    const { left, right, node } = slots[index]!;
    const near = pass % 2 === 0 ? left : right;
    const all = pass < 8 && near.length > 0 ? near : [...left, ...right]; // one side first, both to finish
    if (all.length === 0) return null;
    const sum = all.reduce((total, other) => total + y[other]!, 0);
    return { value: sum / all.length - offsets[i]!, weight: node === null ? 4 : 1 };
  });
  const first = wishes.findIndex((wish) => wish !== null);
  if (first === -1) return;
  // what has no neighbours clings to the slot above it, or below where there is none above that has some
  const clinging = (i: number): Wish => ({ value: i < first ? farOff : -farOff, weight: 1e-9 });
  increasing(wishes.map((wish, i) => wish ?? clinging(i))).forEach(
    (value, i) => void (y[column[i]!] = value + offsets[i]!),
  );
}

/** The non-decreasing list nearest to `wishes` (weighted least squares): neighbours in the wrong order share a mean. */
function increasing(wishes: readonly Wish[]): number[] {
  const pools: (Wish & { count: number })[] = [];
  for (const wish of wishes) {
    let pool = { ...wish, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.value > pool.value; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      const value = (last.value * last.weight + pool.value * pool.weight) / weight;
      pool = { value, weight, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ value, count }) => Array.from({ length: count }, () => value));
}
