import { hostname } from "node:os";
import { UsageError } from "../../runner/base/errors.ts";
import { formatTable, plural } from "../../runner/base/text.ts";
import { readVintages } from "../../runner/project/landing.ts";
import type { MetricSources, Metrics } from "../observe/metrics.ts";
import type { MetricsServer } from "../observe/serve-metrics.ts";
import { dueAt } from "../schedule/plan.ts";
import { openWorld } from "../schedule/real-world.ts";
import type { RealWorld } from "../schedule/real-world.ts";
import { runSchedule } from "../schedule/run-schedule.ts";
import { memoryOf, readScheduleState } from "../schedule/schedule-state.ts";
import { asOnlyScheduler } from "../schedule/scheduler-lock.ts";
import { nextRun } from "../schedule/tasks.ts";
import type { Configured } from "../sync/configured.ts";
import { readDatasetState } from "../state/dataset-state.ts";
import { instantText } from "../landing/vintage-id.ts";
import type { IngestEffects } from "./effects.ts";
import { createReporter } from "./reporter.ts";
import type { Reporter } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import type { ShowOptions } from "./show-landed.ts";
import { createSyncPrinter } from "./sync-printer.ts";
import { tellModels, tellSchedule } from "./schedule-log.ts";

export type ScheduleCommand = ShowOptions & {
  readonly list: boolean;
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  readonly lookEverySeconds: number;
  readonly maxBytes: number;
};

/** `ingest schedule`: stays up until it is told to stop. */
export async function schedule(options: ScheduleCommand, effects: IngestEffects): Promise<number> {
  if (options.landing !== undefined && options.projectDir === undefined)
    throw new UsageError("PROJECT_MISSING", "the scheduler needs a project", "name it with --project-dir");
  const reporter = createReporter(effects, options);
  const printer = createSyncPrinter(effects, reporter, options);
  let metrics: Metrics | undefined;
  const world = await openWorld({
    effects,
    readSettings: () => readSettings(effects, options),
    modelsWords: options.target === undefined ? [] : ["--target", options.target],
    maxBytes: options.maxBytes,
    onSync(event) {
      printer.show(event);
      metrics?.onSync(event);
    },
    onBuild: (event) => metrics?.onBuild(event),
    onModelsLog: (line) => tellModels(line, reporter),
    onSchedule(event) {
      printer.clear();
      tellSchedule(event, reporter);
      if (event.kind === "task-finished") metrics?.onTask(event.task, event.outcome);
    },
    onUnsent(messages) {
      metrics?.onAlertsUnsent(messages.length);
      for (const message of messages) reporter.warn(message, { code: "ALERT_NOT_SENT" });
    },
  });
  try {
    if (options.list) return await listRuns(world, effects, reporter);
    return await stayUp(world, options, effects, reporter, (made) => (metrics = made));
  } finally {
    printer.clear();
    await world.close();
  }
}

async function stayUp(
  world: RealWorld,
  options: ScheduleCommand,
  effects: IngestEffects,
  reporter: Reporter,
  use: (metrics: Metrics) => void,
): Promise<number> {
  const { landing } = world.settings();
  const { signal } = effects;
  let server: MetricsServer | undefined;
  let isReady = false;
  const known = await world.configured();
  return asOnlyScheduler(landing, async () => {
    try {
      if (options.metricsPort !== undefined) {
        const [{ createMetrics }, { serveMetrics }] = await Promise.all([
          import("../observe/metrics.ts"),
          import("../observe/serve-metrics.ts"),
        ]);
        const made = createMetrics(sourcesOf(world, known));
        use(made);
        const place = { host: options.metricsHost, port: options.metricsPort };
        server = await serveMetrics(place, made, {
          live: () => null,
          ready: () => (signal.aborted ? "stopping" : isReady ? null : "starting"),
        });
        reporter.event("metrics", `metrics at ${server.url}/metrics`, { url: `${server.url}/metrics` });
      }
      const begun = `${plural(known.length, "dataset")} of ${plural(new Set(known.map(({ publisher }) => publisher)).size, "publisher")}; process ${process.pid}`;
      reporter.event("schedule-started", `watching ${begun}`, {
        datasets: known.length,
        pid: process.pid,
        host: hostname(),
      });
      isReady = true;
      await runSchedule(world, { landing, lookEveryMs: options.lookEverySeconds * 1000, signal });
      reporter.event("schedule-stopped", "stopped; nothing half-made was left", {});
      return 0;
    } finally {
      await server?.close();
    }
  });
}

/** What the gauges show, as it is when somebody asks. */
function sourcesOf(world: RealWorld, configured: readonly Configured[]): MetricSources {
  let known = configured;
  const seconds = (instant: string | null | undefined): number | null =>
    instant ? Date.parse(instant) / 1000 : null;
  return {
    now: () => world.now(),
    datasets() {
      void world.configured().then(
        (found) => (known = found),
        () => undefined,
      );
      const { landing } = world.settings();
      const now = instantText(world.now());
      return known.map((item) => {
        const { publisher, dataset } = item;
        const state = readDatasetState(landing, publisher, dataset);
        const due = dueAt(landing, item, now);
        return {
          publisher,
          dataset,
          landedAt: seconds(readVintages(landing, publisher, dataset).at(-1)?.extracted_at),
          checkedAt: seconds(state.succeeded),
          isDue: due !== null && due <= now,
          isDead: state.failure?.dead ?? false,
        };
      });
    },
    tasks() {
      const state = readScheduleState(world.settings().landing);
      return world.knownTasks().map((task) => {
        const memory = memoryOf(state, task.name);
        return {
          task: task.name,
          lastAt: seconds(memory?.started),
          nextAt: seconds(nextRun(task, memory, world.now())?.toISOString()),
          isRunning: memory?.started !== undefined && memory.started !== null && memory.finished === null,
        };
      });
    },
  };
}

async function listRuns(world: RealWorld, effects: IngestEffects, reporter: Reporter): Promise<number> {
  const tasks = await world.tasks();
  const state = readScheduleState(world.settings().landing);
  const now = effects.now();
  const runs = tasks
    .map((task) => {
      const memory = memoryOf(state, task.name);
      return {
        task: task.name,
        pattern: task.pattern,
        time_zone: task.timeZone,
        last: memory?.started ?? null,
        outcome: memory?.outcome ?? null,
        next: nextRun(task, memory, now)?.toISOString() ?? null,
      };
    })
    .toSorted((a, b) => ((a.next ?? "~") < (b.next ?? "~") ? -1 : 1));
  const rows = runs.map(({ task, pattern, last, outcome, next }) => [
    task,
    pattern,
    last,
    outcome,
    next !== null && next <= now.toISOString() ? "now" : next,
  ]);
  const zone = world.settings().schedule.time_zone;
  const text =
    rows.length === 0
      ? "the project watches nothing: see ingest.datasets in sql_project.yaml"
      : `${formatTable(["task", "pattern", "last run", "outcome", "next run"], rows)}\npatterns are in ${zone}, times in UTC`;
  reporter.result(text, runs);
  return 0;
}
