import type { Problem } from "../base/problems.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import type { NodePlan, Step } from "./step.ts";

/**
 * A plan that also looks at what it has made while nobody else can see it: beside what it will replace where it is built there, so that readers of
 * that do not wait meanwhile, else where it is, as the last thing in its transaction.
 */
export function beforePublishing(
  plan: NodePlan,
  target: Relation,
  stepsFor: (made: Relation) => readonly Step[],
): NodePlan {
  if (plan.steps.length === 0 || stepsFor(target).length === 0) return plan;
  const list = plan.steps.flatMap((step) => (step.kind === "replace-view" ? step.otherwise : [step]));
  const at = list.findIndex(({ kind }) => kind === "replace-relation");
  const replacement = list[at];
  const isBeside = replacement?.kind === "replace-relation";
  const steps = stepsFor(isBeside ? replacement.beside : target);
  return { ...plan, transaction: true, steps: list.toSpliced(isBeside ? at : list.length, 0, ...steps) };
}

/** With `audit: before_publish`, where there is anything to be held against. */
export const auditSteps = (made: Relation): readonly Step[] => [
  { kind: "audit", label: "see that its tests pass", relation: made },
];

/** What cannot be built out of sight. */
export function checkAudit({ config, place }: ModelNode): Problem[] {
  const { materialized, incremental_strategy: strategy, audit } = config;
  const isBatches = materialized === "incremental" && strategy === "microbatch";
  if (
    audit === "after_publish" ||
    (!isBatches && materialized !== "ephemeral" && materialized !== "external")
  )
    return [];
  const why = isBatches
    ? "batches are published one by one"
    : materialized === "external"
      ? "its file is seen as soon as it is in its place"
      : "an ephemeral model is never published";
  const hint = "its tests hold up what is below it all the same: audit: after_publish";
  return [
    {
      ...place,
      code: "AUDIT_UNSUPPORTED",
      message: `audit "before_publish" does not hold here: ${why}`,
      hint,
    },
  ];
}
