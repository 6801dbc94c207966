import type { RelationKind, Session } from "../adapters/adapter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { GraphNode, Relation } from "../graph/types.ts";
import { besideRelation } from "../plan/swap.ts";
import type { WarehouseState } from "./warehouse-state.ts";

/** What a killed run left beside the nodes of this one: tables that were to take a place, of which no statement will hear again. */
export const leftoversOf = (
  dialect: Dialect,
  warehouse: WarehouseState,
  nodes: readonly GraphNode[],
): { readonly relation: Relation; readonly kind: RelationKind }[] =>
  nodes.flatMap(({ relation, resourceType }) => {
    if (resourceType === "test") return [];
    const beside = besideRelation(relation, dialect);
    const kind = warehouse.kindOf(beside);
    return kind === null ? [] : [{ relation: beside, kind }];
  });

export async function dropLeftovers(
  session: Session,
  dialect: Dialect,
  warehouse: WarehouseState,
  nodes: readonly GraphNode[],
): Promise<void> {
  for (const { relation, kind } of leftoversOf(dialect, warehouse, nodes)) {
    await session.run(dialect.drop(relation, kind));
    warehouse.note(relation, null);
  }
}
