import type { Problem } from "../../base/problems.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import type { ModelNode } from "../../graph/types.ts";

/** Materialized views where the engine has none; known before anything runs. */
export function checkMaterialized({ config, place }: ModelNode, dialect: Dialect): Problem[] {
  if (config.materialized !== "materialized_view" || dialect.materializedViews !== null) return [];
  return [
    {
      ...place,
      code: "MATERIALIZED_UNSUPPORTED",
      message: `${dialect.name} has no materialized views`,
      hint: `use "table" there: config(materialized=target.type == '${dialect.name}' and 'table' or 'materialized_view')`,
    },
  ];
}
