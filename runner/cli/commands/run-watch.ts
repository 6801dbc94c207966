import { watchProject } from "../../api/watch-project.ts";
import { paintFor } from "../../base/paint.ts";
import { plural, printable } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import { openOptions } from "../open.ts";
import { selectionOf } from "../options.ts";
import { jsonLine } from "../../execute/json-event.ts";
import type { LogEventName, LogFacts } from "../../execute/log-events.ts";
import { createPrinter } from "../print/printer.ts";
import type { Printer } from "../print/printer.ts";
import { reportError } from "../report-error.ts";
import type { NodeResult } from "../../execute/results.ts";
import type { WatchArgs } from "./watch.ts";

/** Seconds to wait for a warehouse that somebody else has open: another save may come, and asks again. */
const LOCK_TIMEOUT = 30;

export async function runWatch(args: WatchArgs, { effects, signal }: CommandContext): Promise<0> {
  const { stdout } = effects;
  const paint = paintFor(effects, stdout);
  const isJson = args["log-format"] === "json";
  let printer: Printer<NodeResult> | undefined;
  const say = <E extends LogEventName>(event: E, text: string, facts: LogFacts[E]): void => {
    if (isJson) stdout.write(jsonLine(event, effects.now(), facts));
    else if (!args.quiet) stdout.write(`${text}\n`);
  };
  await watchProject(openOptions(args), effects, {
    command: args["without-tests"] ? "run" : "build",
    ...selectionOf(args),
    threads: args.threads,
    lockTimeout: LOCK_TIMEOUT,
    only: args.only,
    signal,
    tell: {
      ready: (open) =>
        say("watching", paint.dim(`watching ${open?.project.root ?? "the project"}; Ctrl-C ends it`), {
          root: open?.project.root ?? null,
        }),
      changed(open, files, { ids, gone }) {
        const names = [...files].toSorted();
        const shown = names.length > 3 ? `${names.slice(0, 3).join(", ")} …` : names.join(", ");
        const what = ids.size === 0 ? "nothing to build" : plural(ids.size, "node");
        const text = `\n${paint.bold(printable(shown))} saved: ${what}`;
        const left = gone.map(({ name }) => `\n  "${printable(name)}" is gone; what was built of it stays`);
        say("files-changed", text + left.join(""), {
          files: names,
          nodes: [...ids],
          gone: gone.map(({ uniqueId }) => uniqueId),
        });
        printer = createPrinter(effects, { ...args, output: "text" }, open.parsed.graph);
        return printer.onEvent;
      },
      built({ results, elapsedTime }) {
        printer?.close();
        // The warehouse is closed again: who waits for that hears of it.
        if (isJson)
          stdout.write(jsonLine("files-built", effects.now(), { nodes: results.length, elapsedTime }));
      },
      failed(error) {
        printer?.close();
        if (!signal.aborted) reportError(error, effects, args["log-format"]);
      },
    },
  });
  return 0;
}
