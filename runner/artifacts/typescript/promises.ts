import { addTo } from "../../base/group-by.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Graph, RelationNode, TestNode } from "../../graph/types.ts";

/** What tests and constraints say of the values of a column: names in lower case. */
export type Promises = {
  readonly filled: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly (string | number)[]>;
};

/** A test that holds of every row whenever the build has succeeded. */
function holds({ config }: TestNode): boolean {
  const { severity, where, limit, error_if: errorIf, fail_calc: counted } = config;
  return (
    severity === "error" && where === null && limit === null && errorIf === "!= 0" && counted === "count(*)"
  );
}

/** Columns that are never null, and those of which all values are named, by node. */
export function promisesOf(graph: Graph): (node: RelationNode) => Promises {
  const tests = new Map<string, TestNode[]>();
  for (const node of graph.nodes.values()) {
    if (node.resourceType !== "test" || node.generic === null || !holds(node)) continue;
    addTo(tests, node.generic.attachedNode, node);
  }
  return (node) => {
    const filled = new Set(constrained(node));
    const values = new Map<string, readonly (string | number)[]>();
    for (const { generic } of tests.get(node.uniqueId) ?? []) {
      const column = generic!.columnName?.toLowerCase();
      if (column === undefined || (generic!.namespace ?? "dbt") !== "dbt") continue;
      if (generic!.name === "not_null") filled.add(column);
      const named = generic!.name === "accepted_values" ? valuesOf(generic!.arguments) : null;
      if (named !== null) values.set(column, named);
    }
    return { filled, values };
  };
}

const isFilling = ({ type }: { readonly type: string }): boolean =>
  type === "not_null" || type === "primary_key";

function constrained(node: RelationNode): string[] {
  if (node.resourceType === "snapshot") {
    const { dbt_scd_id, dbt_updated_at, dbt_valid_from } = node.config.snapshot_meta_column_names;
    return [dbt_scd_id, dbt_updated_at, dbt_valid_from].map((name) => name.toLowerCase());
  }
  if (node.resourceType === "seed") return [];
  return node.constraints
    .filter(isFilling)
    .flatMap(({ columns }) => columns.map((name) => name.toLowerCase()));
}

function valuesOf({ values }: JsonObject): readonly (string | number)[] | null {
  if (!Array.isArray(values) || values.length === 0) return null;
  const isName = (value: unknown): value is string | number =>
    typeof value === "string" || typeof value === "number";
  return values.every(isName) ? values : null;
}
