import { publishedPath } from "../../adapters/publish.ts";
import { runResultsEntries } from "../../artifacts/run-results.ts";
import { sqlPath } from "../../artifacts/sql-paths.ts";
import { millisecondsOf } from "../../base/instants.ts";
import { StatloomError } from "../../base/errors.ts";
import { obeyPolicy } from "../../base/warning-policy.ts";
import type { WarningEvent } from "../../execute/run-event.ts";
import type { WarehouseFacts } from "../../execute/warehouse-facts.ts";
import { reach } from "../../graph/select/walk.ts";
import { unusedFolderWarnings } from "../../graph/unused-folders.ts";
import { batchStart, moveBatches } from "../../plan/microbatch/batches.ts";
import { isMicrobatch } from "../../plan/microbatch/plan-microbatch.ts";
import { isSameEachRun } from "../../plan/steady.ts";
import { logSizes } from "../../project/batch-log-files.ts";
import { vintagesPath } from "../../project/landing.ts";
import { flagsOf } from "../build-options.ts";
import type { BuildOptions } from "../build-options.ts";
import type { OpenProject } from "../open-project.ts";
import { settleFiles } from "../parse-cache/held-files.ts";
import { hashOfEnv, recordEnv } from "../parse-cache/recorded-env.ts";
import { planBuild } from "../plan-build.ts";
import type { Planned } from "../plan-build.ts";
import { filesOf } from "../external-files.ts";
import { isNothingToDo } from "../prepare-build.ts";
import type { Prepared } from "../prepare-build.ts";
import { positionsOf } from "../record-run.ts";
import { foreseeManifest } from "../save-artifacts.ts";
import { reusedResult } from "../run-node.ts";
import { settledNumberOf, writeIdle } from "./idle-note.ts";
import type { IdleNote } from "./idle-note.ts";
import { hashOfServer } from "./server-facts.ts";
import type { ServerScope } from "./server-facts.ts";

/** What the warehouse held when the run had ended, and the stamp of its file then; null: it is no file. */
export type Left = { readonly facts: WarehouseFacts; readonly stamp: string | null };

/** Warnings that a run gives, whatever it builds, while the same project finds the same editions landed. */
const STANDING: ReadonlySet<string> = new Set(["SOURCE_NOT_LANDED", "GRANTS_UNSUPPORTED"]);

/**
 * Notes what the next run of the same call with `--changed` does, if it finds nothing to do and all that decides it can be looked at
 * again: decided as that run would decide it, of what this one has read and left.
 */
export async function noteIdleRun(
  open: OpenProject,
  options: BuildOptions,
  prepared: Prepared,
  { facts, stamp, warned }: Left & { readonly warned: readonly WarningEvent[] },
): Promise<void> {
  const { project, parsed, keptFolder, kept, effects } = open;
  const { target } = project;
  const { nextCall: call, storeFailures } = options;
  if (call === undefined || keptFolder === undefined) return;
  if (facts.unsettled.length > 0 || prepared.nodes.length + prepared.unitTests.length === 0) return;
  if (
    !warned.every(({ code }) => STANDING.has(code)) ||
    !isToldToNobody(open) ||
    !isTheProjectsOwn(open) ||
    !isSameEachRun(parsed, withAllAbove(open, prepared))
  )
    return;
  const saved = await prepared.saved;
  const next = prepared.idleAt === null ? await planNext(open, options, prepared, facts) : prepared;
  if (saved === undefined || next?.askedEnv === undefined) return;
  const warehouse = warehouseOf(open, prepared, { facts, stamp });
  if (warehouse === null) return;
  const from = Date.parse(open.startedAt);
  const landed = landedOf(open, from);
  const logs = logSizes(project.landing);
  const positions = positionsOf(facts.logPositions);
  if (logs.some(([name, bytes]) => positions.get(name) !== bytes)) return;
  const identity = kept.identity();
  if (landed === null || identity === undefined) return;
  const { compiled, askedEnv: env } = next;
  // What was built for the first time is compiled to something else now.
  const others = [...compiled].filter(
    ([id, one]) => prepared.compiled.get(id)?.compiledCode !== one.compiledCode,
  );
  const said = others.length === 0 ? saved.said : await foreseeManifest(open, compiled);
  if (said === undefined) return;
  const fileOf = (id: string): string => sqlPath(parsed.graph.nodes.get(id)!);
  const telling = { open, compiled, checks: { storeFailures } };
  const reused = [...next.nodes, ...next.unitTests].map((node) => reusedResult(telling, node));
  try {
    writeIdle(
      keptFolder,
      {
        call,
        project: identity,
        env,
        envHash: hashOfEnv(effects.env, env),
        from,
        until: endOf(next, from),
        warehouse,
        externals: next.nodes.flatMap((node) => filesOf(open, node) ?? []),
        landing: project.landing,
        landed,
        logs,
        sql: {
          list: saved.list,
          files: Array.from(compiled.keys(), fileOf),
          others: others.map(([id, { compiledCode }]) => [fileOf(id), `${compiledCode}\n`]),
        },
        manifest: {
          said,
          projectName: parsed.graph.projectName,
          adapterType: target.type,
        },
        count: reused.length,
        warnings: [
          ...obeyPolicy(open.warnings, unusedFolderWarnings(parsed.graph)),
          ...warned.map(({ code, message }) => ({ code, message })),
        ],
      },
      runResultsEntries(reused),
    );
    settleFiles(keptFolder, project.root, effects.now().getTime());
  } catch (error) {
    // A full disk, or a folder that may not be written: the next run looks at everything.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** What nodes are made of: a node above them may be written into them. */
function withAllAbove({ parsed }: OpenProject, { nodes, unitTests }: Prepared): Iterable<string> {
  const ids = [...nodes, ...unitTests].map(({ uniqueId }) => uniqueId);
  return new Set([...ids, ...reach(parsed.graph.parents, ids)]);
}

/** What decides of it. Of a server that is what was staged when the run began, and all else when it had ended. */
function warehouseOf(
  open: OpenProject,
  prepared: Prepared,
  { facts, stamp }: Left,
): IdleNote["warehouse"] | null {
  const { target } = open.project;
  if (target.type === "duckdb")
    return stamp === null
      ? null
      : { kind: "file", path: target.path, stamp, publish: publishedPath(target) ?? null };
  const { staged } = prepared;
  if (staged === null) return null;
  return { kind: "server", ...serverScopeOf(open, prepared), hash: hashOfServer({ facts, staged }) };
}

export const serverScopeOf = (
  { project: { target, stagingSchema } }: OpenProject,
  { schemas }: Prepared,
): ServerScope => ({ scope: target.schema, schemas: [...schemas], staging: stagingSchema });

/** What the next run would find that builds only what has changed; null: it has something to do. */
async function planNext(
  open: OpenProject,
  options: BuildOptions,
  prepared: Prepared,
  facts: WarehouseFacts,
): Promise<(Planned & Pick<Prepared, "askedEnv">) | null> {
  const asked = { ...options, changed: true, fullRefresh: false };
  const { env, asked: askedEnv } = recordEnv(open.effects.env);
  const opened = { ...open, flags: flagsOf(asked), effects: { ...open.effects, env } };
  try {
    const next = await planBuild(opened, asked, prepared, { facts, session: null, dryRun: true });
    if (!isNothingToDo(opened, next)) return null;
    const [before, now] = [prepared.askedEnv, askedEnv()];
    return { ...next, askedEnv: before && now && [...new Set([...before, ...now])].toSorted() };
  } catch (error) {
    // SQL that a table which is there gets for the first time may be wrong: the next run tells.
    if (error instanceof StatloomError) return null;
    throw error;
  }
}

/** Who is told of runs is told of each. */
const isToldToNobody = ({ project: { alerts, openLineage }, effects }: OpenProject): boolean =>
  alerts.channels.length === 0 && !openLineage.file && !(openLineage.url ?? effects.env["OPENLINEAGE_URL"]);

/** Scripts may look at anything; packages, and what another state or engine is asked for, are not looked after here. */
const isTheProjectsOwn = ({ project, parsed, state, defer, translate }: OpenProject): boolean =>
  project.packages.length === 0 &&
  parsed.library.own.every(({ kind }) => kind === "sql") &&
  parsed.graph.deprecated.length === 0 &&
  state === undefined &&
  defer === undefined &&
  translate === undefined;

/** Lists of editions of all sources that land, as the run read them that began at that time; null: they are others by now. */
function landedOf(
  { project, parsed, sources }: OpenProject,
  begun: number,
): [path: string, number: string | null][] | null {
  const landed = new Map<string, string | null>();
  for (const source of parsed.graph.sources.values()) {
    // What is staged is asked of the server.
    if (!source.landing || sources.know !== undefined) continue;
    const path = vintagesPath(project.landing, source.sourceName, source.identifier);
    const number = settledNumberOf(path, begun);
    // One that went meanwhile has no time.
    if (number === undefined || (number === null && !sources.isEmpty(source))) return null;
    landed.set(path, number);
  }
  return [...landed];
}

/** When the time alone makes something due; null: never. */
function endOf({ nodes, changes }: Planned, now: number): number | null {
  let end = Infinity;
  for (const node of nodes) {
    if (node.resourceType === "seed") continue;
    if (node.resourceType === "model" && isMicrobatch(node)) {
      const size = node.config.batch_size;
      end = Math.min(end, moveBatches(batchStart(now, size), size, 1));
    }
    const { changed } = node.config;
    const record = changes.records.get(node.uniqueId);
    if (typeof changed === "object" && record)
      end = Math.min(end, record.builtAt + millisecondsOf(changed.every));
  }
  return end === Infinity ? null : end;
}
