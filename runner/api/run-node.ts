import type { NodeRun } from "./node-run.ts";
import type { Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { OperationError, ProjectError, StatloomError } from "../base/errors.ts";
import { formatProblem, plainPlace } from "../base/problems.ts";
import type { JsonObject } from "../base/json.ts";
import { formatSeconds, plural } from "../base/text.ts";
import { runTest } from "../checks/run-test.ts";
import { isRelationKept } from "../checks/storage.ts";
import { buildModel, buildSeed } from "../execute/build-node.ts";
import type { BuildContext, Built } from "../execute/build-node.ts";
import { buildSnapshot } from "../execute/build-snapshot.ts";
import { notRun } from "../execute/results.ts";
import type { NodeResult, NodeStatus } from "../execute/results.ts";
import { withRetries, withTimeout } from "../execute/attempts.ts";
import type { Retry } from "../execute/attempts.ts";
import type { Outcome, RunContext, SkipReason } from "../execute/schedule.ts";
import { skipMessage } from "../execute/skip-message.ts";
import type { GraphNode, ModelNode, TestNode, UnitTestNode } from "../graph/types.ts";
import { isMicrobatch } from "../plan/microbatch/plan-microbatch.ts";
import type { MicrobatchModel } from "../plan/microbatch/plan-microbatch.ts";
import { keepsSnapshot } from "../plan/snapshot/keeps-snapshot.ts";
import { quarantineOf } from "../plan/quarantine.ts";
import type { NodePlan, Step } from "../plan/step.ts";
import { runMicrobatch } from "./run-microbatch.ts";
import { compiledPath } from "../artifacts/sql-paths.ts";
import { queryCommentOf } from "../plan/query-comment.ts";
import type { SessionWorker } from "./session-worker.ts";
import { buildOutOfSight } from "./build-out-of-sight.ts";
import type { AuditedTest } from "./node-run.ts";
import { compileInputOf } from "./compile-input.ts";
import { compilerFor, externalPlaces } from "./compile-nodes.ts";
import { settleWith } from "./introspect.ts";
import { fileOf } from "./open-project.ts";
import { nameWithVersion } from "../graph/versions.ts";

/**
 * Builds or tests one node on a worker's session, on one of its own where a header changes the session. What goes wrong is a result;
 * only bugs of ours are thrown.
 */
export async function runNode(
  run: NodeRun,
  node: GraphNode,
  worker: SessionWorker,
  context: RunContext,
): Promise<Outcome<NodeResult>> {
  const { effects } = run.open;
  const started = effects.now();
  const begin = performance.now();
  let attempts = 1;
  const finish = ({ status, ...facts }: Ran): NodeResult => ({
    ...emptyResult(run, node),
    status,
    timing: [{ name: "execute", startedAt: started.toISOString(), completedAt: effects.now().toISOString() }],
    threadId: `Thread-${context.thread + 1}`,
    executionTime: (performance.now() - begin) / 1000,
    ...facts,
    adapterResponse: { ...facts.adapterResponse, ...(attempts > 1 && { attempts }) },
  });
  const onRetry = ({ next, of, wait, why }: Retry): void => {
    attempts = next;
    const message = `"${nameWithVersion(node)}" failed and is tried again in ${formatSeconds(wait)} (${next} of ${of}): ${why}`;
    run.onEvent({ kind: "warning", code: "NODE_RETRIED", message, uniqueId: node.uniqueId });
  };
  const audited = run.audited.get(node.uniqueId);
  if (audited && node.resourceType === "test") return auditedOutcome(run, node, audited, finish);
  const { timeout, retries } = node.config;
  const once = (session: Session): Promise<Ran> => {
    const comment = queryCommentOf(compileInputOf(run.open), node.uniqueId);
    session.annotate(comment);
    const build = buildContext(run, session, context.signal);
    if (node.resourceType === "model" && isMicrobatch(node)) {
      const attempt: BuildContext["attempt"] = (own, work) =>
        withRetries(retries, context.signal, onRetry, () => withTimeout(timeout, own, context.signal, work));
      const open = async (): Promise<Session> => {
        const another = await worker.another();
        another.annotate(comment);
        return another;
      };
      const more = { atOnce: run.threads, open };
      return batches(run, node, { ...build, attempt, more });
    }
    return withTimeout(timeout, session, context.signal, (signal) =>
      work(run, node, { ...build, ...(signal && { signal }) }),
    );
  };
  try {
    const hasHeader = run.hooks.get(node.uniqueId)?.header !== undefined;
    // Batches are tried again one by one.
    const whole = node.resourceType === "model" && isMicrobatch(node) ? { ...retries, count: 0 } : retries;
    const ran = await withRetries(whole, context.signal, onRetry, async (attempt) => {
      if (hasHeader) return worker.apart(once);
      if (attempt > 1) await worker.renew();
      return once(worker.session);
    });
    return outcome(run, node, finish(ran), context.signal.aborted);
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    const failed = finish({ status: "error", message: explain(run, node, error) });
    return outcome(run, node, failed, context.signal.aborted);
  }
}

type Ran = Partial<NodeResult> & { readonly status: NodeStatus };

const buildContext = (run: NodeRun, session: Session, signal: AbortSignal): BuildContext => ({
  session,
  dialect: run.dialect,
  warehouse: run.warehouse,
  fullRefresh: run.fullRefresh,
  signal,
  seeds: { loaded: run.loadedSeeds, now: Date.parse(run.open.startedAt) },
  externals: externalPlaces(run.open),
  hooks: run.hooks,
  ownViews: run.ownViews,
});

async function work(run: NodeRun, node: GraphNode, build: BuildContext): Promise<Ran> {
  const sql = await sqlOf(run, node, build.session);
  if (node.resourceType === "test") return runTest(run.checks, node, sql, build.session);
  if (
    node.resourceType === "snapshot" &&
    keepsSnapshot(node, build.warehouse.kindOf(node.relation), run.portion)
  )
    return { status: "success", message: "snapshot (kept)" };
  const built = await buildOutOfSight(run, node, build, (context) =>
    node.resourceType === "seed"
      ? buildSeed(node, fileOf(run.open, node), context)
      : node.resourceType === "snapshot"
        ? buildSnapshot(node, sql, Date.parse(run.open.startedAt), context)
        : buildModel(node, sql, { ...context, wholeSql: () => wholeSql(run, node, build.session) }),
  );
  run.sent.set(node.uniqueId, statementsOf(built.plan));
  run.open.queries.forget();
  const { rows, plan, moved } = built;
  for (const warning of plan.warnings ?? [])
    run.onEvent({ kind: "warning", ...warning, uniqueId: node.uniqueId });
  if (moved > 0) {
    const where = run.dialect.quoteRelation(quarantineOf(node as ModelNode, run.dialect));
    const message = `${plural(moved, "row")} of "${node.name}" went to quarantine: ${where} says why`;
    run.onEvent({ kind: "warning", code: "ROWS_QUARANTINED", message, uniqueId: node.uniqueId });
  }
  return { status: "success", rows, message: plan.description, adapterResponse: response(built) };
}

async function sqlOf(run: NodeRun, { uniqueId }: GraphNode, session: Session): Promise<string> {
  const { open, compiler, compiled } = run;
  if (open.parsed.introspective.has(uniqueId) && !compiled.has(uniqueId))
    compiled.set(uniqueId, await settleWith(open, session)(() => compiler.compile(uniqueId)));
  return compiled.get(uniqueId)?.compiledCode ?? "";
}

/** What the model is without `is_incremental()`. */
const wholeSql = (run: NodeRun, { uniqueId }: ModelNode, session: Session): Promise<string> =>
  settleWith(
    run.open,
    session,
  )(() => compilerFor(run.open, () => false, { portion: run.portion }).compile(uniqueId).compiledCode);

async function batches(run: NodeRun, node: MicrobatchModel, build: BuildContext): Promise<Ran> {
  const explained = (error: StatloomError): string => explain(run, node, error);
  const { status, facts, plans } = await runMicrobatch(run, node, build, explained);
  run.sent.set(node.uniqueId, plans.map(statementsOf).join("\n"));
  return { ...facts, status };
}

/** What a result means for the nodes below. With `on_error: continue` they build on what the node was before. */
function outcome(run: NodeRun, node: GraphNode, result: NodeResult, isStopped: boolean): Outcome<NodeResult> {
  if (node.resourceType === "test") {
    // A test of severity warn that cannot run is told, and holds nothing up.
    const isError = result.status === "error" && node.config.severity === "error";
    return { result, blocks: isError || result.status === "fail" };
  }
  const fails = result.status !== "success";
  const goesOn = fails && node.config.on_error === "continue";
  if (goesOn && !isStopped && (run.open.parsed.graph.children.get(node.uniqueId) ?? []).length > 0) {
    const isThere = !("relation" in node) || run.warehouse.kindOf(node.relation) !== null;
    const how = isThere
      ? "is built on what it held before"
      : "is tried without it, as there is nothing of it yet";
    const message = `"${nameWithVersion(node)}" failed, and what is below it ${how} (on_error: continue)`;
    run.onEvent({ kind: "warning", code: "ON_ERROR_CONTINUE", message, uniqueId: node.uniqueId });
  }
  return { result, fails, blocks: fails && !goesOn };
}

/** What is told of a node that is not built. */
export type Telling = Pick<NodeRun, "compiled"> & {
  readonly open: Pick<NodeRun["open"], "dialect">;
  readonly checks: Pick<NodeRun["checks"], "storeFailures">;
};

function emptyResult(run: Telling, node: GraphNode): NodeResult {
  const stored = node.resourceType !== "test" || isRelationKept(node, run.checks.storeFailures);
  return {
    ...notRun(node.uniqueId),
    compiledCode: run.compiled.get(node.uniqueId)?.compiledCode ?? null,
    relationName: stored ? run.open.dialect.quoteRelation(node.relation) : null,
  };
}

/** A test that was run before its node was published. Where it was not, what is there is older, and the test says nothing of it. */
function auditedOutcome(
  run: NodeRun,
  node: TestNode,
  { outcome: found, isPublished }: AuditedTest,
  finish: (ran: Ran) => NodeResult,
): Outcome<NodeResult> {
  const ran: Ran =
    found instanceof StatloomError ? { status: "error", message: explain(run, node, found) } : found;
  const judged = outcome(run, node, finish(ran), false);
  if (isPublished) return judged;
  const { message } = judged.result;
  const told =
    message === null ? null : `${message}\nof rows that were not published: its SQL does not find them`;
  return { result: { ...judged.result, message: told }, blocks: false, fails: judged.blocks };
}

/** The result of what never starts; a test may have been run by its node's audit, which is why it does not. */
export function skippedResult(
  run: NodeRun,
  node: GraphNode,
  reason: SkipReason,
  nameOf: (id: string) => string,
): NodeResult {
  const audited = run.audited.get(node.uniqueId);
  if (audited && node.resourceType === "test") {
    const at = run.open.effects.now().toISOString();
    const timing: NodeResult["timing"] = [{ name: "execute", startedAt: at, completedAt: at }];
    return auditedOutcome(run, node, audited, (ran) => ({ ...emptyResult(run, node), timing, ...ran }))
      .result;
  }
  const named = "because" in reason ? { ...reason, because: `"${nameOf(reason.because)}"` } : reason;
  return { ...emptyResult(run, node), message: skipMessage(named) };
}

/** The result of a node that is as it would be if it were built. */
export const reusedResult = (run: Telling, node: GraphNode | UnitTestNode): NodeResult => ({
  ...(node.resourceType === "unit_test" ? notRun(node.uniqueId) : emptyResult(run, node)),
  status: "reused",
  message: "reused: nothing it is made of has changed",
});

const statementsOf = ({ before = [], steps, after = [] }: NodePlan): string =>
  [...before, ...steps, ...after]
    .flatMap((step): readonly Step[] => (step.kind === "unless-read" ? step.statements : [step]))
    .map((step) =>
      step.kind === "statement" || step.kind === "hook" || step.kind === "replace-view"
        ? `${step.sql};\n`
        : `-- ${step.label}\n`,
    )
    .join("\n");

const response = ({ plan, rows, moved }: Built): JsonObject => ({
  _message: plan.description.toUpperCase(),
  ...(rows !== null && { rows_affected: rows }),
  ...(moved > 0 && { rows_quarantined: moved }),
});

/** The engine's words with the place in the compiled file, where it says one. */
function explain({ open }: NodeRun, node: GraphNode, error: StatloomError): string {
  if (error instanceof ProjectError) return error.message;
  if (!(error instanceof QueryError)) {
    const { code, message } = error;
    const hint = error instanceof OperationError ? error.hint : undefined;
    return formatProblem({ ...plainPlace(node.place), code, message, ...(hint !== undefined && { hint }) });
  }
  if (node.resourceType === "seed")
    return `${node.place.file}:${error.line ?? 1}:1 ${error.code} ${error.message}`;
  const file = compiledPath(open.targetPath, node);
  return `${file}:${error.line ?? 1}:${error.column ?? 1} ${error.code} ${error.message}`;
}
