import type { LogEventName, LogFacts } from "./log-events.ts";
import type { RunEvent } from "./run-event.ts";
import type { FreshnessResult, NodeResult } from "./results.ts";

/** One line of `--log-format json`. */
export const jsonLine = <E extends LogEventName>(event: E, now: Date, facts: LogFacts[E]): string =>
  `${JSON.stringify({ event, at: now.toISOString(), ...facts })}\n`;

/** An event as `--log-format json` prints it; every line names its run. SQL is left out: it is in `target/`. */
export function jsonEvent<Result extends NodeResult | FreshnessResult>(
  event: RunEvent<Result>,
  now: Date,
  invocationId?: string,
): string {
  // Events of nodes come after the one that names the run.
  const named = { invocationId: invocationId ?? "" };
  switch (event.kind) {
    case "run-started": {
      const { kind, ...facts } = event;
      return jsonLine(kind, now, facts);
    }
    case "node-started": {
      const { kind, ...facts } = event;
      return jsonLine(kind, now, { ...named, ...facts });
    }
    case "batch-started": {
      const { kind, ...facts } = event;
      return jsonLine(kind, now, { ...named, ...facts });
    }
    case "batch-finished": {
      const { kind, ...facts } = event;
      return jsonLine(kind, now, { ...named, ...facts });
    }
    case "node-finished": {
      const { kind, result, ...facts } = event;
      const { compiledCode: _sql, ...shown } = result as NodeResult & FreshnessResult;
      return jsonLine(kind, now, {
        ...named,
        ...facts,
        result: shown,
      } as unknown as LogFacts["node-finished"]);
    }
    case "run-finished": {
      const { kind, run, results } = event;
      return jsonLine(kind, now, { ...named, run, results: results.length });
    }
    case "warning": {
      const { kind, ...facts } = event;
      return jsonLine(kind, now, { ...(invocationId !== undefined && { invocationId }), ...facts });
    }
  }
}
