import type { Graph, GraphNode, UnitTestNode } from "./types.ts";

/** What a run can have a result of. */
export const nodeOrUnitTest = (graph: Graph, id: string): GraphNode | UnitTestNode | undefined =>
  graph.nodes.get(id) ?? graph.unitTests.get(id);
