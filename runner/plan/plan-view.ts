import type { ModelNode } from "../graph/types.ts";
import { nodeQuery } from "./node-query.ts";
import type { PlanContext } from "./plan-context.ts";
import { besideRelation, swapGuard } from "./swap.ts";
import { statement } from "./statement.ts";
import type { CurrentRelation, NodePlan, Step } from "./step.ts";

/** A table in its place goes in the same transaction: it stays when the view cannot be made. */
export function planView(
  node: ModelNode,
  sql: string,
  current: CurrentRelation,
  { dialect }: Pick<PlanContext, "dialect">,
): NodePlan {
  const query = nodeQuery(sql);
  if (current && !dialect.bindsByName) return replaceView(node, query, current, dialect);
  const create = statement("create the view", dialect.createView(node.relation, query));
  const replacesTable = current?.kind === "table";
  return {
    uniqueId: node.uniqueId,
    description: "view",
    query,
    transaction: replacesTable,
    temporary: [],
    steps: replacesTable
      ? [statement("drop the table in its place", dialect.drop(node.relation, "table")), create]
      : [create],
  };
}

function replaceView(
  node: ModelNode,
  query: string,
  current: CurrentRelation,
  dialect: PlanContext["dialect"],
): NodePlan {
  const beside = besideRelation(node.relation, dialect);
  const steps: Step[] = [
    ...swapGuard(node, current, dialect),
    statement("drop what an earlier run may have left", dialect.drop(beside, "view")),
    statement("create the view beside", dialect.createView(beside, query)),
    {
      kind: "replace-relation",
      label: "put the new view there",
      target: node.relation,
      beside,
      is: "view",
    },
  ];
  const sql = dialect.createView(node.relation, query);
  return {
    uniqueId: node.uniqueId,
    description: "view",
    query,
    transaction: true,
    temporary: [beside],
    steps:
      current?.kind === "view"
        ? [{ kind: "replace-view", label: "replace the view", target: node.relation, sql, otherwise: steps }]
        : steps,
  };
}
