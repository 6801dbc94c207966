import { existsSync } from "node:fs";
import { isEphemeral } from "../graph/relation-nodes.ts";
import { openAdapter } from "../adapters/open.ts";
import type { Adapter } from "../adapters/adapter.ts";
import type { LockWait } from "../adapters/wait-for-lock.ts";
import type { ScanMember } from "../checks/plan-scan.ts";
import { isRelationKept } from "../checks/storage.ts";
import {
  createCheckTables,
  createMetaTables,
  createSchemas,
  readLoadedSeeds,
  readStaged,
  readWarehouse,
} from "../execute/warehouse-state.ts";
import { dropLeftovers } from "../execute/drop-leftovers.ts";
import type { LoadedSeeds, WarehouseState } from "../execute/warehouse-state.ts";
import { auditsOf, testsBefore } from "../graph/audits.ts";
import type { Audits } from "../graph/audits.ts";
import type { GraphNode, ModelNode, TestNode, UnitTestNode } from "../graph/types.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import { isIncremental } from "../plan/is-incremental.ts";
import type { Target } from "../project/types.ts";
import type { BuildCommand, BuildOptions } from "./build-nodes.ts";
import { warnAhead, warnOfEmptySources } from "./warn-ahead.ts";
import { compileHooks, compileNodes, compilerFor, externalPlaces } from "./compile-nodes.ts";
import { settleWith } from "./introspect.ts";
import type { Compiled, Compiler } from "../plan/compile.ts";
import type { OpenProject } from "./open-project.ts";
import { openHistory } from "./record-run.ts";
import { fillDeferred } from "./defer.ts";
import { isAsItWouldBe, planChanges, readRecords } from "./plan-changes.ts";
import type { Changes } from "./plan-changes.ts";
import { saveManifest } from "./save-artifacts.ts";
import { isGraphNode, selectNodes, selectionEvents } from "./select-nodes.ts";

const KINDS: Readonly<Record<BuildCommand, readonly string[]>> = {
  run: ["model"],
  test: ["test", "unit_test"],
  seed: ["seed"],
  snapshot: ["snapshot"],
  build: ["seed", "model", "snapshot", "test", "unit_test"],
};

/** What was chosen, compiled against the warehouse as it is now. */
export type Prepared = {
  readonly nodes: readonly GraphNode[];
  readonly unitTests: readonly UnitTestNode[];
  readonly compiler: Compiler;
  /** Without those that ask the warehouse: they are added when what they read is built. */
  readonly compiled: Map<string, Compiled>;
  /** Generic tests with what they look at. */
  readonly tested: readonly ScanMember[];
  readonly hooks: ReadonlyMap<string, NodeHooks>;
  readonly audits: Audits;
  readonly warehouse: WarehouseState;
  readonly loadedSeeds: LoadedSeeds;
  /** What has changed since each node was built. */
  readonly changes: Changes;
  readonly adapter: Adapter;
};

/**
 * Chooses and compiles nodes against the warehouse as it is now, makes the schemas they need and writes the manifest. A dry run makes
 * and writes nothing, not even a warehouse.
 */
export async function prepareBuild(
  open: OpenProject,
  options: BuildOptions,
  dryRun = false,
): Promise<Prepared> {
  const audits = auditsOf(open.parsed.graph);
  const { nodes, unitTests } = chooseNodes(open, options, audits);
  const { target } = open.project;
  const wait: LockWait = {
    seconds: options.lockTimeout ?? 0,
    onWait: (held) => {
      const message = `${held.replace(/: [^:]*$/, "")}; waiting up to ${options.lockTimeout} s`;
      options.onEvent({ kind: "warning", code: "WAREHOUSE_LOCKED", message, uniqueId: null });
    },
    signal: options.signal,
  };
  const adapter = await (dryRun
    ? openToLook(target, wait)
    : openAdapter(nodes.length === 0 && unitTests.length > 0 ? withoutWarehouse(target) : target, wait));
  try {
    const session = await adapter.session();
    const stores = (node: TestNode): boolean => isRelationKept(node, options.storeFailures);
    const schemas = new Set(
      nodes.flatMap((node) => (node.resourceType === "test" && !stores(node) ? [] : [node.relation.schema])),
    );
    if (!dryRun) await createSchemas(session, open.dialect, schemas);
    if (!dryRun && nodes.length > 0) await openHistory(open, session, options.onEvent);
    const remembers = !dryRun && nodes.length > 0;
    if (remembers) await createMetaTables(session, open.dialect);
    const tests = nodes.some(({ resourceType }) => resourceType === "test") || unitTests.length > 0;
    if (remembers && tests) await createCheckTables(session, open.dialect);
    const loadedSeeds = await readLoadedSeeds(session, open.dialect);
    const records = await readRecords(open, session);
    const warehouse = await readWarehouse(session, open.dialect, schemas);
    if (!dryRun) await dropLeftovers(session, open.dialect, warehouse, nodes);
    if (open.sources.know) {
      open.sources.know(await readStaged(session, open.dialect, open.project.stagingSchema));
      warnOfEmptySources(open, nodes, options.onEvent);
    }
    await fillDeferred(open, new Set([...nodes, ...unitTests].map(({ uniqueId }) => uniqueId)), session);
    const incremental = (node: ModelNode): boolean => {
      const kind = warehouse.kindOf(node.relation);
      return isIncremental(node, kind && { kind }, options.fullRefresh ?? false);
    };
    const compiler = compilerFor(open, incremental, { portion: options.portion });
    const { introspective } = open.parsed;
    const settle = dryRun ? settleWith(open, session) : null;
    const compiled = await compileNodes(compiler, nodes, open.dialect, externalPlaces(open), {
      introspective,
      settle,
    });
    await session.close();
    const hooks = compileHooks(compiler, nodes, open.queries);
    if (!dryRun) await saveManifest(open, compiled, { portion: options.portion });
    const changes = planChanges(open, records, {
      nodes,
      unitTests,
      compiled,
      hooks,
      audits,
      warehouse,
      loadedSeeds,
      fullRefresh: options.fullRefresh ?? false,
      isWhole: !options.eventTime && options.portion === undefined,
    });
    if (!dryRun) open.kept.keepMeanings();
    const tested = nodes.flatMap((node): ScanMember[] => {
      if (options.changed === true && isAsItWouldBe(changes, node)) return [];
      const isTest = node.resourceType === "test" && !introspective.has(node.uniqueId);
      const rows = isTest ? compiler.tested(node.uniqueId) : null;
      return rows === null ? [] : [{ test: node as TestNode, rows }];
    });
    return {
      nodes,
      unitTests,
      compiler,
      compiled,
      tested,
      hooks,
      audits,
      warehouse,
      loadedSeeds,
      changes,
      adapter,
    };
  } catch (error) {
    await adapter.close();
    throw error;
  }
}

/** Unit tests alone need none. */
const withoutWarehouse = ({ name, schema, threads, ...target }: Target): Target => ({
  name,
  schema,
  threads,
  type: "duckdb",
  path: ":memory:",
  settings: target.type === "duckdb" ? target.settings : {},
});

/** A file is held by whoever has it open; a server is looked at while others build. */
function openToLook(target: Target, wait: LockWait): Promise<Adapter> {
  if (target.type !== "duckdb") return openAdapter(target);
  return openAdapter(existsSync(target.path) ? target : { ...target, path: ":memory:" }, wait);
}

/**
 * Selected nodes of the command's kinds. Ephemeral models are built into those that use them, never by themselves; the tests of what is audited
 * before it is published come along with it.
 */
function chooseNodes(
  open: OpenProject,
  options: BuildOptions,
  audits: Prepared["audits"],
): Pick<Prepared, "nodes" | "unitTests"> {
  const { nodes, warnings } = selectNodes(open, {
    ...options,
    resourceTypes: KINDS[options.command].filter((kind) => options.resourceTypes?.includes(kind) !== false),
  });
  for (const event of selectionEvents(warnings)) options.onEvent(event);
  const chosen = nodes.filter(isGraphNode).filter((node) => !isEphemeral(node));
  const named = new Set(chosen.map(({ uniqueId }) => uniqueId));
  const along = chosen
    .flatMap((node) => (node.resourceType === "test" ? [] : testsBefore(node, audits)))
    .filter(({ uniqueId }) => !named.has(uniqueId));
  const all = [...chosen, ...along];
  warnAhead(open, all, options);
  return { nodes: all, unitTests: nodes.filter((node) => node.resourceType === "unit_test") };
}
