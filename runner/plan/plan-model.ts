import type { ModelNode } from "../graph/types.ts";
import type { PlanContext } from "./plan-context.ts";
import { planExternal } from "./external/plan-external.ts";
import { planIncremental } from "./plan-incremental.ts";
import { planMaterialized } from "./materialized/plan-materialized.ts";
import { planTable } from "./plan-table.ts";
import { planView } from "./plan-view.ts";
import type { CurrentRelation, NodePlan } from "./step.ts";

/**
 * What building a model takes, given its compiled SQL and what stands in its place now. Pure.
 * An ephemeral model lives inside the queries of others: its plan is empty.
 * @throws ProjectError when an incremental model's configuration, query and table do not fit each other
 */
export function planModel(
  node: ModelNode,
  sql: string,
  current: CurrentRelation,
  context: PlanContext,
): NodePlan {
  switch (node.config.materialized) {
    case "view":
      return planView(node, sql, current, context);
    case "table":
      return planTable(node, sql, current, context);
    case "incremental":
      return planIncremental(node, sql, current, context);
    case "materialized_view":
      return planMaterialized(node, sql, current, context.heldView ?? null, context);
    case "external":
      // Without a place it cannot be planned; whoever runs a project gives one.
      if (context.externalPath === undefined) throw new Error(`nowhere to write ${node.uniqueId}`);
      return planExternal(node, sql, context.externalPath, current, context);
    case "ephemeral":
      return {
        uniqueId: node.uniqueId,
        description: "ephemeral",
        query: sql,
        transaction: false,
        temporary: [],
        steps: [],
      };
  }
}
