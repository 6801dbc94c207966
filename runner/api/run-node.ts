import { join } from "node:path";
import type { Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { ProjectError, StatloomError, messageOf } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { runTest } from "../checks/run-test.ts";
import type { Checks } from "../checks/run-test.ts";
import { isRelationKept } from "../checks/storage.ts";
import { buildModel, buildSeed } from "../execute/build-node.ts";
import type { BuildContext, Built } from "../execute/build-node.ts";
import { buildSnapshot } from "../execute/build-snapshot.ts";
import type { NodeResult, NodeStatus } from "../execute/results.ts";
import type { Outcome, RunContext, SkipReason } from "../execute/schedule.ts";
import { skipMessage } from "../execute/skip-message.ts";
import type { LoadedSeeds, WarehouseState } from "../execute/warehouse-state.ts";
import type { GraphNode } from "../graph/types.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import type { Span } from "../plan/microbatch/batches.ts";
import { isMicrobatch } from "../plan/microbatch/plan-microbatch.ts";
import type { NodePlan } from "../plan/step.ts";
import { runMicrobatch } from "./run-microbatch.ts";
import { sqlPath } from "../artifacts/sql-paths.ts";
import { queryCommentOf } from "../plan/query-comment.ts";
import type { SessionWorker } from "./session-worker.ts";
import { compileInputOf, externalPlaces } from "./compile-nodes.ts";
import type { CompiledNodes } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";

export type NodeRun = {
  readonly open: OpenProject;
  readonly compiled: CompiledNodes;
  readonly hooks: ReadonlyMap<string, NodeHooks>;
  readonly warehouse: WarehouseState;
  readonly loadedSeeds: LoadedSeeds;
  readonly fullRefresh: boolean;
  readonly checks: Checks;
  /** The batches that microbatch models are asked for; null: whatever is due. */
  readonly eventTime: Span | null;
  /** Statements sent for each node, for `target/run/`. */
  readonly sent: Map<string, string>;
};

/**
 * Builds or tests one node on a worker's session, on one of its own where a header changes the session. What goes wrong is a result;
 * only bugs of ours are thrown.
 */
export function runNode(
  run: NodeRun,
  node: GraphNode,
  worker: SessionWorker,
  context: RunContext,
): Promise<Outcome<NodeResult>> {
  const hasHeader = run.hooks.get(node.uniqueId)?.header !== undefined;
  return hasHeader
    ? worker.apart((session) => runOn(run, node, session, context))
    : runOn(run, node, worker.session, context);
}

async function runOn(
  run: NodeRun,
  node: GraphNode,
  session: Session,
  context: RunContext,
): Promise<Outcome<NodeResult>> {
  const { effects, dialect } = run.open;
  const started = effects.now();
  const begin = performance.now();
  const finish = (status: NodeStatus, facts: Partial<NodeResult>): NodeResult => ({
    ...emptyResult(run, node),
    status,
    timing: [{ name: "execute", startedAt: started.toISOString(), completedAt: effects.now().toISOString() }],
    threadId: `Thread-${context.thread + 1}`,
    executionTime: (performance.now() - begin) / 1000,
    ...facts,
  });
  const sql = run.compiled.get(node.uniqueId)?.compiledCode ?? "";
  try {
    session.annotate(queryCommentOf(compileInputOf(run.open), node.uniqueId));
    if (node.resourceType === "test") {
      const { status, ...facts } = await runTest(run.checks, node, sql, session);
      return { result: finish(status, facts), blocks: status === "fail" };
    }
    const build: BuildContext = {
      session,
      dialect,
      warehouse: run.warehouse,
      fullRefresh: run.fullRefresh,
      signal: context.signal,
      seeds: { loaded: run.loadedSeeds, now: Date.parse(run.open.startedAt) },
      externals: externalPlaces(run.open),
      hooks: run.hooks,
    };
    if (node.resourceType === "model" && isMicrobatch(node)) {
      const { status, facts, plans } = await runMicrobatch(run, node, build, (error) =>
        explain(run, node, error),
      );
      run.sent.set(node.uniqueId, plans.map(statementsOf).join("\n"));
      return { result: finish(status, facts), blocks: status !== "success" };
    }
    const built =
      node.resourceType === "seed"
        ? await buildSeed(node, join(run.open.project.root, node.originalFilePath), build)
        : node.resourceType === "snapshot"
          ? await buildSnapshot(node, sql, Date.parse(run.open.startedAt), build)
          : await buildModel(node, sql, build);
    run.sent.set(node.uniqueId, statementsOf(built.plan));
    return {
      result: finish("success", {
        rows: built.rows,
        message: built.plan.description,
        adapterResponse: response(built),
      }),
      blocks: false,
    };
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    return { result: finish("error", { message: explain(run, node, error) }), blocks: blocksOnError(node) };
  }
}

/** A test of severity warn that cannot run is told, and holds nothing up. */
const blocksOnError = (node: GraphNode): boolean =>
  node.resourceType !== "test" || node.config.severity === "error";

function emptyResult(run: NodeRun, node: GraphNode): NodeResult {
  const stored = node.resourceType !== "test" || isRelationKept(node, run.checks.storeFailures);
  return {
    uniqueId: node.uniqueId,
    status: "skipped",
    message: null,
    failures: null,
    rows: null,
    compiledCode: run.compiled.get(node.uniqueId)?.compiledCode ?? null,
    relationName: stored ? run.open.dialect.quoteRelation(node.relation) : null,
    timing: [],
    threadId: "",
    executionTime: 0,
    adapterResponse: {},
  };
}

export function skippedResult(
  run: NodeRun,
  node: GraphNode,
  reason: SkipReason,
  nameOf: (id: string) => string,
): NodeResult {
  const named = reason.kind === "cancelled" ? reason : { ...reason, because: `"${nameOf(reason.because)}"` };
  return { ...emptyResult(run, node), message: skipMessage(named) };
}

const statementsOf = ({ before = [], steps, after = [] }: NodePlan): string =>
  [...before, ...steps, ...after]
    .map((step) =>
      step.kind === "statement" || step.kind === "hook" ? `${step.sql};\n` : `-- ${step.label}\n`,
    )
    .join("\n");

const response = ({ plan, rows }: Built): JsonObject => ({
  _message: plan.description.toUpperCase(),
  ...(rows !== null && { rows_affected: rows }),
});

/** The engine's words with the place in the compiled file, where it says one. */
function explain({ open }: NodeRun, node: GraphNode, error: StatloomError): string {
  if (error instanceof ProjectError) return error.message;
  if (!(error instanceof QueryError)) return `${error.code} ${messageOf(error)}`;
  if (node.resourceType === "seed") return `${node.originalFilePath}:1:1 ${error.code} ${error.message}`;
  const file = `${open.targetPath}/compiled/${sqlPath(node)}`;
  return `${file}:${error.line ?? 1}:${error.column ?? 1} ${error.code} ${error.message}`;
}
