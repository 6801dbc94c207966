import { cutIntoLanes } from "./lanes.ts";
import type { Drawing } from "./layers.ts";
import { assignLayers } from "./layers.ts";
import { reduceCrossings } from "./order.ts";
import { nodeHeight, placeRows } from "./place.ts";

const columnGap = 76;

/** Pixels; `x` and `y` are the top left corner of a node. */
export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly nodes: readonly { readonly x: number; readonly y: number; readonly layer: number }[];
  /** For each edge, the points that its line passes: out of the parent, in and out of each lane, into the child. */
  readonly edges: readonly (readonly (readonly [x: number, y: number])[])[];
};

/** Places a graph from left to right in columns, the order of `drawing` kept in the answer. */
export function layOut(drawing: Drawing, nodeWidth: number): Layout {
  const layer = assignLayers(drawing);
  const lanes = cutIntoLanes(drawing, layer);
  reduceCrossings(lanes);
  const middle = placeRows(lanes);
  const leftOf = (slot: number): number => lanes.slots[slot]!.layer * (nodeWidth + columnGap);
  const nodes = drawing.nodes.map((_, i) => ({
    x: leftOf(i),
    y: middle[i]! - nodeHeight / 2,
    layer: layer[i]!,
  }));
  const edges = lanes.routes.map((route) =>
    route.flatMap((slot, i): (readonly [number, number])[] => {
      const into = [leftOf(slot), middle[slot]!] as const;
      const out = [leftOf(slot) + nodeWidth, middle[slot]!] as const;
      return i === 0 ? [out] : i === route.length - 1 ? [into] : [into, out];
    }),
  );
  const width = nodes.reduce((most, node) => Math.max(most, node.x + nodeWidth), 0);
  const height = lanes.slots.reduce((most, _, slot) => Math.max(most, middle[slot]! + nodeHeight / 2), 0);
  return { width, height, nodeWidth, nodeHeight, nodes, edges };
}
