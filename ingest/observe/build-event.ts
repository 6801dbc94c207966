import { isObject } from "../../runner/base/json.ts";

/** What the scheduler hears of a `models` command that it has started. */
export type BuildEvent =
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
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(value) || value["event"] !== "node-finished" || typeof value["uniqueId"] !== "string")
    return null;
  const result = isObject(value["result"]) ? value["result"] : {};
  const [resourceType = "", , ...name] = value["uniqueId"].split(".");
  const number = (found: unknown): number | null => (typeof found === "number" ? found : null);
  return {
    kind: "node",
    resourceType,
    node: name.join("."),
    status: typeof result["status"] === "string" ? result["status"] : "unknown",
    seconds: number(result["executionTime"]) ?? 0,
    rows: number(result["rows"]),
  };
}
