import type { Dialect, RelationKind } from "../dialects/dialect.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import { pointerOf } from "../graph/versions.ts";
import { planView } from "./plan-view.ts";
import type { NodePlan } from "./step.ts";

/** The view by a model's bare name that shows its latest version; null: the node is another version, or nobody asked for one. */
export function planPointer(
  node: ModelNode,
  kindOf: (relation: Relation) => RelationKind | null,
  dialect: Dialect,
): NodePlan | null {
  const pointer = pointerOf(node);
  if (pointer === null) return null;
  const kind = kindOf(pointer);
  const sql = `select * from ${dialect.quoteRelation(node.relation)}`;
  return planView({ ...node, relation: pointer }, sql, kind && { kind, columns: [] }, { dialect });
}

/** A model's plan with that of the view, in one transaction: the name never shows a version that failed. */
export const withPointer = (plan: NodePlan, pointer: NodePlan | null): NodePlan =>
  pointer === null
    ? plan
    : {
        ...plan,
        transaction: true,
        temporary: [...plan.temporary, ...pointer.temporary],
        steps: [
          ...plan.steps,
          ...pointer.steps.map((step) => ({ ...step, label: `${step.label} of the latest version` })),
        ],
      };
