import { cutIntoLanes } from "./lanes.ts";
import type { Drawing } from "./layers.ts";
import { assignLayers } from "./layers.ts";
import { reduceCrossings } from "./order.ts";
import { placeRows, ROW_GAP } from "./place.ts";

export type { Drawing } from "./layers.ts";

/** Pixels; `x` and `y` are the top left corner of a node. */
export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly x: number; readonly y: number; readonly layer: number }[];
  /** For each edge, the points that its line passes: out of the parent, in and out of each lane, into the child. */
  readonly edges: readonly (readonly (readonly [x: number, y: number])[])[];
};
type Sizes = { readonly nodeWidth: number; readonly columnGap: number };

/**
 * Places a graph from left to right in columns, the order of `drawing` kept in the answer. What no line leads to or from stands in rows
 * below.
 */
export function layOut(drawing: Drawing, sizes: Sizes): Layout {
  const isTied = drawing.nodes.map(() => false);
  for (const [parent, child] of drawing.edges) isTied[parent] = isTied[child] = true;
  const tied = [...isTied.keys()].filter((node) => isTied[node]);
  const placeOf = new Map(tied.map((node, place) => [node, place]));
  const graph = layOutTied(
    {
      nodes: tied.map((node) => drawing.nodes[node]!),
      edges: drawing.edges.map(([parent, child]) => [placeOf.get(parent)!, placeOf.get(child)!] as const),
    },
    sizes,
  );
  const loose = [...isTied.keys()].filter((node) => !isTied[node]);
  const rows = layOutLoose(drawing, loose, graph, sizes);
  return {
    width: Math.max(graph.width, ...rows.columns.map((x) => x + sizes.nodeWidth)),
    height: rows.height,
    nodes: drawing.nodes.map((_, node) => rows.nodes.get(node) ?? graph.nodes[placeOf.get(node)!]!),
    edges: graph.edges,
  };
}

function layOutTied(drawing: Drawing, { nodeWidth, columnGap }: Sizes): Layout {
  const layer = assignLayers(drawing);
  const lanes = cutIntoLanes(drawing, layer);
  reduceCrossings(lanes);
  const heights = drawing.nodes.map(({ height }) => height);
  const middle = placeRows(lanes, heights);
  const leftOf = (slot: number): number => lanes.slots[slot]!.layer * (nodeWidth + columnGap);
  const nodes = drawing.nodes.map((_, i) => ({
    x: leftOf(i),
    y: middle[i]! - heights[i]! / 2,
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
  const height = nodes.reduce((most, node, i) => Math.max(most, node.y + heights[i]!), 0);
  return { width, height, nodes, edges };
}

/** Rows as wide as the graph above, or about as wide as they are high where there is none. */
function layOutLoose(
  drawing: Drawing,
  loose: readonly number[],
  above: Layout,
  { nodeWidth, columnGap }: Sizes,
): {
  readonly columns: readonly number[];
  readonly height: number;
  readonly nodes: Map<number, Layout["nodes"][number]>;
} {
  const step = nodeWidth + columnGap / 2;
  const wide = Math.floor((above.width + columnGap / 2) / step);
  const across = Math.max(1, wide, Math.ceil(Math.sqrt(loose.length / 3)));
  const tallest = loose.reduce((most, node) => Math.max(most, drawing.nodes[node]!.height), 0);
  const top = above.height === 0 ? 0 : above.height + 3 * ROW_GAP;
  const nodes = new Map(
    loose.map((node, i) => {
      const [column, row] = [i % across, Math.floor(i / across)];
      return [node, { x: column * step, y: top + row * (tallest + ROW_GAP), layer: column }];
    }),
  );
  const rows = Math.ceil(loose.length / across);
  return {
    columns: Array.from({ length: Math.min(across, loose.length) }, (_, column) => column * step),
    height: loose.length === 0 ? above.height : top + rows * (tallest + ROW_GAP) - ROW_GAP,
    nodes,
  };
}
