import { LazyMap } from "../graph/lazy-map.ts";
import { isEphemeral } from "../graph/relation-nodes.ts";
import type { Graph } from "../graph/types.ts";

/**
 * Ephemeral models that a node is made of, directly or through others, each after those that it needs itself; `done` are left out. A
 * chain of them may be longer than calls may be deep.
 */
export function ephemeralAbove(
  graph: Graph,
  uniqueId: string,
  done: { has(id: string): boolean },
): readonly string[] {
  const found = new Set<string>();
  const open = [uniqueId];
  for (const id of open) {
    for (const parent of graph.nodes.get(id)?.dependsOn.nodes ?? []) {
      if (!isEphemeral(graph.nodes.get(parent)) || found.has(parent) || done.has(parent)) continue;
      found.add(parent);
      open.push(parent);
    }
  }
  // Sorting costs where there is anything to sort, which is rare; the graph has parents first.
  return found.size < 2 ? [...found] : [...graph.nodes.keys()].filter((id) => found.has(id));
}

/** Whether a project has any; true where its nodes are read when they are asked for, as few are. */
export function hasEphemeral({ nodes }: Graph): boolean {
  if (nodes instanceof LazyMap) return true;
  for (const node of nodes.values()) if (isEphemeral(node)) return true;
  return false;
}
