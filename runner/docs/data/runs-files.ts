import type { PastResult } from "../observed.ts";
import { alertSpans } from "./alert-spans.ts";
import { criticalPath } from "./critical-path.ts";
import { groupBy } from "../../base/group-by.ts";
import { median } from "../../base/median.ts";
import type { SiteModel } from "./site-model.ts";
import { inThreads, oneAfterTheOther } from "./threads.ts";
import type { RunDetail, RunSpan, RunSummary, RunsData, SlowNode, TestRow, TestsData } from "./runs-types.ts";
import type { PastBuild } from "./types.ts";

/** Runs with a picture of their own, spans of one, and nodes in the list of the slowest. */
const MOST = { detailed: 15, spans: 4000, slowest: 25, alerts: 300, past: 20 };

/** `runs`, `run-0` … and `tests`. */
export function runsFiles(model: SiteModel): Map<string, RunsData | RunDetail | TestsData> {
  const history = model.artifacts.observed?.history;
  const files = new Map<string, RunsData | RunDetail | TestsData>([["tests", testsFile(model)]]);
  if (history === undefined || history.runs.length === 0) return files;
  const byRun = groupBy(history.results, ({ run }) => run);
  const detailed = history.runs.filter(({ id }) => byRun.has(id)).slice(0, MOST.detailed);
  for (const [place, run] of detailed.entries())
    files.set(`run-${place}`, runDetail(model, run, byRun.get(run.id)!));
  files.set("runs", {
    runs: history.runs,
    detailed: detailed.map(({ id }) => id),
    slowest: slowestOf(model),
    alerts: alertSpans(model, history).slice(0, MOST.alerts),
    batches: history.batches,
  });
  return files;
}

function runDetail(model: SiteModel, run: RunSummary, results: readonly PastResult[]): RunDetail {
  const begin = Date.parse(run.at);
  const shown = results
    .toSorted((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0))
    .slice(0, MOST.spans)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  // The history does not say which thread did what; the artifact of the last run does.
  const { runResults } = model.artifacts;
  const isArtifact = runResults?.metadata.invocation_id === run.id;
  const known = new Map(
    isArtifact ? runResults.results.map((result) => [result.unique_id, result.thread_id]) : [],
  );
  const timed = oneAfterTheOther(
    shown.map(({ id, at, seconds }) => ({
      id,
      start: Math.max(0, (Date.parse(at) - begin) / 1000),
      seconds: seconds ?? 0,
    })),
    ({ id }) => known.get(id),
  );
  const names = [...new Set(known.values())].toSorted();
  const free = isArtifact ? [] : inThreads(timed);
  const threads = timed.map(({ id }, i) =>
    isArtifact ? Math.max(0, names.indexOf(known.get(id) ?? "")) : free[i]!,
  );
  const spans = shown.map(({ id, status, word, rows }, i): RunSpan => {
    const { name, kind } = model.linkTo(id);
    const { start, seconds } = timed[i]!;
    return { id, name, kind, status, word, start, seconds, rows, thread: threads[i]! };
  });
  return {
    run,
    spans,
    threads: Math.max(0, ...threads) + 1,
    critical: criticalPath(spans, waitsFor(model)),
  };
}

/** What a build waits for before a node: its parents with their tests, and its own unit tests; a test waits for what it reads. */
const waitsFor =
  (model: SiteModel) =>
  (id: string): readonly string[] => {
    const test = model.tests.get(id);
    if (test !== undefined) return test.resource_type === "unit_test" ? [] : test.depends_on.nodes;
    const testsOf = (node: string, isUnit: boolean): string[] =>
      model
        .testsOf(node)
        .filter(({ resource_type: type }) => (type === "unit_test") === isUnit)
        .map(({ unique_id: each }) => each);
    return [
      ...model.parentsOf(id).flatMap((parent) => [parent, ...testsOf(parent, false)]),
      ...testsOf(id, true),
    ];
  };

function slowestOf(model: SiteModel): SlowNode[] {
  return model.nodes
    .flatMap(({ unique_id: id }) => {
      const builds = model.historyOf(id).filter(({ seconds }) => seconds !== null);
      const usual = median(builds.map(({ seconds }) => seconds!));
      return usual === undefined
        ? []
        : [{ id, median: usual, builds: builds.slice(-MOST.past).map(pastBuild) }];
    })
    .toSorted((a, b) => b.median - a.median)
    .slice(0, MOST.slowest)
    .map(({ id, ...rest }) => ({ ...model.linkTo(id), ...rest }));
}

export const pastBuild = ({ run, at, status, seconds, rows }: PastResult): PastBuild => ({
  run,
  at,
  status,
  seconds,
  rows,
});

const testsFile = (model: SiteModel): TestsData => ({
  tests: Array.from(model.tests.values(), (test): TestRow => {
    const { unique_id: id } = test;
    const of = test.attached_node ?? test.depends_on.nodes[0];
    const { status, word } = model.outcomeOf(id);
    return {
      id,
      name: test.test_metadata?.name ?? test.name,
      column: test.column_name ?? null,
      of: of === undefined ? null : model.linkTo(of),
      status,
      word,
      failures: model.failuresOf(id) ?? null,
      past: model
        .historyOf(id)
        .slice(-MOST.past)
        .map((past) => ({ at: past.at, status: past.status, failures: past.failures })),
    };
  }),
});
