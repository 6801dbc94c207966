import type { Graph } from "../types.ts";
import { selectableIn } from "./listed.ts";
import { reach } from "./walk.ts";

/** A node to be worked on and the nodes of the same selection that must be done before it. */
export type SubgraphNode = { readonly id: string; readonly parents: readonly string[] };

/**
 * The graph of the selected nodes alone, in the graph's order. Where nodes were left out between two selected ones,
 * the later still waits for the earlier: `a → (b) → c` gives `c` the parent `a`.
 */
export function subgraph(graph: Graph, selected: ReadonlySet<string>): SubgraphNode[] {
  const nodes: SubgraphNode[] = [];
  const looked = new Set([...selected, ...reach(graph.parents, selected)]);
  /** What a child waits for when it depends on this node: the node itself, or what stands behind it. */
  const stands = new Map<string, readonly string[]>();
  for (const part of selectableIn(graph)) {
    for (const id of part.keys()) {
      if (!looked.has(id)) continue;
      const parents = merged((graph.parents.get(id) ?? []).map((parent) => stands.get(parent) ?? []));
      if (selected.has(id)) nodes.push({ id, parents });
      stands.set(id, selected.has(id) ? [id] : parents);
    }
  }
  return nodes;
}

/** One list is shared as it is, so that long chains of left out nodes cost nothing. */
function merged(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0);
  return filled.length <= 1 ? (filled[0] ?? []) : [...new Set(filled.flat())];
}
