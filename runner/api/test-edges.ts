import { addTo } from "../base/group-by.ts";
import type { Audits } from "../graph/audits.ts";
import type { Graph } from "../graph/types.ts";
import type { SubgraphNode } from "../graph/select/subgraph.ts";

/**
 * In a build, what stands below a tested node waits for its tests: a failure keeps bad rows from going on. As in dbt, a test of
 * several nodes holds up only what stands below all of them.
 */
export function withTestEdges(graph: Graph, tasks: readonly SubgraphNode[]): SubgraphNode[] {
  const inRun = new Set(tasks.map(({ id }) => id));
  const extra = new Map<string, string[]>();
  for (const { id } of tasks) {
    const test = graph.nodes.get(id);
    if (test?.resourceType !== "test") continue;
    // The graph's own parents, not the run's: a source is no task, and its tests hold up what reads it all the same.
    const below = (graph.parents.get(id) ?? []).map((parent) => childrenInRun(graph, parent, inRun));
    const [first, ...others] = below;
    for (const child of first ?? []) {
      if (others.every((set) => set.has(child))) addTo(extra, child, id);
    }
  }
  return tasks.map(({ id, parents }) => ({ id, parents: [...parents, ...(extra.get(id) ?? [])] }));
}

/** A node that is looked at before it is published waits for whatever else its tests read. */
export function withAuditEdges(tasks: readonly SubgraphNode[], audits: Audits): readonly SubgraphNode[] {
  if (audits.size === 0) return tasks;
  const inRun = new Set(tasks.map(({ id }) => id));
  return tasks.map(({ id, parents }) => {
    const more = (audits.get(id)?.waitsFor ?? []).filter((other) => inRun.has(other));
    return { id, parents: [...new Set([...parents, ...more])] };
  });
}

/** What is built below a node, directly or past nodes that are not in the run; and everything below that, for tests of several nodes. */
function childrenInRun(graph: Graph, id: string, inRun: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const queue = [id];
  for (const next of queue) {
    for (const child of graph.children.get(next) ?? []) {
      const node = graph.nodes.get(child);
      if (found.has(child) || node === undefined || node.resourceType === "test") continue;
      found.add(child);
      queue.push(child);
    }
  }
  return new Set([...found].filter((child) => inRun.has(child)));
}
