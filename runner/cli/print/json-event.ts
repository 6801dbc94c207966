import type { RunEvent } from "../../execute/run-event.ts";

/** An event as `--log-format json` prints it; names are stable. SQL is left out: it is in `target/`. */
export function jsonEvent<Result>(event: RunEvent<Result>, now: Date): Record<string, unknown> {
  const { kind, ...facts } = event;
  const line: Record<string, unknown> = { event: kind, at: now.toISOString(), ...facts };
  if (event.kind === "node-finished") line["result"] = { ...event.result, compiledCode: undefined };
  if (event.kind === "run-finished") line["results"] = event.results.length;
  return line;
}
