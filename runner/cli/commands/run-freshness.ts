import { sourceFreshness } from "../../api/source-freshness.ts";
import { sources } from "../../artifacts/sources.ts";
import type { CommandContext } from "../command.ts";
import { givenArgs } from "../given-args.ts";
import { openFrom, withAlerts } from "../open.ts";
import { selectionOf } from "../options.ts";
import { createFreshnessPrinter } from "../print/printer.ts";
import type { FreshnessArgs } from "./freshness.ts";

export const runFreshness = (args: FreshnessArgs, models: boolean, context: CommandContext): Promise<0 | 1> =>
  withAlerts(models ? "freshness" : "source freshness", args, context.effects, () =>
    check(args, models, context),
  );

async function check(
  args: FreshnessArgs,
  models: boolean,
  { effects, signal }: CommandContext,
): Promise<0 | 1> {
  const open = await openFrom(args, effects);
  const printer = createFreshnessPrinter(effects, args, open.parsed.graph);
  try {
    const run = await sourceFreshness(open, {
      ...selectionOf(args),
      models,
      threads: args.threads,
      args: givenArgs(args),
      signal,
      onEvent: printer.onEvent,
    });
    if (args.output === "json")
      effects.stdout.write(`${JSON.stringify(sources(open.parsed.graph, run), null, 2)}\n`);
    return run.results.some(({ status }) => status === "error" || status === "runtime error") ? 1 : 0;
  } finally {
    printer.close();
  }
}
