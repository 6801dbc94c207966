import { isObject, parseJson } from "../../runner/base/json.ts";
import { nodeMetric } from "../../runner/observe/run-metrics.ts";
import type { RunMetricEvent } from "../../runner/observe/run-metrics.ts";

/** What the scheduler hears of a `models` command that it has started. */
export type BuildEvent =
  | Extract<RunMetricEvent, { readonly kind: "node" }>
  | {
      readonly kind: "ended";
      /** `failed`: it ran, and something in it failed. `broken`: it came to nothing. */
      readonly outcome: "success" | "failed" | "broken" | "stopped";
      readonly seconds: number;
      /** Nodes that could not be built; tests that failed are not among them. */
      readonly errors: number;
      readonly message: string | null;
      /** It did not end by itself, or did not begin. */
      readonly isCrash: boolean;
    };

/** A line of `models … --log-format json` about a node that is finished; null for all others. */
export function nodeEvent(line: string): Extract<BuildEvent, { kind: "node" }> | null {
  const value = parseJson(line);
  if (!isObject(value) || value["event"] !== "node-finished" || typeof value["uniqueId"] !== "string")
    return null;
  const result = isObject(value["result"]) ? value["result"] : {};
  const number = (found: unknown): number | null => (typeof found === "number" ? found : null);
  return nodeMetric(value["uniqueId"], {
    status: typeof result["status"] === "string" ? result["status"] : "unknown",
    seconds: number(result["executionTime"]) ?? 0,
    rows: number(result["rows"]),
  });
}
