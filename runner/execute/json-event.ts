import type { RunEvent } from "./run-event.ts";

/** One line of `--log-format json`. */
export const jsonLine = (event: string, now: Date, facts: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ event, at: now.toISOString(), ...facts })}\n`;

/** An event as `--log-format json` prints it; names are stable, and every line names its run. SQL is left out: it is in `target/`. */
export function jsonEvent<Result>(event: RunEvent<Result>, now: Date, invocationId?: string): string {
  const { kind, ...facts } = event;
  const line: Record<string, unknown> = { invocationId, ...facts };
  if (event.kind === "node-finished") line["result"] = { ...event.result, compiledCode: undefined };
  if (event.kind === "run-finished") line["results"] = event.results.length;
  return jsonLine(kind, now, line);
}
