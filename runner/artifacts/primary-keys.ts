import { resourceTypeOf } from "../graph/resource-type-of.ts";
import type { GenericTest, Graph, ModelNode, RelationNode } from "../graph/types.ts";

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
  const tested = new Tested();
  for (const id of children.get(of) ?? []) {
    // Most of the others would be read for nothing.
    if (resourceTypeOf(id) !== "test") continue;
    const test = nodes.get(id);
    if (test?.resourceType === "test" && test.generic?.attachedNode === of) tested.add(test.generic);
  }
  return tested.key();
}

/** What the tests of a model say of its columns. */
class Tested {
  readonly #unique: string[] = [];
  readonly #filled: string[] = [];
  #together: readonly string[] = [];

  add({ name, columnName, arguments: args }: GenericTest): void {
    if (name === "rows_unique" && this.#together.length === 0 && Array.isArray(args["columns"]))
      this.#together = args["columns"].map(String).toSorted();
    if (columnName === null) return;
    if (name === "unique") this.#unique.push(columnName);
    else if (name === "not_null") this.#filled.push(columnName);
  }

  key(): readonly string[] {
    if (this.#unique.length === 0) return this.#together;
    const both = this.#unique.filter((column) => this.#filled.includes(column));
    return (both.length > 0 ? both : this.#unique).toSorted();
  }
}
