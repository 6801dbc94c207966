import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { DURATIONS, runMetrics } from "../../runner/observe/run-metrics.ts";
import { isEnd } from "../sync/events.ts";
import type { SyncEvent } from "../sync/events.ts";
import type { BuildEvent } from "./build-event.ts";

/** What is asked for when somebody looks, not when it happens. Seconds since 1970; null: never. */
export type MetricSources = {
  datasets(): readonly {
    readonly publisher: string;
    readonly dataset: string;
    /** When the newest edition was landed, and when the publisher was last asked with success. */
    readonly landedAt: number | null;
    readonly checkedAt: number | null;
    readonly isDue: boolean;
    readonly isDead: boolean;
  }[];
  tasks(): readonly {
    readonly task: string;
    readonly lastAt: number | null;
    readonly nextAt: number | null;
    readonly isRunning: boolean;
  }[];
  now(): Date;
};

export type Metrics = {
  readonly contentType: string;
  text(): Promise<string>;
  /** Names of all metrics, as a scrape shows them. */
  names(): string[];
  onSync(event: SyncEvent): void;
  onBuild(event: BuildEvent): void;
  onTask(task: string, outcome: "ok" | "failed"): void;
  onAlertsUnsent(count: number): void;
};

const OF_DATASET = ["publisher", "dataset"];

/** https://prometheus.io/docs/practices/naming/: base units, totals end in _total. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = OF_DATASET): Counter =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    collect?: (gauge: Gauge) => void,
  ): Gauge => {
    const made: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers,
      ...(collect && {
        collect: () => {
          made.reset();
          collect(made);
        },
      }),
    });
    return made;
  };
  collectDefaultMetrics({ register: registry });
  const rows = counter("statloom_ingest_rows_total", "Rows landed.");
  const bytes = counter("statloom_ingest_bytes_total", "Bytes received from publishers.");
  const seconds = counter("statloom_ingest_seconds_total", "Time spent on a dataset.");
  const outcomes = counter("statloom_ingest_outcomes_total", "Attempts by how they ended.", [
    ...OF_DATASET,
    "outcome",
  ]);
  const failures = counter("statloom_ingest_failures_total", "Attempts that failed, by code.", [
    ...OF_DATASET,
    "code",
  ]);
  const retries = counter("statloom_ingest_retries_total", "Requests that were repeated.");
  const rejected = counter("statloom_ingest_rejected_cells_total", "Cells that could not be landed.");
  const duration = new Histogram({
    name: "statloom_ingest_duration_seconds",
    help: "Time from the first question to the landed edition.",
    labelNames: ["publisher", "outcome"],
    buckets: DURATIONS,
    registers,
  });
  const onBuild = runMetrics(registry);
  const taskRuns = counter("statloom_task_runs_total", "Tasks of the scheduler by how they ended.", [
    "task",
    "outcome",
  ]);
  const unsent = counter("statloom_alerts_unsent_total", "Alerts that a channel did not take.", []);
  const age = (pick: "landedAt" | "checkedAt") => (made: Gauge) => {
    const now = sources.now().getTime() / 1000;
    for (const one of sources.datasets())
      if (one[pick] !== null) made.set({ publisher: one.publisher, dataset: one.dataset }, now - one[pick]);
  };
  const flag = (pick: "isDue" | "isDead") => (made: Gauge) => {
    for (const one of sources.datasets())
      made.set({ publisher: one.publisher, dataset: one.dataset }, one[pick] ? 1 : 0);
  };
  gauge("statloom_dataset_age_seconds", "Time since the newest edition landed.", OF_DATASET, age("landedAt"));
  gauge(
    "statloom_dataset_checked_age_seconds",
    "Time since the publisher was last asked with success.",
    OF_DATASET,
    age("checkedAt"),
  );
  gauge("statloom_dataset_due", "1 while a dataset waits to be fetched.", OF_DATASET, flag("isDue"));
  gauge("statloom_dataset_dead", "1 while a dataset is given up.", OF_DATASET, flag("isDead"));
  gauge("statloom_task_running", "1 while a task of the scheduler runs.", ["task"], (made) => {
    for (const { task, isRunning } of sources.tasks()) made.set({ task }, isRunning ? 1 : 0);
  });
  for (const [name, help, pick] of [
    ["statloom_task_last_run_timestamp_seconds", "When a task ran last.", "lastAt"],
    ["statloom_task_next_run_timestamp_seconds", "When a task runs next.", "nextAt"],
  ] as const)
    gauge(name, help, ["task"], (made) => {
      for (const one of sources.tasks()) if (one[pick] !== null) made.set({ task: one.task }, one[pick]);
    });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    names: () =>
      registry
        .getMetricsAsArray()
        .flatMap(({ name, type }) =>
          String(type) === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
        ),
    onSync(event) {
      const { publisher, dataset } = event;
      const labels = { publisher, dataset };
      if (!isEnd(event) || event.kind === "skipped") return;
      outcomes.inc({ ...labels, outcome: event.kind });
      bytes.inc(labels, event.bytes);
      seconds.inc(labels, event.seconds);
      retries.inc(labels, event.retries);
      duration.observe({ publisher, outcome: event.kind }, event.seconds);
      if (event.kind === "failed") failures.inc({ ...labels, code: event.code });
      if (event.kind === "landed") rows.inc(labels, event.rows);
      if (event.kind === "landed" || event.kind === "held") rejected.inc(labels, event.rejected);
    },
    onBuild,
    onTask: (task, outcome) => taskRuns.inc({ task, outcome }),
    onAlertsUnsent: (count) => unsent.inc(count),
  };
}
