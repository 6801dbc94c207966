import type { Graph } from "../graph/types.ts";

/**
 * Columns that are a model's key as its tests have it, dbt's rule: those tested both `unique` and `not_null`,
 * else those tested `unique`.
 */
export function inferPrimaryKey({ nodes, children }: Graph, model: string): readonly string[] {
  const unique: string[] = [];
  const filled = new Set<string>();
  for (const id of children.get(model) ?? []) {
    const node = nodes.get(id);
    if (node?.resourceType !== "test" || node.generic?.attachedNode !== model) continue;
    const { name, columnName } = node.generic;
    if (columnName === null) continue;
    if (name === "unique") unique.push(columnName);
    else if (name === "not_null") filled.add(columnName);
  }
  const both = unique.filter((column) => filled.has(column));
  return (both.length > 0 ? both : unique).toSorted();
}
