import { throwProblems } from "../base/errors.ts";
import { checkIndexColumns, indexSteps } from "./indexes.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import { nodeQuery } from "./node-query.ts";
import type { PlanContext } from "./plan-context.ts";
import { checkPartitionField, tableSteps } from "./layout.ts";
import { quarantineSteps } from "./quarantine.ts";
import { counted, statement } from "./statement.ts";
import type { CurrentRelation, NodePlan, Step } from "./step.ts";
import { besideRelation, swapGuard, swapSteps } from "./swap.ts";

/**
 * The whole table anew, with its indexes. A query that fails, or is stopped, leaves what was there; the query may read what it replaces.
 */
export function planTable(
  node: ModelNode,
  sql: string,
  current: CurrentRelation,
  { dialect, queryColumns, quarantine }: Pick<PlanContext, "dialect" | "queryColumns" | "quarantine">,
  description = "table",
): NodePlan {
  const query = nodeQuery(sql);
  const names = queryColumns?.map(({ name }) => name) ?? [];
  if (names.length > 0)
    throwProblems([...checkIndexColumns(node, names, dialect), ...checkPartitionField(node, names, dialect)]);
  const common = { uniqueId: node.uniqueId, description, query };
  const indexes = indexSteps(node, node.relation, dialect);
  const moved = (made: Relation): Step[] =>
    quarantine
      ? quarantineSteps(node, made, quarantine, { dialect, columns: queryColumns ?? [], isWhole: true })
      : [];
  if (current === null || (dialect.bindsByName && current.kind !== "view")) {
    const label = "create the table";
    const { steps: creates, temporary } = dialect.bindsByName
      ? {
          steps: dialect.replaceTable(node.relation, query).map((each) => counted(label, each)),
          temporary: [],
        }
      : tableSteps(node, node.relation, query, label, dialect);
    const steps = [...creates, ...moved(node.relation), ...indexes];
    return { ...common, transaction: steps.length > 1, temporary, steps };
  }
  const beside = besideRelation(node.relation, dialect);
  const built = tableSteps(node, beside, query, "build the table beside", dialect);
  return {
    ...common,
    transaction: true,
    temporary: [beside, ...built.temporary],
    steps: [
      ...swapGuard(node, current, dialect),
      statement("drop what an earlier run may have left", dialect.drop(beside, "table")),
      ...built.steps,
      ...moved(beside),
      ...swapSteps(node, beside, current, dialect),
    ],
  };
}
