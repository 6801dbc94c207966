import type { Session } from "../adapters/adapter.ts";
import type { ScanMember } from "../checks/plan-scan.ts";
import type { WarehouseFacts } from "../execute/warehouse-facts.ts";
import { loadedSeedsOf, readStaged, warehouseOf } from "../execute/warehouse-state.ts";
import type { LoadedSeeds, WarehouseState } from "../execute/warehouse-state.ts";
import type { Audits } from "../graph/audits.ts";
import type { GraphNode, ModelNode, TestNode, UnitTestNode } from "../graph/types.ts";
import type { Compiled, Compiler } from "../plan/compile.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import { isMicrobatch } from "../plan/microbatch/plan-microbatch.ts";
import { isIncremental } from "../plan/is-incremental.ts";
import type { StagedVintages } from "../plan/source-relations.ts";
import type { BuildOptions } from "./build-options.ts";
import { compileHooks, compileNodes, compilerFor, externalPlaces } from "./compile-nodes.ts";
import { fillDeferred } from "./defer.ts";
import { settleWith } from "./introspect.ts";
import type { OpenProject } from "./open-project.ts";
import { recordsOf } from "./build-records.ts";
import { isAsItWouldBe, planChanges } from "./plan-changes.ts";
import type { Changes } from "./plan-changes.ts";
import { saveManifest } from "./save-artifacts.ts";
import { warnOfEmptySources } from "./warn-ahead.ts";

export type Chosen = {
  readonly nodes: readonly GraphNode[];
  readonly unitTests: readonly UnitTestNode[];
  readonly audits: Audits;
};

export type Planned = Chosen & {
  readonly compiler: Compiler;
  /** Without those that ask the warehouse: they are added when what they read is built. */
  readonly compiled: Map<string, Compiled>;
  /** Generic tests with what they look at. */
  readonly tested: readonly ScanMember[];
  readonly hooks: ReadonlyMap<string, NodeHooks>;
  readonly warehouse: WarehouseState;
  readonly loadedSeeds: LoadedSeeds;
  /** As they were before the run. */
  readonly facts: WarehouseFacts;
  /** What was staged in the warehouse itself then; null: nobody looked. */
  readonly staged: StagedVintages | null;
  /** What has changed since each node was built. */
  readonly changes: Changes;
  /** The manifest is written; before anything is built, or while a run that builds nothing comes to its end. */
  readonly saved: ReturnType<typeof saveManifest>;
};

/** `session` null: nobody has opened the warehouse. */
type Known = { readonly facts: WarehouseFacts; readonly session: Session | null; readonly dryRun: boolean };

/** Compiles what was chosen against what is known of the warehouse, writes the manifest, and decides what has changed. */
export async function planBuild(
  open: OpenProject,
  options: BuildOptions,
  { nodes, unitTests, audits }: Chosen,
  { facts, session, dryRun }: Known,
): Promise<Planned> {
  const warehouse = warehouseOf(facts.listed, open.dialect);
  const loadedSeeds = loadedSeedsOf(facts.seeds);
  let staged: StagedVintages | null = null;
  if (open.sources.know && session !== null) {
    staged = await readStaged(session, open.dialect, open.project.stagingSchema);
    open.sources.know(staged);
    warnOfEmptySources(open, nodes, options.onEvent);
  }
  await fillDeferred(open, new Set([...nodes, ...unitTests].map(({ uniqueId }) => uniqueId)), session);
  const incremental = (node: ModelNode): boolean => {
    const kind = warehouse.kindOf(node.relation);
    return isIncremental(node, kind && { kind }, options.fullRefresh ?? false);
  };
  const compiler = compilerFor(open, incremental, { portion: options.portion });
  const { introspective } = open.parsed;
  const compiled = await compileNodes(compiler, nodes, open.dialect, externalPlaces(open), {
    introspective,
    settle: dryRun && session !== null ? settleWith(open, session) : null,
  });
  const hooks = compileHooks(compiler, nodes, open.queries);
  const saved = dryRun
    ? Promise.resolve(undefined)
    : saveManifest(open, compiled, { portion: options.portion });
  // Whoever waits for it is told; what follows is done while the disk is at work.
  saved.catch(() => undefined);
  const changes = planChanges(open, recordsOf(facts.builds), {
    nodes,
    unitTests,
    compiled,
    hooks,
    audits,
    warehouse,
    loadedSeeds,
    fullRefresh: options.fullRefresh ?? false,
    isWhole: (node) =>
      options.portion === undefined &&
      !(options.eventTime && node.resourceType === "model" && isMicrobatch(node)),
  });
  if (!dryRun) open.kept.keepMeanings();
  const tested = nodes.flatMap((node): ScanMember[] => {
    if (options.changed === true && isAsItWouldBe(changes, node)) return [];
    const isTest = node.resourceType === "test" && !introspective.has(node.uniqueId);
    const rows = isTest ? compiler.tested(node.uniqueId) : null;
    return rows === null ? [] : [{ test: node as TestNode, rows }];
  });
  return {
    saved,
    nodes,
    unitTests,
    compiler,
    compiled,
    tested,
    hooks,
    audits,
    warehouse,
    loadedSeeds,
    facts,
    staged,
    changes,
  };
}
