import type { Graph, GraphNode, UnitTestNode } from "./types.ts";
import { nameWithVersion } from "./versions.ts";

/** What people call a node or a unit test; what is not in the graph goes by its id. */
export function nameOfId(graph: Graph, id: string): string {
  const node = nodeOrUnitTest(graph, id);
  return node ? nameWithVersion(node) : id;
}

/** What a run can have a result of. */
export const nodeOrUnitTest = (graph: Graph, id: string): GraphNode | UnitTestNode | undefined =>
  graph.nodes.get(id) ?? graph.unitTests.get(id);
