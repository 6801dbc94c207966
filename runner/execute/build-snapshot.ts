import type { SnapshotNode } from "../graph/types.ts";
import { planSnapshot } from "../plan/snapshot/plan-snapshot.ts";
import type { NodePlan } from "../plan/step.ts";
import type { BuildContext, Built } from "./build-node.ts";
import { finished, hooksOf } from "./build-node.ts";
import { describeBeside, describeQuery } from "./describe-query.ts";
import { executePlan } from "./execute-plan.ts";

/** Takes a snapshot of what the compiled SQL gives, as of `now` (milliseconds since 1970). Throws as {@link planSnapshot} does. */
export async function buildSnapshot(
  node: SnapshotNode,
  sql: string,
  now: number,
  context: BuildContext,
): Promise<Built> {
  const plan = await planSnapshotNow(node, sql, now, context);
  const done = await executePlan(plan, context.session, context.signal, context.audit);
  context.warehouse.note(node.relation, "table");
  return { plan, ...done };
}

export async function planSnapshotNow(
  node: SnapshotNode,
  sql: string,
  now: number,
  context: BuildContext,
): Promise<NodePlan> {
  const { session, warehouse, dialect } = context;
  const kind = warehouse.kindOf(node.relation);
  const header = hooksOf(node, context)?.header;
  const { relation: columns, query: queryColumns } =
    kind === "table"
      ? await describeBeside(session, sql, node.relation, header)
      : { relation: [], query: await describeQuery(session, sql, header) };
  const plan = planSnapshot(node, sql, kind && { kind, columns }, { dialect, queryColumns, now });
  return finished(plan, node, context);
}
