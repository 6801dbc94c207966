import { InStep } from "../base/in-step.ts";
import type { Graph, GraphNode, OperationNode } from "../graph/types.ts";
import type { CompiledNode } from "./manifest-nodes.ts";

/** What is known of an id that stands in the manifest. */
export type Row = {
  readonly id: string;
  /** Of a node, in the order of the graph; -1: it is a source, an exposure, a unit test or a hook of a run. */
  readonly number: number;
  readonly node: GraphNode | OperationNode | undefined;
  readonly made: CompiledNode | undefined;
  readonly parents: readonly string[];
  readonly children: readonly string[];
};

/** All that have parents and children, even if none, in the order of their ids. */
export function rowsOf(graph: Graph, compiled: ReadonlyMap<string, CompiledNode>): readonly Row[] {
  const rows: Row[] = [];
  const [nodes, children, made] = [new InStep(graph.nodes), new InStep(graph.children), new InStep(compiled)];
  graph.parents.forEach((parents, id) => {
    const number = nodes.numberOf(id);
    rows.push({
      id,
      number,
      node: nodes.at(number),
      made: number === -1 ? undefined : made.get(id),
      parents,
      children: children.get(id) ?? none,
    });
  });
  return withOperations(rows, graph.operations).sort(byId);
}

/** Hooks of a run are nobody's parents and nothing that can be selected: here alone they hang on what they name. */
function withOperations(rows: Row[], operations: Graph["operations"]): Row[] {
  if (operations.size === 0) return rows;
  const own = Array.from(operations.values(), (node): Row => {
    const { uniqueId: id, dependsOn } = node;
    return { id, number: -1, node, made: undefined, parents: dependsOn.nodes, children: none };
  });
  const above = rows.map((row) => {
    const below = own.filter(({ parents }) => parents.includes(row.id)).map(({ id }) => id);
    return below.length === 0 ? row : { ...row, children: [...row.children, ...below] };
  });
  return [...above, ...own];
}

const none: readonly never[] = [];

export const byId = (one: { readonly id: string }, other: { readonly id: string }): number =>
  one.id < other.id ? -1 : 1;

/** Most lists of a graph are short, and many in their order as they are. */
export function sorted(ids: readonly string[]): readonly string[] {
  for (let i = 1; i < ids.length; i++) if (ids[i - 1]! > ids[i]!) return ids.toSorted();
  return ids;
}
