import type { LineageFacts } from "../../../data/lineage-types.ts";
import type { IndexNode } from "../../../data/frame-types.ts";

/** The whole graph, by places in the index; parents stand before their children. */
export type GraphModel = {
  readonly nodes: readonly IndexNode[];
  readonly children: readonly (readonly number[])[];
  readonly placeOf: ReadonlyMap<string, number>;
  readonly facts: LineageFacts;
};

export function graphModel(nodes: readonly IndexNode[], facts: LineageFacts): GraphModel {
  const children = nodes.map((): number[] => []);
  for (const [child, { parents }] of nodes.entries())
    for (const parent of parents) children[parent]!.push(child);
  return { nodes, children, placeOf: new Map(nodes.map(({ id }, place) => [id, place])), facts };
}

/** Everything above and below a node, itself included. */
export function kinOf({ nodes, children }: GraphModel, place: number): ReadonlySet<number> {
  const reach = (next: (place: number) => readonly number[]): Set<number> => {
    const found = new Set([place]);
    for (const each of found) for (const other of next(each)) found.add(other);
    return found;
  };
  return new Set([...reach((each) => nodes[each]!.parents), ...reach((each) => children[each]!)]);
}
