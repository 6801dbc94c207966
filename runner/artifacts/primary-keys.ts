import type { GenericTest, Graph, ModelNode } from "../graph/types.ts";

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
  const tested = new Tested();
  for (const id of children.get(model) ?? []) {
    const test = nodes.get(id);
    if (test?.resourceType === "test" && test.generic?.attachedNode === model) tested.add(test.generic);
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

/** The same of one model after the other: tests are gone through once, as those of a model follow each other. */
export function primaryKeys(graph: Graph): (model: ModelNode) => readonly string[] {
  const all = new Map<string, Tested>();
  let last: Tested | undefined;
  let of = "";
  graph.nodes.forEach((node) => {
    if (node.resourceType !== "test" || node.generic === null) return;
    const { attachedNode } = node.generic;
    if (last === undefined || attachedNode !== of) {
      last = all.get(attachedNode) ?? new Tested();
      of = attachedNode;
      all.set(of, last);
    }
    last.add(node.generic);
  });
  return (model) => declaredKey(model) ?? all.get(model.uniqueId)?.key() ?? none;
}

const none: readonly never[] = [];
