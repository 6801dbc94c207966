import type { Graph, ModelNode } from "../graph/types.ts";

/**
 * Columns that are a model's key, dbt's rule: those of a primary key among its constraints, else those tested both `unique` and `not_null`,
 * else those tested `unique`, else those that `rows_unique` takes together, for which dbt needs a package.
 */
export function inferPrimaryKey(graph: Graph, model: string): readonly string[] {
  const node = graph.nodes.get(model);
  const declared = node?.resourceType === "model" ? declaredKey(node) : undefined;
  return declared ?? testedKey(graph, model);
}

const declaredKey = ({ constraints }: ModelNode): readonly string[] | undefined =>
  constraints.find(({ type }) => type === "primary_key")?.columns;

function testedKey({ nodes, children }: Graph, model: string): readonly string[] {
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

/** The same of one model after the other: of those that have a test which may tell, tests are looked for. */
export function primaryKeys(graph: Graph): (model: ModelNode) => readonly string[] {
  const tested = new Set<string>();
  for (const node of graph.nodes.values()) {
    if (node.resourceType !== "test" || node.generic === null) continue;
    const { name, attachedNode } = node.generic;
    if (name === "unique" || name === "rows_unique") tested.add(attachedNode);
  }
  return (model) =>
    declaredKey(model) ?? (tested.has(model.uniqueId) ? testedKey(graph, model.uniqueId) : none);
}

const none: readonly never[] = [];
