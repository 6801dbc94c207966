import { existsSync } from "node:fs";
import { isEphemeral } from "../graph/relation-nodes.ts";
import { openAdapter } from "../adapters/open.ts";
import { openLater } from "../adapters/open-later.ts";
import type { Adapter, Session } from "../adapters/adapter.ts";
import type { LockWait } from "../adapters/wait-for-lock.ts";
import { isRelationKept } from "../checks/storage.ts";
import { dropLeftovers, leftoversOf } from "../execute/drop-leftovers.ts";
import { readFacts } from "../execute/warehouse-facts.ts";
import { createMetaTables, createSchemas } from "../execute/warehouse-state.ts";
import { auditsOf, testsBefore } from "../graph/audits.ts";
import type { GraphNode } from "../graph/types.ts";
import { readBatchLog } from "../project/batch-log.ts";
import type { Target } from "../project/types.ts";
import { isPassing } from "./build-options.ts";
import type { BuildCommand, BuildOptions } from "./build-options.ts";
import type { OpenProject } from "./open-project.ts";
import { comparedIds } from "./build-records.ts";
import { isAsItWouldBe } from "./plan-changes.ts";
import { settleFiles } from "./external-files.ts";
import { planBuild } from "./plan-build.ts";
import type { Chosen, Planned } from "./plan-build.ts";
import { openHistory, positionsOf } from "./record-run.ts";
import { isGraphNode, selectNodes, selectionEvents } from "./select-nodes.ts";
import { recallWarehouse } from "./warehouse-note.ts";
import { warnAhead } from "./warn-ahead.ts";

const KINDS: Readonly<Record<BuildCommand, readonly string[]>> = {
  run: ["model"],
  test: ["test", "unit_test"],
  seed: ["seed"],
  snapshot: ["snapshot"],
  build: ["seed", "model", "snapshot", "test", "unit_test"],
};

/** What was chosen, compiled against the warehouse as it is now. */
export type Prepared = Planned & {
  /** Of the run's relations. */
  readonly schemas: ReadonlySet<string>;
  /** Opened with the first session, where nothing is to be done. */
  readonly adapter: Adapter;
  /** Stamp of the warehouse that was not opened to find that everything is as it would be; null: it was, or something is not. */
  readonly idleAt: string | null;
  /** As `OpenProject.askedEnv`, when all was decided. */
  readonly askedEnv: readonly string[] | undefined;
};

/**
 * Chooses and compiles nodes against the warehouse as it is now, makes the schemas they need and writes the manifest. A dry run makes
 * and writes nothing, not even a warehouse. Where it is known without opening the warehouse that nothing is to be done, it stays closed.
 */
export async function prepareBuild(
  open: OpenProject,
  options: BuildOptions,
  dryRun = false,
): Promise<Prepared> {
  const audits = auditsOf(open.parsed.graph);
  const chosen = { ...(await chooseNodes(open, options, audits)), audits };
  const schemas = schemasOf(chosen, options);
  const mayStayClosed = options.changed === true && !dryRun && chosen.nodes.length > 0;
  const recalled = mayStayClosed ? recallWarehouse(open, schemas) : null;
  const connect = (): Promise<Adapter> => connectTo(open, options, chosen, dryRun);
  const adapter = recalled === null ? await connect() : openLater(open.dialect, connect);
  try {
    let planned =
      recalled && (await planBuild(open, options, chosen, { facts: recalled.facts, session: null, dryRun }));
    const isIdle = planned !== null && isNothingToDo(open, planned);
    if (planned === null || !isIdle) {
      const opening = adapter.session();
      opening.catch(() => undefined);
      await planned?.saved;
      const session = await opening;
      if (planned === null || recalled?.isStill() !== true) {
        const ids = isPassing(options) ? comparedIds(open, chosen) : null;
        const facts = await readFacts(session, open.dialect, open.project.target.schema, schemas, ids);
        planned = await planBuild(open, options, chosen, { facts, session, dryRun });
      }
      if (!dryRun) await makeReady(open, options, planned, schemas, session);
      await session.close();
      await planned.saved;
    }
    const idleAt = isIdle && recalled !== null ? recalled.stamp : null;
    return { ...planned, schemas, adapter, idleAt, askedEnv: open.askedEnv() };
  } catch (error) {
    await adapter.close();
    throw error;
  }
}

const isStored = (node: GraphNode, options: BuildOptions): boolean =>
  node.resourceType !== "test" || isRelationKept(node, options.storeFailures);

/** Those that relations of the run are in. */
const schemasOf = ({ nodes }: Chosen, options: BuildOptions): ReadonlySet<string> =>
  new Set(nodes.flatMap((node) => (isStored(node, options) ? [node.relation.schema] : [])));

function connectTo(
  { project: { target } }: OpenProject,
  options: BuildOptions,
  { nodes, unitTests }: Chosen,
  dryRun: boolean,
): Promise<Adapter> {
  const wait: LockWait = {
    seconds: options.lockTimeout ?? 0,
    onWait: (held) => {
      const message = `${held.replace(/: [^:]*$/, "")}; waiting up to ${options.lockTimeout} s`;
      options.onEvent({ kind: "warning", code: "WAREHOUSE_LOCKED", message, uniqueId: null });
    },
    signal: options.signal,
  };
  if (dryRun) return openToLook(target, wait);
  return openAdapter(nodes.length === 0 && unitTests.length > 0 ? withoutWarehouse(target) : target, wait);
}

/** Whether a run with `--changed` would neither change the warehouse nor ask it anything. */
export const isNothingToDo = (
  { project, dialect }: OpenProject,
  { nodes, unitTests, changes, warehouse, facts }: Planned,
): boolean =>
  [...nodes, ...unitTests].every((node) => isAsItWouldBe(changes, node)) &&
  leftoversOf(dialect, warehouse, nodes).length === 0 &&
  readBatchLog(project.landing, positionsOf(facts.logPositions)).length === 0;

/** Makes what a run writes to, reads in what ingestion did, and drops what killed runs left. */
async function makeReady(
  open: OpenProject,
  options: BuildOptions,
  { nodes, unitTests, warehouse }: Planned,
  schemas: ReadonlySet<string>,
  session: Session,
): Promise<void> {
  const { dialect } = open;
  await createSchemas(session, dialect, schemas);
  if (nodes.length > 0) {
    await openHistory(open, session, options.onEvent);
    const tests = nodes.some(({ resourceType }) => resourceType === "test") || unitTests.length > 0;
    await createMetaTables(session, dialect, tests);
  }
  await dropLeftovers(session, dialect, warehouse, nodes);
  settleFiles(open, nodes);
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
  if (target.type !== "duckdb") return openAdapter(target, undefined, wait.signal);
  return openAdapter(existsSync(target.path) ? target : { ...target, path: ":memory:" }, wait);
}

/**
 * Selected nodes of the command's kinds. Ephemeral models are built into those that use them, never by themselves; the tests of what is audited
 * before it is published come along with it.
 */
async function chooseNodes(
  open: OpenProject,
  options: BuildOptions,
  audits: Chosen["audits"],
): Promise<Omit<Chosen, "audits">> {
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
  await warnAhead(open, all, options);
  return { nodes: all, unitTests: nodes.filter((node) => node.resourceType === "unit_test") };
}
