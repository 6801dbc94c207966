import { isEphemeral } from "../graph/relation-nodes.ts";
import type { Session } from "../adapters/adapter.ts";
import { retryConflicts } from "../adapters/retry-conflicts.ts";
import { md5 } from "../base/hash.ts";
import type { NodeResult } from "../execute/results.ts";
import type { LoadedSeeds, WarehouseState } from "../execute/warehouse-state.ts";
import type { Audits } from "../graph/audits.ts";
import { nameOfId } from "../graph/node-by-id.ts";
import type { GraphNode, ModelNode, SourceNode, UnitTestNode } from "../graph/types.ts";
import { reasonsToBuild } from "../plan/changed/decide.ts";
import type { BuildRecord, Candidate, Reason } from "../plan/changed/decide.ts";
import { fingerprintOf } from "../plan/changed/fingerprint.ts";
import type { Fingerprint } from "../plan/changed/fingerprint.ts";
import type { Compiler } from "../plan/compile.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import { replaceBuilds } from "../plan/meta-builds.ts";
import { batchStart, instantText } from "../plan/microbatch/batches.ts";
import { isMicrobatch } from "../plan/microbatch/plan-microbatch.ts";
import { seedFingerprint } from "../plan/plan-seed.ts";
import { compileHooks, compilerFor } from "./compile-nodes.ts";
import type { CompiledNodes } from "./compile-nodes.ts";
import { filesOf, isOnDisk } from "./external-files.ts";
import { failingOf } from "./made-relation.ts";
import type { OpenProject } from "./open-project.ts";

/** What is built in a run and why, and what the warehouse is to remember of it. */
export type Changes = {
  readonly records: ReadonlyMap<string, BuildRecord>;
  /** Of every node, in the order of the graph; none: it is as it would be. */
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
  /** Notes that what was known of these nodes counts no more. */
  begin(session: Session, building: ReadonlySet<string>): Promise<void>;
  /** Notes what was built from what. */
  finish(session: Session, results: readonly NodeResult[]): Promise<void>;
};

/** Whether nothing speaks for building it. */
export const isAsItWouldBe = ({ reasons }: Changes, { uniqueId }: { readonly uniqueId: string }): boolean =>
  reasons.get(uniqueId)?.length === 0;

export type ChangeFacts = {
  readonly nodes: readonly GraphNode[];
  readonly unitTests: readonly UnitTestNode[];
  readonly compiled: CompiledNodes;
  readonly hooks: ReadonlyMap<string, NodeHooks>;
  readonly audits: Audits;
  readonly warehouse: WarehouseState;
  readonly loadedSeeds: LoadedSeeds;
  readonly fullRefresh: boolean;
  /** Whether a node is built as it would be by itself: no window of time that it obeys, no empty inputs. */
  readonly isWhole: (node: GraphNode) => boolean;
};

/** Decides for each node whether it is as it would be if it were built now. */
export function planChanges(
  open: OpenProject,
  records: ReadonlyMap<string, BuildRecord>,
  facts: ChangeFacts,
): Changes {
  // Whatever command asks, a node is what it is.
  const compiler = compilerFor({ ...open, flags: undefined }, () => false);
  const hooks = hooksOfNoRun(open, facts);
  const candidates = new Map(
    facts.nodes.map((node) => [
      node.uniqueId,
      candidateOf(open, compiler, node, records, { ...facts, hooks }),
    ]),
  );
  const now = Date.parse(open.startedAt);
  const building = new Set<string>();
  const reasons = new Map<string, readonly Reason[]>();
  for (const [id, candidate] of candidates) {
    const found = facts.fullRefresh
      ? [{ kind: "refresh", what: "" } as const]
      : candidate.node.resourceType === "seed"
        ? seedReasons(candidate, facts)
        : reasonsToBuild(candidate, building, nameOf, now);
    reasons.set(id, found);
    if (found.length > 0) building.add(id);
  }
  const unitHashes = new Map(facts.unitTests.map((test) => [test.uniqueId, unitTestHash(open, test)]));
  for (const test of facts.unitTests) {
    const found = unitTestReasons(test, unitHashes, records, building, nameOf);
    reasons.set(test.uniqueId, found);
  }
  const { dialect, invocationId, project } = open;
  const scope = project.target.schema;
  const write = (session: Session, noted: ReadonlyMap<string, BuildRecord>): Promise<void> =>
    retryConflicts(() =>
      session.transaction(async () => {
        for (const sql of replaceBuilds(scope, noted, dialect)) await session.run(sql);
      }),
    );
  const isSeed = (id: string): boolean => candidates.get(id)?.node.resourceType === "seed";
  const nothing = { buildId: invocationId, sql: null, settings: null, inputs: {}, builtAt: now };
  return {
    records,
    reasons,
    begin: (session, ids) =>
      write(session, new Map([...ids].filter((id) => !isSeed(id)).map((id) => [id, nothing]))),
    async finish(session, results) {
      const done = new Set(
        results
          .filter(({ status }) => status === "success" || status === "pass")
          .map(({ uniqueId }) => uniqueId),
      );
      const noted = new Map<string, BuildRecord>();
      for (const id of done) {
        const candidate = candidates.get(id);
        if (candidate === undefined || isSeed(id) || !facts.isWhole(candidate.node)) continue;
        const { sql, settings } = candidate.fingerprint;
        const inputs = inputsThen(candidate, done);
        noted.set(id, { buildId: invocationId, sql, settings, inputs, builtAt: now });
      }
      for (const [id, sql] of unitHashes)
        if (done.has(id))
          noted.set(id, { buildId: invocationId, sql, settings: "", inputs: {}, builtAt: now });
      await write(session, noted);
    },
  };

  /** As they are after the run. */
  function inputsThen({ inputs }: Candidate, done: ReadonlySet<string>): Record<string, string> {
    const then: Record<string, string> = {};
    for (const [input, version] of inputs) {
      const parent = candidates.get(input)?.node;
      const built = !done.has(input)
        ? version
        : parent?.resourceType === "seed"
          ? seedFingerprint(parent)
          : invocationId;
      if (built !== null) then[input] = built;
    }
    return then;
  }

  function nameOf(input: string): string {
    return nameOfId(open.parsed.graph, input).replace(/^landing:/, "");
  }
}

/** Hooks as they are whatever run it is: one that notes its run is no other one each time. */
function hooksOfNoRun(open: OpenProject, { hooks, nodes }: ChangeFacts): ChangeFacts["hooks"] {
  if (hooks.size === 0) return hooks;
  const noRun = { flags: undefined, invocationId: "", startedAt: new Date(0).toISOString() };
  return compileHooks(
    compilerFor({ ...open, ...noRun }, () => false),
    nodes,
    open.queries,
  );
}

/** Its rows and what it says, and the macros that it uses; what its model means is the model's own. */
function unitTestHash({ parsed: { graph } }: OpenProject, test: UnitTestNode): string {
  const macros = test.dependsOn.macros.map((id) => graph.macros.get(id)?.macroSql);
  return md5(JSON.stringify([test, macros], (key, value: unknown) => (key === "place" ? undefined : value)));
}

function unitTestReasons(
  { uniqueId, model }: UnitTestNode,
  hashes: ReadonlyMap<string, string>,
  records: ReadonlyMap<string, BuildRecord>,
  building: ReadonlySet<string>,
  nameOf: (id: string) => string,
): Reason[] {
  const record = records.get(uniqueId);
  if (record === undefined) return [{ kind: "new", what: "" }];
  if (record.sql === null) return [{ kind: "unfinished", what: "" }];
  if (model !== null && building.has(model)) return [{ kind: "parent", what: nameOf(model) }];
  return record.sql === hashes.get(uniqueId) ? [] : [{ kind: "sql", what: "" }];
}

function seedReasons({ node, exists }: Candidate, { loadedSeeds }: ChangeFacts): Reason[] {
  if (node.resourceType !== "seed") return [];
  const loaded = loadedSeeds(node.relation);
  if (loaded === null) return [{ kind: "new", what: "" }];
  if (!exists) return [{ kind: "missing", what: "" }];
  return loaded === seedFingerprint(node) ? [] : [{ kind: "sql", what: "" }];
}

function candidateOf(
  open: OpenProject,
  fresh: Compiler,
  node: GraphNode,
  records: ReadonlyMap<string, BuildRecord>,
  facts: ChangeFacts,
): Candidate {
  const incremental = node.resourceType === "model" && node.config.materialized === "incremental";
  // What is_incremental() decides is no change of the model: it is compared as it would be from nothing.
  const compiled = incremental ? fresh.compile(node.uniqueId) : facts.compiled.get(node.uniqueId);
  const meaning = open.kept.meaningOf(node.uniqueId, compiled?.compiledCode ?? "", open.project);
  const fingerprint = fingerprintOf(node, meaning, facts.hooks.get(node.uniqueId));
  const inputs = new Map<string, string | null>();
  const unversioned: string[] = [];
  addParents(open, node.uniqueId, records, facts, inputs, unversioned);
  if (open.parsed.introspective.has(node.uniqueId)) unversioned.push("run_query");
  for (const [dataset, vintage] of fingerprint.landed) inputs.set(`landing:${dataset}`, vintage);
  if (node.resourceType === "model" && isMicrobatch(node))
    inputs.set("batch", instantText(batchStart(Date.parse(open.startedAt), node.config.batch_size)));
  return {
    node,
    fingerprint: withRowTests(open, node, fingerprint, facts),
    inputs,
    unversioned,
    exists:
      node.resourceType === "test" ||
      (facts.warehouse.kindOf(node.relation) !== null && isOnDisk(filesOf(open, node))),
    record: records.get(node.uniqueId) ?? null,
  };
}

/** Rows that tests find are not among those that a model with a quarantine holds: other tests are another model. */
function withRowTests(
  open: OpenProject,
  node: GraphNode,
  fingerprint: Fingerprint,
  facts: ChangeFacts,
): Fingerprint {
  const tests = failingOf(open, node, facts.audits)?.testsOn((node as ModelNode).relation);
  if (tests === undefined) return fingerprint;
  return { ...fingerprint, settings: md5(JSON.stringify([fingerprint.settings, tests])) };
}

const editionsOf = ({ sources }: OpenProject, source: SourceNode): string =>
  sources
    .vintages(source)
    .map(({ vintage }) => vintage)
    .join(" ");

/** Direct parents, through those that are no relations of their own. */
function addParents(
  open: OpenProject,
  id: string,
  records: ReadonlyMap<string, BuildRecord>,
  facts: ChangeFacts,
  inputs: Map<string, string | null>,
  unversioned: string[],
): void {
  const { nodes, sources, parents } = open.parsed.graph;
  for (const parentId of parents.get(id) ?? []) {
    const [parent, source] = [nodes.get(parentId), sources.get(parentId)];
    if (source && !source.landing) unversioned.push(`${source.sourceName}.${source.name}`);
    // SQL that reads files names their editions, SQL that reads what is staged does not.
    if (source?.landing === true && open.sources.know !== undefined)
      inputs.set(`landing:${source.sourceName}/${source.identifier}`, editionsOf(open, source));
    if (parent === undefined) continue;
    if (parent.resourceType === "seed") inputs.set(parentId, facts.loadedSeeds(parent.relation));
    else if (isEphemeral(parent)) addParents(open, parentId, records, facts, inputs, unversioned);
    else inputs.set(parentId, records.get(parentId)?.buildId ?? null);
  }
}
