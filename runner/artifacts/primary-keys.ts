import { resourceTypeOf } from "../graph/resource-type-of.ts";
import type { Graph, ModelNode, RelationNode } from "../graph/types.ts";

/**
 * Columns that are a model's key, dbt's rule: those of a primary key among its constraints, else those tested both `unique` and `not_null`,
 * else those tested `unique`, else those that `rows_unique` takes together, for which dbt needs a package.
 */
export function inferPrimaryKey(graph: Graph, node: RelationNode): readonly string[] {
  const declared = node.resourceType === "model" ? declaredKey(node) : undefined;
  return declared ?? testedKey(graph, node.uniqueId);
}

const declaredKey = ({ constraints }: ModelNode): readonly string[] | undefined =>
  constraints.find(({ type }) => type === "primary_key")?.columns;

function testedKey({ nodes, children }: Graph, of: string): readonly string[] {
  const unique: string[] = [];
  const filled: string[] = [];
  let together: readonly string[] = [];
  for (const id of children.get(of) ?? []) {
    // Most of the others would be read for nothing.
    if (resourceTypeOf(id) !== "test") continue;
    const test = nodes.get(id);
    if (test?.resourceType !== "test" || test.generic?.attachedNode !== of) continue;
    const { name, columnName, arguments: args } = test.generic;
    if (name === "rows_unique" && together.length === 0 && Array.isArray(args["columns"]))
      together = args["columns"].map(String).toSorted();
    if (columnName === null) continue;
    if (name === "unique") unique.push(columnName);
    else if (name === "not_null") filled.push(columnName);
  }
  if (unique.length === 0) return together;
  const both = unique.filter((column) => filled.includes(column));
  return (both.length > 0 ? both : unique).toSorted();
}
