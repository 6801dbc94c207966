import { nameOfId } from "../../graph/node-by-id.ts";
import type { Effects } from "../../base/effects.ts";
import { redacting } from "../../base/secrets.ts";
import type { FreshnessResult, NodeResult } from "../../execute/results.ts";
import type { RunEvent } from "../../execute/run-event.ts";
import type { Graph } from "../../graph/types.ts";
import { freshnessLine, freshnessSummary } from "./freshness-lines.ts";
import { jsonEvent } from "../../execute/json-event.ts";
import { createLiveBar } from "./live-bar.ts";
import { batchLine, nodeLine, runSummary } from "./node-lines.ts";
import { warn } from "./warn.ts";
import { paintFor } from "../../base/paint.ts";
import type { Paint } from "../../base/paint.ts";

export type PrinterArgs = {
  readonly quiet: boolean;
  readonly "log-format": "text" | "json";
  readonly output: "text" | "json";
};
export type Printer<Result> = {
  readonly onEvent: (event: RunEvent<Result>) => void;
  readonly close: () => void;
};

/** How a kind of result becomes lines; `null`: nothing to say when quiet. */
export type Lines<Result> = {
  readonly line: (
    graph: Graph,
    event: { readonly result: Result; readonly index: number; readonly total: number },
    paint: Paint,
  ) => string;
  readonly failed: (result: Result) => boolean;
  /** Whether a line is due at all. */
  readonly shown: (result: Result) => boolean;
  readonly summary: (graph: Graph, results: readonly Result[], elapsed: number, paint: Paint) => string;
};

/** For build, run, test and seed. */
export const createPrinter = (effects: Effects, args: PrinterArgs, graph: Graph): Printer<NodeResult> =>
  printerOf(effects, args, graph, {
    line: nodeLine,
    failed: ({ status }) => status === "error" || status === "fail" || status === "partial success",
    shown: ({ status }) => status !== "reused",
    summary: runSummary,
  });

/** For source freshness. */
export const createFreshnessPrinter = (
  effects: Effects,
  args: PrinterArgs,
  graph: Graph,
): Printer<FreshnessResult> =>
  printerOf(effects, args, graph, {
    line: freshnessLine,
    failed: ({ status }) => status !== "pass" && status !== "warn",
    shown: () => true,
    summary: freshnessSummary,
  });

/**
 * One place decides who is told what: lines on standard output for people, a JSON object a line when asked, nothing but what went
 * wrong when quiet. With `--output json` standard output belongs to the results, and lines go to standard error.
 */
function printerOf<Result extends NodeResult | FreshnessResult>(
  effects: Effects,
  args: PrinterArgs,
  graph: Graph,
  lines: Lines<Result>,
): Printer<Result> {
  if (args["log-format"] === "json") {
    const sink = args.output === "json" ? effects.stderr : redacting(effects.stdout);
    let invocationId: string | undefined;
    return {
      onEvent(event) {
        if (event.kind === "run-started") ({ invocationId } = event);
        sink.write(jsonEvent(event, effects.now(), invocationId));
      },
      close: () => undefined,
    };
  }
  const sink = args.output === "json" ? effects.stderr : redacting(effects.stdout);
  const paint = paintFor(effects, sink);
  const bar = createLiveBar(effects);
  /** With the batch that a node is at, where it is built in batches. */
  const running = new Map<string, string>();
  let [done, total] = [0, 0];
  const say = (text: string): void => {
    bar.clear();
    sink.write(`${text}\n`);
  };
  return {
    onEvent(event) {
      switch (event.kind) {
        case "run-started":
          return;
        case "node-started":
          running.set(event.uniqueId, "");
          break;
        case "batch-started":
          running.set(event.uniqueId, ` (batch ${event.index} of ${event.total})`);
          break;
        case "batch-finished":
          if (!args.quiet) say(batchLine(graph, event, total, paint));
          return;
        case "node-finished":
          running.delete(event.uniqueId);
          done++;
          if (lines.shown(event.result) && (!args.quiet || lines.failed(event.result)))
            say(lines.line(graph, { ...event, index: done }, paint));
          break;
        case "warning":
          bar.clear();
          warn(effects, [event], args);
          return;
        case "run-finished":
          bar.close();
          if (!args.quiet)
            sink.write(`\n${lines.summary(graph, event.results, event.run.elapsedTime, paint)}\n`);
          return;
      }
      if (event.kind !== "batch-started") ({ total } = event);
      bar.update({
        done,
        total,
        running: Array.from(running, ([id, batch]) => nameOfId(graph, id) + batch),
      });
    },
    close: () => bar.close(),
  };
}
