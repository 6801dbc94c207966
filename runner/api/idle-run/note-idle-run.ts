import { join } from "node:path";
import { publishedPath } from "../../adapters/publish.ts";
import { runResultsEnds } from "../../artifacts/run-results-frame.ts";
import { LIST } from "../../artifacts/sql-folder.ts";
import { sqlPath } from "../../artifacts/sql-paths.ts";
import { millisecondsOf } from "../../base/instants.ts";
import type { RunResults } from "../../execute/results.ts";
import { batchStart, moveBatches } from "../../plan/microbatch/batches.ts";
import { isMicrobatch } from "../../plan/microbatch/plan-microbatch.ts";
import { isSameEachRun } from "../../plan/steady.ts";
import { logSizes } from "../../project/batch-log-files.ts";
import { vintagesPath } from "../../project/landing.ts";
import type { BuildOptions } from "../build-options.ts";
import type { OpenProject } from "../open-project.ts";
import { numberOf } from "../parse-cache/kept-manifest.ts";
import { hashOfEnv } from "../parse-cache/recorded-env.ts";
import { newMark } from "../parse-cache/store.ts";
import { filesOf } from "../plan-changes.ts";
import type { Prepared } from "../prepare-build.ts";
import { positionsOf } from "../record-run.ts";
import { callOf, settledNumberOf, writeIdle, writeIdleResults } from "./idle-note.ts";

export type IdleRun = {
  readonly prepared: Prepared;
  readonly run: RunResults;
  /** Whether a person was told anything but how it ended. */
  readonly isWarned: boolean;
};

/** Notes a run that found nothing to do, for the next one of the same call, where all that decided it can be looked at again. */
export async function noteIdleRun(
  open: OpenProject,
  options: BuildOptions,
  { prepared, run, isWarned }: IdleRun,
): Promise<void> {
  const { project, parsed, keptFolder, targetFolder, kept, effects } = open;
  const { target } = project;
  const stamp = prepared.idleAt;
  if (stamp === null || isWarned) return;
  const said = await prepared.saved;
  const identity = kept.identity();
  if (said === undefined || identity === undefined) return;
  if (keptFolder === undefined || target.type !== "duckdb" || run.results.length === 0) return;
  if (prepared.facts.unsettled.length > 0) return;
  if (!isToldToNobody(open) || !isTheProjectsOwn(open) || !isSameEachRun(parsed)) return;
  const call = callOf({ root: project.root, command: run.command, args: run.args });
  const from = Date.parse(open.startedAt);
  const landed = landedOf(open, from);
  const logs = logSizes(project.landing);
  const positions = positionsOf(prepared.facts.logPositions);
  if (logs.some(([name, bytes]) => positions.get(name) !== bytes)) return;
  const list = numberOf(join(targetFolder, "compiled", LIST));
  const results = numberOf(join(targetFolder, "run_results.json"));
  const env = open.askedEnv();
  if (call === undefined || call !== options.call || landed === null || env === undefined) return;
  if (list === undefined || results === undefined) return;
  const mark = newMark();
  const [head, tail] = runResultsEnds(run, open.customEnv).map((text) => Buffer.byteLength(text));
  try {
    writeIdle(keptFolder, {
      mark,
      call,
      project: identity,
      env,
      envHash: hashOfEnv(effects.env, env),
      from,
      until: endOf(prepared, from),
      warehouse: { path: target.path, stamp, publish: publishedPath(target) ?? null },
      externals: prepared.nodes.flatMap((node) => filesOf(open, node) ?? []),
      landing: project.landing,
      landed,
      logs,
      sql: {
        list,
        files: Array.from(prepared.compiled.keys(), (id) => sqlPath(parsed.graph.nodes.get(id)!)),
      },
      manifest: { said, projectName: parsed.graph.projectName, adapterType: target.type },
      count: run.results.length,
    });
    writeIdleResults(keptFolder, { of: mark, file: results, head: head!, tail: tail! });
  } catch (error) {
    // A full disk, or a folder that may not be written: the next run looks at everything.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
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

/** Lists of editions of all sources that land; null: something landed just now. */
function landedOf(
  { project, parsed }: OpenProject,
  at: number,
): [path: string, number: string | null][] | null {
  const paths = new Set<string>();
  for (const { landing, sourceName, identifier } of parsed.graph.sources.values())
    if (landing) paths.add(vintagesPath(project.landing, sourceName, identifier));
  const landed: [string, string | null][] = [];
  for (const path of paths) {
    const number = settledNumberOf(path, at);
    if (number === undefined) return null;
    landed.push([path, number]);
  }
  return landed;
}

/** When the time alone makes something due; null: never. */
function endOf({ nodes, changes }: Prepared, now: number): number | null {
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
