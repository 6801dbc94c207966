import { throwProblems } from "../base/errors.ts";
import { checkIndexColumns, indexSteps } from "./indexes.ts";
import type { ModelNode } from "../graph/types.ts";
import { nodeQuery } from "./node-query.ts";
import type { PlanContext } from "./plan-context.ts";
import { counted, statement } from "./statement.ts";
import type { CurrentRelation, NodePlan } from "./step.ts";
import { besideRelation, swapSteps } from "./swap.ts";

/**
 * The whole table anew, with its indexes. A query that fails, or is stopped, leaves what was there; the query may read what it replaces.
 */
export function planTable(
  node: ModelNode,
  sql: string,
  current: CurrentRelation,
  { dialect, queryColumns }: Pick<PlanContext, "dialect" | "queryColumns">,
  description = "table",
): NodePlan {
  const query = nodeQuery(sql);
  const names = queryColumns?.map(({ name }) => name) ?? [];
  if (names.length > 0) throwProblems(checkIndexColumns(node, names, dialect));
  const common = { uniqueId: node.uniqueId, description, query };
  if (dialect.replacesTables && current?.kind !== "view") {
    const create = counted("create the table", dialect.createTableAs(node.relation, query, "replace"));
    const indexes = indexSteps(node, node.relation, dialect);
    return { ...common, transaction: indexes.length > 0, temporary: [], steps: [create, ...indexes] };
  }
  const beside = besideRelation(node.relation, dialect);
  return {
    ...common,
    transaction: true,
    temporary: [beside],
    steps: [
      statement("drop what an earlier run may have left", dialect.drop(beside, "table")),
      counted("build the table beside", dialect.createTableAs(beside, query, "new")),
      ...swapSteps(node, beside, current, dialect),
    ],
  };
}
