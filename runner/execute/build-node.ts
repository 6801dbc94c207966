import { OperationError } from "../base/errors.ts";
import { QueryError, breaksConstraint } from "../adapters/query-error.ts";
import type { Session } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { GraphNode, ModelNode, Relation, RelationNode, SeedNode } from "../graph/types.ts";
import { pointerOf } from "../graph/versions.ts";
import { loadUnaltered } from "./unaltered-file.ts";
import { externalPath } from "../plan/external/external-path.ts";
import type { ExternalPlaces } from "../plan/external/external-path.ts";
import { annotated } from "../plan/annotate.ts";
import { auditSteps, beforePublishing } from "../plan/before-publishing.ts";
import { quarantineOf } from "../plan/quarantine.ts";
import type { Quarantine } from "../plan/quarantine.ts";
import type { Grant } from "../plan/annotate.ts";
import { BROKEN_HINT, constrained } from "../plan/constraints.ts";
import { withHooks } from "../plan/hooks.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import { isIncremental } from "../plan/is-incremental.ts";
import { kindOf } from "../plan/kind-of.ts";
import { planModel } from "../plan/plan-model.ts";
import { planPointer, withPointer } from "../plan/plan-pointer.ts";
import { planSeed, seedFingerprint } from "../plan/plan-seed.ts";
import type { Column, CurrentRelation, NodePlan, Step } from "../plan/step.ts";
import { checkContract } from "./check-contract.ts";
import { describeAddition } from "./describe-addition.ts";
import { describeQuery } from "./describe-query.ts";
import { executePlan } from "./execute-plan.ts";
import { checkThere } from "./publish-path.ts";
import { readHeldView } from "./read-held-view.ts";
import type { LoadedSeeds, WarehouseState } from "./warehouse-state.ts";

/** What a node is built with: one worker's session, and what all workers share. */
export type BuildContext = {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly warehouse: WarehouseState;
  readonly fullRefresh: boolean;
  readonly signal?: AbortSignal;
  /** The node's SQL as it is where there is nothing to be added to; asked for when what is there does not fit. */
  readonly wholeSql?: () => Promise<string>;
  /** What earlier runs loaded; without it every seed is loaded, and no note taken. */
  readonly seeds?: { readonly loaded: LoadedSeeds; readonly now: number };
  /** By unique id. */
  readonly hooks?: ReadonlyMap<string, NodeHooks>;
  /** Views that the project makes, which may go when what they read changes. */
  readonly ownViews?: () => readonly Relation[];
  /** Where external models are written. */
  readonly externals?: ExternalPlaces;
  /** Does a part of the node that stands for itself, with its timeout and retries; at once and once unless told. */
  readonly attempt?: <T>(
    session: Session,
    work: (signal: AbortSignal | undefined) => Promise<T>,
  ) => Promise<T>;
  /** Sessions besides the worker's own, for batches that may be built at once. */
  readonly more?: { readonly atOnce: number; readonly open: () => Promise<Session> };
  /** Runs the node's tests on what holds it now, in the session's transaction; throws where it must not be published. */
  readonly audit?: (relation: Relation) => Promise<void>;
  /** What of the node's tests is true of single rows, where such rows are to be moved away. */
  readonly failing?: Omit<Quarantine, "held"> | undefined;
};

/** `moved`: rows that went to quarantine. */
export type Built = { readonly plan: NodePlan; readonly rows: number | null; readonly moved: number };

/** Builds a model from its compiled SQL. Throws QueryError, or ProjectError where query and table do not fit. */
export async function buildModel(node: ModelNode, sql: string, context: BuildContext): Promise<Built> {
  const plan = await planBuild(node, sql, context);
  const done = await executePlan(plan, context.session, context.signal, context.audit).catch(
    (error: unknown) => {
      throw brokenConstraint(node, error) ?? error;
    },
  );
  context.warehouse.note(node.relation, kindOf(node));
  if (context.failing) context.warehouse.note(quarantineOf(node, context.dialect), "table");
  notePointer(node, context);
  return { plan, ...done };
}

/** A server that keeps constraints itself refuses rows before anybody looks. */
function brokenConstraint({ name, constraints }: ModelNode, error: unknown): OperationError | null {
  if (constraints.length === 0 || !(error instanceof QueryError) || !breaksConstraint(error)) return null;
  return new OperationError("CONSTRAINT_BROKEN", `a constraint of "${name}" is broken: ${error.message}`, {
    hint: BROKEN_HINT,
    cause: error,
  });
}

export function notePointer(node: ModelNode, { warehouse }: BuildContext): void {
  const pointer = pointerOf(node);
  if (pointer !== null) warehouse.note(pointer, "view");
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
    return { plan: unchanged(node), rows: null, moved: 0 };
  }
  return loadUnaltered(path, async ({ checksum, stamp }) => {
    // It may be another file than the one that the project was read with.
    const asItIs = { ...node, checksum };
    const note = seeds === undefined ? null : { now: seeds.now, stamp };
    const plan = await finished(planSeed(asItIs, path, current, context, note), node, context);
    const done = await executePlan(plan, context.session, context.signal, context.audit);
    context.warehouse.note(node.relation, "table");
    return { plan, ...done };
  });
}

/** Plans a model as the warehouse is now; what `--dry-run` prints once everything above the model is there. */
export async function planBuild(node: ModelNode, sql: string, context: BuildContext): Promise<NodePlan> {
  const { session } = context;
  const current = currentOf(node, context);
  const { materialized } = node.config;
  const adds = isIncremental(node, current, context.fullRefresh);
  const path = context.externals && externalPath(node, context.externals);
  if (adds && materialized === "external" && path !== undefined) checkThere(path);
  if (node.config.contract.enforced) {
    const columns = await describeQuery(session, sql, hooksOf(node, context)?.header);
    await checkContract(node, columns, session, context.dialect);
  }
  if (!namesColumns(node) && !context.failing) {
    const plan = planModel(node, sql, current, { ...context, queryColumns: null });
    return finished(plan, node, context);
  }
  const heldView =
    materialized === "materialized_view" && current?.kind === "materialized view"
      ? await readHeldView(session, context.dialect, node.relation, sql, hooksOf(node, context)?.header)
      : undefined;
  const { dialect, wholeSql } = context;
  const header = hooksOf(node, context)?.header;
  const { relation: columns, query: queryColumns } = adds
    ? await describeAddition(sql, { dialect, node, into: node.relation, session, header, wholeSql })
    : { relation: [], query: await describeQuery(session, sql, header) };
  const plan = planModel(node, sql, current && { ...current, columns }, {
    ...context,
    queryColumns,
    heldView,
    quarantine: context.failing && {
      ...context.failing,
      held: await heldColumns(quarantineOf(node, context.dialect), context),
    },
    externalPath: path,
  });
  return finished(plan, node, context);
}

/** Whether its columns have a say in how it is built. */
const namesColumns = ({ config }: ModelNode): boolean =>
  /^(incremental|external|materialized_view)$/.test(config.materialized) ||
  config.indexes.length > 0 ||
  config.partitioning !== null;

/** A plan with what is said of the relation besides its rows, and with the node's hooks around all of it. */
export async function finished(plan: NodePlan, node: RelationNode, context: BuildContext): Promise<NodePlan> {
  const granted = await heldGrants(node, context);
  const { dialect, warehouse, audit } = context;
  const held =
    node.resourceType === "model"
      ? constrained(plan, node, dialect, warehouse.kindOf(node.relation) === "table")
      : plan;
  const audited = audit ? beforePublishing(held, node.relation, auditSteps) : held;
  const whole =
    node.resourceType === "model"
      ? withPointer(
          audited,
          planPointer(node, (relation) => warehouse.kindOf(relation), dialect),
        )
      : audited;
  const known = withOwnViews(whole, context);
  return withHooks(annotated(known, node, context.dialect, granted), hooksOf(node, context));
}

const heldColumns = async (
  relation: Relation,
  { session, warehouse }: BuildContext,
): Promise<readonly Column[] | null> =>
  warehouse.kindOf(relation) === "table" ? session.columnsOf(relation) : null;

/** Plans know a node alone; what reads it is known to who runs the project. */
export const withOwnViews = (plan: NodePlan, { ownViews }: BuildContext): NodePlan =>
  ownViews === undefined
    ? plan
    : {
        ...plan,
        steps: plan.steps.map((step) => ownedBy(step, ownViews)),
      };

function ownedBy(step: Step, own: () => readonly Relation[]): Step {
  if (step.kind === "unless-read" || step.kind === "replace-view")
    return { ...step, otherwise: step.otherwise.map((each) => ownedBy(each, own)) };
  return step.kind === "replace-relation" ? { ...step, own: own() } : step;
}

/** What others may do with the relation that stands there now. */
export async function heldGrants(
  { relation, config }: RelationNode,
  { session, dialect, warehouse }: BuildContext,
): Promise<Grant[]> {
  const isAsked = dialect.grants !== null && Object.keys(config.grants).length > 0;
  if (!isAsked || warehouse.kindOf(relation) === null) return [];
  const { rows } = await session.ask(dialect.grants.held(relation));
  return rows.map(([grantee, privilege]) => ({ grantee: cellText(grantee), privilege: cellText(privilege) }));
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
