import { InStep } from "../base/in-step.ts";
import type { Graph, GraphNode } from "../graph/types.ts";
import type { CompiledNode } from "./manifest-nodes.ts";

/** What is known of an id that stands in the manifest. */
export type Row = {
  readonly id: string;
  /** Of a node, in the order of the graph; -1: it is a source, an exposure or a unit test. */
  readonly number: number;
  readonly node: GraphNode | undefined;
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
  return rows.sort(byId);
}

const none: readonly never[] = [];

export const byId = (one: { readonly id: string }, other: { readonly id: string }): number =>
  one.id < other.id ? -1 : 1;

/** Most lists of a graph are short, and many in their order as they are. */
export function sorted(ids: readonly string[]): readonly string[] {
  for (let i = 1; i < ids.length; i++) if (ids[i - 1]! > ids[i]!) return ids.toSorted();
  return ids;
}
