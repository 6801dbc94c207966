import { Counter, Gauge, Histogram } from "prom-client";
import type { Registry } from "prom-client";

/** What became of a node, or of the whole of it. */
export type RunMetricEvent =
  | {
      readonly kind: "node";
      /** `model`, `test`, `seed`, `snapshot` */
      readonly resourceType: string;
      readonly node: string;
      readonly status: string;
      readonly seconds: number;
      readonly rows: number | null;
    }
  | {
      readonly kind: "ended";
      readonly outcome: "success" | "failed" | "broken" | "stopped";
      readonly seconds: number;
    };

/** A node's result as metrics count it. */
export function nodeMetric(
  uniqueId: string,
  facts: Pick<Extract<RunMetricEvent, { readonly kind: "node" }>, "status" | "seconds" | "rows">,
): RunMetricEvent & { readonly kind: "node" } {
  const [resourceType = "", , ...name] = uniqueId.split(".");
  return { kind: "node", resourceType, node: name.join("."), ...facts };
}

/** In seconds. */
export const DURATIONS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];

/** Counts what runs do, under names that `ingest schedule` and `models docs serve --api` share; the answer is whom to tell. */
export function runMetrics(registry: Registry): (event: RunMetricEvent) => void {
  const registers = [registry];
  const labelNames = ["resource_type", "node"];
  const results = new Counter({
    name: "statloom_node_results_total",
    help: "Models, seeds, snapshots and tests by how they ended.",
    labelNames: [...labelNames, "status"],
    registers,
  });
  const nodeSeconds = new Counter({
    name: "statloom_node_seconds_total",
    help: "Time spent on a node.",
    labelNames,
    registers,
  });
  const lastSeconds = new Gauge({
    name: "statloom_node_last_seconds",
    help: "Time that a node took last.",
    labelNames,
    registers,
  });
  const lastRows = new Gauge({
    name: "statloom_node_last_rows",
    help: "Rows that a node gave last.",
    labelNames,
    registers,
  });
  const builds = new Counter({
    name: "statloom_builds_total",
    help: "Builds by how they ended.",
    labelNames: ["outcome"],
    registers,
  });
  const buildSeconds = new Histogram({
    name: "statloom_build_duration_seconds",
    help: "Time of a build.",
    buckets: DURATIONS,
    registers,
  });
  return (event) => {
    if (event.kind === "ended") {
      builds.inc({ outcome: event.outcome });
      buildSeconds.observe(event.seconds);
      return;
    }
    const labels = { resource_type: event.resourceType, node: event.node };
    results.inc({ ...labels, status: event.status });
    if (event.status === "skipped") return;
    nodeSeconds.inc(labels, event.seconds);
    lastSeconds.set(labels, event.seconds);
    if (event.rows !== null) lastRows.set(labels, event.rows);
  };
}
