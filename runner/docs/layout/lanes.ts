import type { Drawing } from "./layers.ts";

/** A place in a column: a node, or a lane that a long edge passes through. */
export type Slot = {
  /** Place in the drawing's nodes; null for a lane. */
  readonly node: number | null;
  readonly layer: number;
  /** Slots in the columns left and right that a line leads to. */
  readonly left: number[];
  readonly right: number[];
};

export type Lanes = {
  readonly slots: readonly Slot[];
  /** Slots of each column, in the order in which they are drawn from top to bottom. */
  readonly columns: number[][];
  /** For each edge of the drawing, the slots from parent to child. */
  readonly routes: readonly (readonly number[])[];
};

/** Cuts edges that span several columns into pieces of one, with a lane in each column between. */
export function cutIntoLanes(drawing: Drawing, layer: readonly number[]): Lanes {
  const slots: Slot[] = drawing.nodes.map((_, node) => ({ node, layer: layer[node]!, left: [], right: [] }));
  const connect = (from: number, to: number): void => {
    slots[from]!.right.push(to);
    slots[to]!.left.push(from);
  };
  const routes = drawing.edges.map(([parent, child]) => {
    const route = [parent];
    for (let between = layer[parent]! + 1; between < layer[child]!; between++) {
      slots.push({ node: null, layer: between, left: [], right: [] });
      connect(route.at(-1)!, slots.length - 1);
      route.push(slots.length - 1);
    }
    connect(route.at(-1)!, child);
    return [...route, child];
  });
  const columns: number[][] = Array.from(
    { length: layer.reduce((most, each) => Math.max(most, each + 1), 0) },
    () => [],
  );
  slots.forEach((slot, index) => columns[slot.layer]!.push(index));
  return { slots, columns, routes };
}
