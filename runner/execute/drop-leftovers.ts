import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { GraphNode } from "../graph/types.ts";
import { besideRelation } from "../plan/swap.ts";
import type { WarehouseState } from "./warehouse-state.ts";

/** Drops what a killed run left beside the nodes of this one: a table that was to take a place, of which no statement will hear again. */
export async function dropLeftovers(
  session: Session,
  dialect: Dialect,
  warehouse: WarehouseState,
  nodes: readonly GraphNode[],
): Promise<void> {
  for (const { relation, resourceType } of nodes) {
    if (resourceType === "test") continue;
    const beside = besideRelation(relation, dialect);
    const kind = warehouse.kindOf(beside);
    if (kind === null) continue;
    await session.run(dialect.drop(beside, kind));
    warehouse.note(beside, null);
  }
}
