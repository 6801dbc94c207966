import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import * as z from "zod";

const schema = z.object({
  metadata: z.object({ generated_at: z.string() }),
  elapsed_time: z.number(),
  results: z.array(z.object({ status: z.string() })),
});

/** What the last run left in `run_results.json`, whoever ran it; read when somebody asks. */
export function lastRunMetrics(registry: Registry, targetFolder: string): void {
  const registers = [registry];
  const read = (): z.infer<typeof schema> | null => {
    try {
      return schema.parse(JSON.parse(readFileSync(join(targetFolder, "run_results.json"), "utf8")));
    } catch {
      return null; // there was none, or it is being written by another version
    }
  };
  // Registered first, so that it looks for the other two as well.
  const ended = new Gauge({
    name: "statloom_last_run_timestamp_seconds",
    help: "When the last run ended; 0: there was none.",
    registers,
    collect() {
      const run = read();
      nodes.reset();
      duration.set(run?.elapsed_time ?? 0);
      ended.set(run === null ? 0 : Date.parse(run.metadata.generated_at) / 1000);
      for (const { status } of run?.results ?? []) nodes.inc({ status });
    },
  });
  const nodes = new Gauge({
    name: "statloom_last_run_nodes",
    help: "Nodes of the last run by how they ended.",
    labelNames: ["status"],
    registers,
  });
  const duration = new Gauge({
    name: "statloom_last_run_duration_seconds",
    help: "Time of the last run.",
    registers,
  });
}
