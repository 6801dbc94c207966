import type { RelationKind } from "../dialects/dialect.ts";
import type { RelationNode } from "../graph/types.ts";

/** What a node becomes in the warehouse. */
export function kindOf({ config }: RelationNode): RelationKind {
  switch ("materialized" in config ? config.materialized : "table") {
    case "view":
    case "external":
      return "view";
    case "materialized_view":
      return "materialized view";
    default:
      return "table";
  }
}
