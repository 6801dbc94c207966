import { addTo } from "../base/group-by.ts";
import type { Graph } from "../graph/types.ts";

/**
 * Columns that are a model's key as its tests have it, dbt's rule: those tested both `unique` and `not_null`,
 * else those tested `unique`.
 */
export function inferPrimaryKeys(graph: Graph): Map<string, readonly string[]> {
  const tested = { unique: new Map<string, string[]>(), not_null: new Map<string, string[]>() };
  for (const node of graph.nodes.values()) {
    if (node.resourceType !== "test" || node.generic === null) continue;
    const { name, attachedNode, columnName } = node.generic;
    if (columnName === null || (name !== "unique" && name !== "not_null")) continue;
    addTo(tested[name], attachedNode, columnName);
  }
  const keys = new Map<string, readonly string[]>();
  for (const [model, unique] of tested.unique) {
    const filled = new Set(tested.not_null.get(model));
    const both = unique.filter((column) => filled.has(column));
    keys.set(model, (both.length > 0 ? both : unique).toSorted());
  }
  return keys;
}
