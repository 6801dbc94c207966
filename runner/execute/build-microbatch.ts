import type { BatchResult, TimedBatch } from "./run-batches.ts";
import type { Session } from "../adapters/adapter.ts";
import { parseInstant } from "../base/instants.ts";
import { META_SCHEMA, readBatches } from "../plan/meta-tables.ts";
import { dueBatches } from "../plan/microbatch/batches.ts";
import type { Span } from "../plan/microbatch/batches.ts";
import { planBatch, planTakeover } from "../plan/microbatch/plan-microbatch.ts";
import type { BatchPlace, MicrobatchModel } from "../plan/microbatch/plan-microbatch.ts";
import { annotated, planAnnotations } from "../plan/annotate.ts";
import { planHooks, withHooks } from "../plan/hooks.ts";
import { isIncremental } from "../plan/is-incremental.ts";
import { planPointer } from "../plan/plan-pointer.ts";
import type { CurrentRelation, NodePlan } from "../plan/step.ts";
import { besideRelation } from "../plan/swap.ts";
import { cellText } from "../adapters/cell-text.ts";
import { heldGrants, hooksOf, notePointer, withOwnViews } from "./build-node.ts";
import type { BuildContext } from "./build-node.ts";
import { describeAddition } from "./describe-addition.ts";
import { executePlan } from "./execute-plan.ts";
import { runBatches } from "./run-batches.ts";

export type BatchInput = {
  /** The model's SQL for one batch. */
  readonly compile: (batch: Span, isIncremental: boolean) => string | Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Only these batches; null: whatever is missing, and the newest again. */
  readonly window: Span | null;
  /** Whether a batch was built by the run that is done again. */
  readonly isBuilt?: ((batch: Span) => boolean) | undefined;
  /** The batches hold a part of their rows: that they are done is not noted, and no longer known. */
  readonly isPartial?: boolean;
  /** Is told of each batch, of how many. */
  readonly onBatch?: (
    batch: Span,
    position: { readonly number: number; readonly total: number },
    result: TimedBatch | null,
  ) => void;
};

export type BuiltBatches = { readonly plans: readonly NodePlan[]; readonly results: readonly BatchResult[] };

/**
 * Builds a model batch by batch, oldest first, each in a transaction of its own: one that fails is told and leaves the others.
 * A full refresh builds beside and takes the old table's place only when every batch is done.
 */
export async function buildMicrobatch(
  node: MicrobatchModel,
  input: BatchInput,
  context: BuildContext,
): Promise<BuiltBatches> {
  const { session, dialect, warehouse, signal } = context;
  const kind = warehouse.kindOf(node.relation);
  const { batches, adds, place } = await chooseBatches(node, input, context, true);
  const { into, beside } = place;
  if (beside) await session.run(dialect.drop(into, "table"));
  const plans: NodePlan[] = [];
  const hooks = batches.length > 0 ? hooksOf(node, context) : undefined;
  const runHooks = async (name: "pre-hook" | "post-hook"): Promise<void> => {
    const plan = hooks && planHooks(node.uniqueId, name, hooks);
    if (!plan) return;
    plans.push(plan);
    await executePlan(plan, session, signal);
  };
  await runHooks("pre-hook");
  let exists = adds;
  const build = async (batch: Span, own: Session): Promise<number | null> => {
    const work = async (limited: AbortSignal | undefined): Promise<number | null> => {
      const sql = await input.compile(batch, exists);
      const { relation: columns, query: queryColumns } = exists
        ? await describeAddition(sql, {
            dialect,
            node,
            into,
            session: own,
            header: undefined,
            // Of a table that is built beside, the model's own is another.
            wholeSql: beside ? undefined : async () => input.compile(batch, false),
          })
        : { relation: [], query: await own.describe(sql) };
      const current: CurrentRelation = exists ? { kind: "table", columns } : null;
      const planContext = { ...context, queryColumns, now: input.now, isPartial: input.isPartial };
      const plan = withOwnViews(planBatch(node, sql, batch, place, current, planContext), context);
      plans.push(plan);
      return (await executePlan(plan, own, limited)).rows;
    };
    const rows = await (context.attempt ? context.attempt(own, work) : work(signal));
    exists = true;
    if (!beside) warehouse.note(node.relation, "table");
    return rows;
  };
  const { atOnce, open } = node.config.concurrent_batches && context.more ? context.more : { atOnce: 1 };
  const results = await runBatches(batches, {
    build,
    session,
    open: open && (() => withHeader(open, hooks?.header)),
    atOnce,
    stopsAtFailure: beside,
    signal,
    onBatch: (batch, number, result) => input.onBatch?.(batch, { number, total: batches.length }, result),
  });
  if (!beside) {
    const said = exists ? planAnnotations(node, dialect, await heldGrants(node, context)) : null;
    if (said && results.some(({ error }) => error === null)) {
      plans.push(said);
      await executePlan(said, session, signal);
    }
    if (exists) await point(node, context, plans);
    const isWhole = results.length === batches.length && results.every(({ error }) => error === null);
    if (isWhole) await runHooks("post-hook");
    return { plans, results };
  }
  if (results.length < batches.length || results.some(({ error }) => error !== null) || !exists) {
    await session.run(dialect.drop(into, "table"));
    return { plans, results: results.filter(({ error }) => error !== null) };
  }
  const taken = planTakeover(node, batches, kind && { kind, columns: [] }, {
    ...context,
    queryColumns: null,
    now: input.now,
    isPartial: input.isPartial,
  });
  const whole = annotated(taken, node, dialect, await heldGrants(node, context));
  const takeover = withHooks(withOwnViews(whole, context), hooks && { pre: [], post: hooks.post });
  await executePlan(takeover, session, signal);
  warehouse.note(node.relation, "table");
  plans.push(takeover);
  await point(node, context, plans);
  return { plans, results };
}

/** The view of the latest version, once there is something to show. */
async function point(node: MicrobatchModel, context: BuildContext, plans: NodePlan[]): Promise<void> {
  const { warehouse, dialect, session, signal } = context;
  const plan = planPointer(node, (relation) => warehouse.kindOf(relation), dialect);
  if (plan === null) return;
  plans.push(plan);
  await executePlan(plan, session, signal);
  notePointer(node, context);
}

/** What a header sets holds for one session. */
async function withHeader(open: () => Promise<Session>, header: string | undefined): Promise<Session> {
  const session = await open();
  if (header !== undefined) await session.runAll(header);
  return session;
}

/** What there is to do, and where: which batches, whether they are added to a table that is there. */
export async function chooseBatches(
  node: MicrobatchModel,
  { now, window, isBuilt = () => false }: Pick<BatchInput, "now" | "window" | "isBuilt">,
  context: BuildContext,
  /** The table of what is done is there: a dry run makes none of its own. */
  isNoted: boolean,
): Promise<{ readonly batches: readonly Span[]; readonly adds: boolean; readonly place: BatchPlace }> {
  const { dialect, warehouse } = context;
  const kind = warehouse.kindOf(node.relation);
  // A window is a part of the table, and never takes the place of all of it.
  const isPart = window !== null && kind === "table";
  const adds = isPart || isIncremental(node, kind && { kind }, context.fullRefresh);
  const beside = kind !== null && !adds;
  const { batch_size: size, lookback } = node.config;
  const begin = parseInstant(node.config.begin)!;
  const done = adds ? await readDone(node, context, isNoted) : [];
  const due = dueBatches({ size, begin, lookback, now, window, done }).filter((batch) => !isBuilt(batch));
  return {
    // A model that begins in the future is a table without rows.
    batches: due.length > 0 || kind !== null ? due : [{ start: begin, end: begin }],
    adds,
    place: { into: beside ? besideRelation(node.relation, dialect) : node.relation, beside },
  };
}

async function readDone(
  node: MicrobatchModel,
  { session, dialect }: BuildContext,
  isNoted: boolean,
): Promise<Span[]> {
  if (!isNoted && (await session.listRelations(META_SCHEMA)).size === 0) return [];
  const { rows } = await session.query(readBatches(node.relation, dialect));
  const instant = (text: string): number => Date.parse(`${text.replace(" ", "T")}Z`);
  return rows.map(([start, end]) => ({ start: instant(cellText(start)), end: instant(cellText(end)) }));
}
