import { flagsOf, isPassing } from "./build-options.ts";
import type { BuildOptions } from "./build-options.ts";
import { compiledPath } from "../artifacts/sql-paths.ts";
import type { Adapter, Session } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import { runResults } from "../artifacts/run-results.ts";
import { writeArtifact, writeSql } from "../artifacts/write-artifacts.ts";
import { fateOf } from "../base/warning-policy.ts";
import type { NodeResult, RunResults } from "../execute/results.ts";
import type { WarningEvent } from "../execute/run-event.ts";
import { schedule } from "../execute/schedule.ts";
import type { Outcome } from "../execute/schedule.ts";
import { kindOf } from "../plan/kind-of.ts";
import type { Checks } from "../checks/run-test.ts";
import { MANY_ROWS } from "../checks/by-value.ts";
import { createScans } from "../checks/scans.ts";
import { nameOfId } from "../graph/node-by-id.ts";
import { pointerOf } from "../graph/versions.ts";
import type { Graph, Relation, TestNode } from "../graph/types.ts";
import { subgraph } from "../graph/select/subgraph.ts";
import { alertRun, usualTimes } from "./alert-run.ts";
import { noteIdleRun, serverScopeOf } from "./idle-run/note-idle-run.ts";
import type { Left } from "./idle-run/note-idle-run.ts";
import { readServerAfter } from "./idle-run/server-facts.ts";
import { judgeRun } from "./judge-run.ts";
import type { OpenProject } from "./open-project.ts";
import { isAsItWouldBe } from "./plan-changes.ts";
import type { Changes } from "./plan-changes.ts";
import { prepareBuild } from "./prepare-build.ts";
import type { Prepared } from "./prepare-build.ts";
import { beginPublishing, publishRun, settle } from "./publish-run.ts";
import { lastPassedOf, recordChecks } from "./record-checks.ts";
import { recordRun } from "./record-run.ts";
import { saveManifest } from "./save-artifacts.ts";
import { noneRun, runHooks } from "./run-hooks.ts";
import { beginJournal } from "./run-journal.ts";
import { reusedResult, runNode, skippedResult } from "./run-node.ts";
import type { NodeRun } from "./node-run.ts";
import { withLineage } from "./openlineage/with-lineage.ts";
import type { Told } from "./openlineage/with-lineage.ts";
import { openWorker } from "./session-worker.ts";
import { obeying, threadsOf } from "./select-nodes.ts";
import { skippedUnitTest, unitTestsOf, withUnitTests } from "./unit-tests/run-unit-tests.ts";
import { noteWarehouse } from "./warehouse-note.ts";
import { withAuditEdges, withTestEdges } from "./test-edges.ts";

/** Builds and tests what is selected, parents first, as many at once as there are threads; writes the artifacts. */
export async function buildNodes(opened: OpenProject, asked: BuildOptions): Promise<RunResults> {
  const open = { ...opened, flags: flagsOf(asked) };
  return withLineage(open, asked, (told) => build(open, { ...asked, ...told }));
}

async function build(open: OpenProject, asked: BuildOptions & Told): Promise<RunResults> {
  const warned: WarningEvent[] = [];
  const onEvent: BuildOptions["onEvent"] = (event) => {
    if (event.kind === "warning") warned.push(event);
    asked.onEvent(event);
  };
  const options = { ...asked, onEvent: obeying(open, onEvent) };
  const threads = threadsOf(open, options.threads);
  const prepared = await prepareBuild(open, options);
  let ran;
  let usual;
  let left: Left | null = null;
  let unsettled;
  try {
    const { adapter, changes, facts, nodes } = prepared;
    const building = nodes.filter((node) => !isReused(options, changes, node));
    usual = building.length === 0 ? () => undefined : await usualTimes(open, adapter);
    const known = new Set(facts.unsettled.map(([id]) => cellText(id)));
    unsettled = await beginPublishing(open, adapter, known, building);
    ran = await runPrepared(open, options, threads, prepared);
    await prepared.saved;
    const isPartial = options.portion !== undefined;
    unsettled = await settle(open, adapter, unsettled, { results: ran.run.results, isPartial });
    // Unit tests alone ran in a warehouse of their own.
    if (nodes.length > 0) left = await whatIsLeft(open, options, prepared);
  } finally {
    await prepared.adapter.close();
  }
  const { run, endFailure } = ran;
  // What became of the nodes is told, written and settled first; a run that did not end well is not published.
  if (endFailure === undefined) await publishRun(open, unsettled, options);
  if (options.signal?.aborted !== true)
    await alertRun(
      open,
      endFailure === undefined ? options.command : null,
      judgeRun(run.results, open.parsed.graph, open.project.alerts, usual),
      options.onEvent,
    );
  if (endFailure !== undefined) throw endFailure;
  if (left !== null) await noteIdleRun(open, options, prepared, { ...left, warned });
  return run;
}

/** What the warehouse holds after a run; null: that cannot be told, or nobody will ask. */
async function whatIsLeft(
  open: OpenProject,
  options: BuildOptions,
  prepared: Prepared,
): Promise<Left | null> {
  const { adapter, schemas, facts, idleAt } = prepared;
  if (idleAt !== null) return { facts, stamp: idleAt };
  if (isPassing(options)) return null;
  if (open.project.target.type === "duckdb") return noteWarehouse(open, adapter, schemas);
  if (options.nextCall === undefined || prepared.staged === null) return null;
  const after = await readServerAfter(adapter, open.dialect, serverScopeOf(open, prepared));
  return after && { facts: after.facts, stamp: null };
}

const isReused = (
  { changed }: BuildOptions,
  changes: Changes,
  node: { readonly uniqueId: string },
): boolean => changed === true && isAsItWouldBe(changes, node);

async function runPrepared(
  open: OpenProject,
  options: BuildOptions & Told,
  threads: number,
  prepared: Prepared,
): Promise<{ readonly run: RunResults; readonly endFailure: unknown }> {
  const { nodes, compiler, compiled, hooks, warehouse, loadedSeeds, adapter } = prepared;
  const { effects, parsed, invocationId, startedAt, targetFolder } = open;
  const { changes } = prepared;
  const reused = [...nodes, ...prepared.unitTests].filter((node) => isReused(options, changes, node));
  const unitTests = prepared.unitTests.filter((unitTest) => !isReused(options, changes, unitTest));
  const building = new Set([...nodes, ...prepared.unitTests].map(({ uniqueId }) => uniqueId));
  for (const { uniqueId } of reused) building.delete(uniqueId);
  const tasks = subgraph(
    parsed.graph,
    new Set(nodes.map(({ uniqueId }) => uniqueId).filter((id) => building.has(id))),
  );
  const nameOf = (id: string): string => nameOfId(parsed.graph, id);
  let views: readonly Relation[] | undefined;
  const run: NodeRun = {
    open,
    dialect: adapter.dialect,
    ownViews: () => (views ??= viewsOf(parsed.graph)),
    compiler,
    compiled,
    hooks,
    audits: prepared.audits,
    audited: new Map(),
    oneByOne: options.oneByOne ?? false,
    warehouse,
    loadedSeeds,
    fullRefresh: options.fullRefresh ?? false,
    checks: checksOf(open, options, prepared),
    eventTime: options.eventTime ?? null,
    builtBatches: options.builtBatches,
    portion: options.portion,
    threads,
    onEvent: options.onEvent,
    sent: new Map(),
  };
  const total = nodes.length + prepared.unitTests.length;
  // As in dbt, where nothing is to be done there is nothing to stand before or after.
  const start = building.size === 0 ? noneRun : await runHooks(open, prepared, "on-run-start");
  options.onEvent({
    kind: "run-started",
    command: options.command,
    invocationId,
    total,
    threads,
  });
  options.onBuilding?.(building);
  const journal = beginJournal(targetFolder, { ...options.args, which: options.command }, building);
  const begin = performance.now();
  // Unit tests alone need no warehouse, and leave no note in one.
  const isNoted = nodes.length > 0 && building.size > 0 && start.failure === undefined;
  if (isNoted) await withSessionOf(adapter, (session) => changes.begin(session, building));
  const same = reused.map((node) => reusedResult(run, node));
  same.forEach((result, i) => {
    options.onEvent({ kind: "node-finished", uniqueId: result.uniqueId, result, index: i + 1, total });
  });
  const units = unitTestsOf(open, unitTests);
  const audited = withAuditEdges(tasks, prepared.audits);
  const waiting = options.command === "build" ? withTestEdges(parsed.graph, audited) : audited;
  const built = await schedule(withUnitTests(parsed.graph, waiting, unitTests), {
    threads,
    openWorker: () => openWorker(adapter),
    run: async (id, worker, context) => {
      const unitTest = parsed.graph.unitTests.get(id);
      if (unitTest) return units.run(unitTest, context);
      return strictly(open, await runNode(run, parsed.graph.nodes.get(id)!, worker, context));
    },
    skip: (id, reason) => {
      const unitTest = parsed.graph.unitTests.get(id);
      if (unitTest) return skippedUnitTest(unitTest, reason, nameOf);
      return skippedResult(run, parsed.graph.nodes.get(id)!, reason, nameOf);
    },
    onEvent(event) {
      if (event.kind === "node-finished") journal.note(event.result);
      options.onEvent({ ...event, index: event.index + same.length, total });
    },
    failFast: options.failFast ?? false,
    refusal: start.failure === undefined ? undefined : { kind: "hook" },
    ...(options.signal && { signal: options.signal }),
  });
  await units.close();
  const results = [...same, ...built];
  if (isNoted) await withSessionOf(adapter, (session) => changes.finish(session, built));
  if (nodes.length > 0) await recordChecks(open, adapter, built, options.onEvent);
  if (nodes.length > 0) await recordRun(open, adapter, options.command, built, options.onEvent);
  const end =
    options.signal?.aborted === true || building.size === 0
      ? null
      : await runHooks(open, prepared, "on-run-end", results).catch((failure: unknown) => ({
          results: [],
          failure,
        }));
  const facts = {
    command: options.command,
    args: options.args ?? {},
    invocationId,
    startedAt,
    generatedAt: effects.now().toISOString(),
    elapsedTime: (performance.now() - begin) / 1000,
  };
  writeSql(targetFolder, "run", parsed.graph, run.sent);
  // What was compiled when its turn came is in no manifest yet.
  if (Array.from(compiled.keys()).some((id) => parsed.introspective.has(id)))
    await saveManifest(open, compiled, { portion: options.portion });
  const ran = { ...facts, results, hooks: { start: start.results, end: end?.results ?? [] } };
  writeArtifact(targetFolder, "run_results.json", runResults(ran, open.customEnv));
  journal.end();
  options.onEvent({ kind: "run-finished", run: facts, results });
  return { run: ran, endFailure: start.failure ?? end?.failure };
}

function checksOf(
  { parsed: { graph }, dialect, targetPath }: OpenProject,
  options: BuildOptions,
  { nodes, tested, warehouse }: Prepared,
): Checks {
  const inRun = new Set(nodes.map(({ uniqueId }) => uniqueId));
  const waitsFor = ({ uniqueId }: TestNode): string[] =>
    (graph.parents.get(uniqueId) ?? []).filter((id) => inRun.has(id));
  const isTable = ({ generic }: TestNode): boolean => {
    const node = generic ? graph.nodes.get(generic.attachedNode) : undefined;
    return node !== undefined && node.resourceType !== "test" && kindOf(node) === "table";
  };
  const byValue = dialect.readsColumns ? { dialect, isTable, from: MANY_ROWS } : null;
  return {
    dialect,
    warehouse,
    scans: createScans(tested, waitsFor, options.oneByOne ?? false, byValue),
    storeFailures: options.storeFailures,
    compiledPath: (test) => compiledPath(targetPath, test),
    lastPassed: lastPassedOf(dialect),
  };
}
async function withSessionOf<T>(adapter: Adapter, body: (session: Session) => Promise<T>): Promise<T> {
  const session = await adapter.session();
  try {
    return await body(session);
  } finally {
    await session.close();
  }
}

/** With `--warn-error`, a test that warns has failed. */
const strictly = (open: OpenProject, outcome: Outcome<NodeResult>): Outcome<NodeResult> =>
  outcome.result.status === "warn" && fateOf("TEST_WARNED", open.warnings) === "error"
    ? { result: { ...outcome.result, status: "fail" }, blocks: true }
    : outcome;

const viewsOf = ({ nodes }: Graph): Relation[] =>
  [...nodes.values()].flatMap((node) => {
    if (node.resourceType !== "model") return [];
    const pointer = pointerOf(node);
    const own = node.config.materialized.endsWith("view") ? [node.relation] : [];
    return pointer === null ? own : [...own, pointer];
  });
