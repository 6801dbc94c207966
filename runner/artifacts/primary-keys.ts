import type { Graph } from "../graph/types.ts";

/**
 * Columns that are a model's key, dbt's rule: those of a primary key among its constraints, else those tested both `unique` and `not_null`,
 * else those tested `unique`, else those that `rows_unique` takes together, for which dbt needs a package.
 */
export function inferPrimaryKey({ nodes, children }: Graph, model: string): readonly string[] {
  const node = nodes.get(model);
  const declared =
    node?.resourceType === "model" ? node.constraints.find(({ type }) => type === "primary_key") : undefined;
  if (declared !== undefined) return declared.columns;
  const unique: string[] = [];
  let together: readonly string[] = [];
  const filled = new Set<string>();
  for (const id of children.get(model) ?? []) {
    const test = nodes.get(id);
    if (test?.resourceType !== "test" || test.generic?.attachedNode !== model) continue;
    const { name, columnName, arguments: args } = test.generic;
    if (name === "rows_unique" && together.length === 0 && Array.isArray(args["columns"]))
      together = args["columns"].map(String).toSorted();
    if (columnName === null) continue;
    if (name === "unique") unique.push(columnName);
    else if (name === "not_null") filled.add(columnName);
  }
  const both = unique.filter((column) => filled.has(column));
  if (unique.length === 0) return together;
  return (both.length > 0 ? both : unique).toSorted();
}
