import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { GraphNode, ModelNode, SeedNode } from "../graph/types.ts";
import { externalPath } from "../plan/external/external-path.ts";
import type { ExternalPlaces } from "../plan/external/external-path.ts";
import { withHooks } from "../plan/hooks.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import { isIncremental } from "../plan/is-incremental.ts";
import { planModel } from "../plan/plan-model.ts";
import { planSeed, seedFingerprint } from "../plan/plan-seed.ts";
import type { CurrentRelation, NodePlan } from "../plan/step.ts";
import { executePlan } from "./execute-plan.ts";
import type { LoadedSeeds, WarehouseState } from "./warehouse-state.ts";

/** What a node is built with: one worker's session, and what all workers share. */
export type BuildContext = {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly warehouse: WarehouseState;
  readonly fullRefresh: boolean;
  readonly signal?: AbortSignal;
  /** What earlier runs loaded; without it every seed is loaded, and no note taken. */
  readonly seeds?: { readonly loaded: LoadedSeeds; readonly now: number };
  /** By unique id. */
  readonly hooks?: ReadonlyMap<string, NodeHooks>;
  /** Where external models are written. */
  readonly externals?: ExternalPlaces;
};

export type Built = { readonly plan: NodePlan; readonly rows: number | null };

/** Builds a model from its compiled SQL. Throws QueryError, or ProjectError where query and table do not fit. */
export async function buildModel(node: ModelNode, sql: string, context: BuildContext): Promise<Built> {
  const plan = await planBuild(node, sql, context);
  const { rows } = await executePlan(plan, context.session, context.signal);
  context.warehouse.note(
    node.relation,
    /^(view|external)$/.test(node.config.materialized) ? "view" : "table",
  );
  return { plan, rows };
}

/** Loads a seed, unless the warehouse has it as the file is; `path` is absolute. */
export async function buildSeed(node: SeedNode, path: string, context: BuildContext): Promise<Built> {
  const current = currentOf(node, context);
  const { seeds } = context;
  if (
    current?.kind === "table" &&
    !context.fullRefresh &&
    seeds?.loaded(node.relation) === seedFingerprint(node)
  ) {
    return { plan: unchanged(node), rows: null };
  }
  const plan = withHooks(planSeed(node, path, current, context, seeds?.now), hooksOf(node, context));
  const { rows } = await executePlan(plan, context.session, context.signal);
  context.warehouse.note(node.relation, "table");
  return { plan, rows };
}

/** Plans a model as the warehouse is now; what `--dry-run` prints once everything above the model is there. */
export async function planBuild(node: ModelNode, sql: string, context: BuildContext): Promise<NodePlan> {
  const { session } = context;
  const current = currentOf(node, context);
  const { materialized } = node.config;
  if (materialized !== "incremental" && materialized !== "external") {
    const plan = planModel(node, sql, current, { ...context, queryColumns: null });
    return withHooks(plan, hooksOf(node, context));
  }
  const adds = isIncremental(node, current, context.fullRefresh);
  const columns = adds ? await session.columnsOf(node.relation) : [];
  const queryColumns = await session.describe(sql);
  const plan = planModel(node, sql, current && { ...current, columns }, {
    ...context,
    queryColumns,
    externalPath: context.externals && externalPath(node, context.externals),
  });
  return withHooks(plan, hooksOf(node, context));
}

export const hooksOf = (node: GraphNode, { hooks }: BuildContext): NodeHooks | undefined =>
  hooks?.get(node.uniqueId);

const unchanged = ({ uniqueId }: SeedNode): NodePlan => ({
  uniqueId,
  description: "seed (unchanged)",
  query: null,
  transaction: false,
  temporary: [],
  steps: [],
});

function currentOf(node: ModelNode | SeedNode, { warehouse }: BuildContext): CurrentRelation {
  const kind = warehouse.kindOf(node.relation);
  return kind && { kind, columns: [] };
}
