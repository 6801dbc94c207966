import type { SeedNode } from "../graph/types.ts";
import type { PlanContext } from "./plan-context.ts";
import { statement } from "./statement.ts";
import type { CurrentRelation, NodePlan, Step } from "./step.ts";
import { besideRelation, swapSteps } from "./swap.ts";

/** Loads the file whole, beside the table of an earlier load. `path` is absolute. */
export function planSeed(
  node: SeedNode,
  path: string,
  current: CurrentRelation,
  { dialect }: Pick<PlanContext, "dialect">,
): NodePlan {
  const target = current ? besideRelation(node.relation, dialect) : node.relation;
  const { delimiter, column_types: columnTypes } = node.config;
  const load: Step = {
    kind: "load-csv",
    label: `load ${node.originalFilePath}`,
    target,
    source: { path, delimiter, columnTypes },
  };
  return {
    uniqueId: node.uniqueId,
    description: "seed",
    query: null,
    transaction: true,
    temporary: current ? [target] : [],
    steps: current
      ? [
          statement("drop what an earlier run may have left", dialect.drop(target, "table")),
          load,
          ...swapSteps(node.relation, target, current, dialect),
        ]
      : [load],
  };
}
