import { groupBy } from "../../../../base/group-by.ts";
import { layOut } from "../../../layout/layout.ts";
import type { Layout } from "../../../layout/layout.ts";
import type { GraphModel } from "./graph-model.ts";

/** In pixels at a zoom of 1. */
export const NODE = { width: 244, height: 48 } as const;
const COLUMN_GAP = 84;

/** What is drawn: places of nodes, and lines between those of them that are drawn. */
export type Scene = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  /** Nodes by their left edge, from top to bottom. */
  readonly columns: readonly { readonly x: number; readonly nodes: readonly SceneNode[] }[];
  readonly byPlace: ReadonlyMap<number, SceneNode>;
};
export type SceneNode = { readonly place: number; readonly x: number; readonly y: number };
export type SceneEdge = {
  /** Places in the index. */
  readonly from: number;
  readonly to: number;
  readonly points: Layout["edges"][number];
  readonly top: number;
  readonly bottom: number;
};

export function makeScene(model: GraphModel, places: ReadonlySet<number>): Scene {
  const shown = [...places].toSorted((a, b) => a - b);
  const drawn = new Map(shown.map((place, i) => [place, i]));
  const ends = shown.flatMap((place) =>
    model.nodes[place]!.parents.filter((parent) => drawn.has(parent)).map(
      (parent) => [parent, place] as const,
    ),
  );
  const layout = layOut(
    {
      nodes: shown.map((place) => ({ last: model.nodes[place]!.kind === "exposure", height: NODE.height })),
      edges: ends.map(([from, to]) => [drawn.get(from)!, drawn.get(to)!] as const),
    },
    { nodeWidth: NODE.width, columnGap: COLUMN_GAP },
  );
  const nodes = shown.map((place, i): SceneNode => ({ place, x: layout.nodes[i]!.x, y: layout.nodes[i]!.y }));
  const columns = groupBy(nodes, (node) => node.x);
  return {
    width: layout.width,
    height: layout.height,
    nodes,
    edges: ends.map(([from, to], i): SceneEdge => {
      const points = layout.edges[i]!;
      const heights = points.map(([, y]) => y);
      return { from, to, points, top: Math.min(...heights), bottom: Math.max(...heights) };
    }),
    columns: [...columns]
      .map(([x, list]) => ({ x, nodes: list.toSorted((a, b) => a.y - b.y) }))
      .toSorted((a, b) => a.x - b.x),
    byPlace: new Map(nodes.map((node) => [node.place, node])),
  };
}

export type Box = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

/** Nodes of which a part lies in a box, without looking at the others of their columns. */
export function nodesIn({ columns }: Scene, box: Box): SceneNode[] {
  return columns
    .filter(({ x }) => x < box.right && x + NODE.width > box.left)
    .flatMap(({ nodes }) =>
      nodes.slice(firstBelow(nodes, box.top - NODE.height), firstBelow(nodes, box.bottom)),
    );
}

export const nodeAt = (scene: Scene, x: number, y: number): SceneNode | undefined =>
  nodesIn(scene, { left: x, top: y, right: x + 0.01, bottom: y + 0.01 })[0];

/** How many nodes of a column begin above a height. */
function firstBelow(nodes: readonly SceneNode[], y: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodes[middle]!.y > y) high = middle;
    else low = middle + 1;
  }
  return low;
}
