import { select } from "../graph/select/select.ts";
import type { Selection, SelectionWarning } from "../graph/select/select.ts";
import type { AnyNode, GraphNode } from "../graph/types.ts";
import type { OpenProject } from "./open-project.ts";

export type { Selection };
export type Selected = { readonly nodes: readonly AnyNode[]; readonly warnings: readonly SelectionWarning[] };

/** What a selection means in this project, in the graph's order. */
export function selectNodes(open: OpenProject, selection: Selection): Selected {
  const { graph } = open.parsed;
  const { selected, warnings } = select(graph, selection);
  const nodes = [...selected].flatMap(
    (id) => graph.nodes.get(id) ?? graph.sources.get(id) ?? graph.exposures.get(id) ?? [],
  );
  return { nodes, warnings };
}

export const isGraphNode = (node: AnyNode): node is GraphNode =>
  node.resourceType !== "source" && node.resourceType !== "exposure";
