import type { Lanes } from "./lanes.ts";

/**
 * Orders each column so that few lines cross: again and again, each slot moves to the mean place of its neighbours in
 * the column before (sweeping right) or after (sweeping left); the best order seen is kept. Changes `columns`.
 */
export function reduceCrossings({ slots, columns }: Lanes): void {
  const place = Array.from(slots, () => 0);
  const number = (column: readonly number[]): void => column.forEach((slot, i) => void (place[slot] = i));
  columns.forEach(number);
  const mean = (of: readonly number[], otherwise: number): number =>
    of.length === 0 ? otherwise : of.reduce((sum, slot) => sum + place[slot]!, 0) / of.length;

  let best = columns.map((column) => [...column]);
  let fewest = countCrossings(columns, slots, place);
  const sweeps = slots.length > 4000 ? 4 : 24;
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const toRight = sweep % 2 === 0;
    for (let step = 1; step < columns.length; step++) {
      const column = columns[toRight ? step : columns.length - 1 - step]!;
      const wanted = new Map(
        column.map((slot) => [slot, mean(toRight ? slots[slot]!.left : slots[slot]!.right, place[slot]!)]),
      );
      column.sort((a, b) => wanted.get(a)! - wanted.get(b)! || place[a]! - place[b]!);
      number(column);
    }
    const crossings = countCrossings(columns, slots, place);
    if (crossings < fewest) {
      fewest = crossings;
      best = columns.map((column) => [...column]);
    }
  }
  best.forEach((column, i) => void (columns[i] = column));
}

/** Pairs of lines between neighbouring columns that cross. */
export function countCrossings(
  columns: Lanes["columns"],
  slots: Lanes["slots"],
  place: readonly number[],
): number {
  let crossings = 0;
  for (const [i, column] of columns.entries()) {
    const ends = column.flatMap((slot) =>
      slots[slot]!.right.map((to) => place[to]!).toSorted((a, b) => a - b),
    );
    const tree = Array.from({ length: (columns[i + 1]?.length ?? 0) + 1 }, () => 0); // Fenwick: how many ends so far
    for (const [seen, end] of ends.entries()) {
      let notAbove = 0;
      for (let k = end + 1; k > 0; k -= k & -k) notAbove += tree[k]!;
      crossings += seen - notAbove;
      for (let k = end + 1; k < tree.length; k += k & -k) tree[k]!++;
    }
  }
  return crossings;
}
