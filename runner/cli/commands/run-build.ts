import { buildNodes } from "../../api/build-nodes.ts";
import type { BuildCommand } from "../../api/build-nodes.ts";
import { explainNodes } from "../../api/explain-nodes.ts";
import { runResults } from "../../artifacts/run-results.ts";
import type { CommandContext } from "../command.ts";
import { givenArgs, openFrom } from "../open.ts";
import { createPrinter } from "../print/printer.ts";
import type { BuildArgs } from "./build.ts";

export async function runBuild(
  command: BuildCommand,
  args: BuildArgs,
  { effects, signal }: CommandContext,
): Promise<0 | 1> {
  const open = await openFrom(args, effects);
  const printer = createPrinter(effects, args, open.parsed.graph);
  const options = {
    command,
    select: args.select,
    exclude: args.exclude,
    threads: args.threads,
    fullRefresh: args["full-refresh"],
    failFast: args["fail-fast"],
    storeFailures: args["store-failures"],
    args: givenArgs(args),
    signal,
    onEvent: printer.onEvent,
  };
  if (args["dry-run"]) {
    effects.stdout.write(`${await explainNodes(open, options)}\n`);
    return 0;
  }
  try {
    const run = await buildNodes(open, options);
    if (args.output === "json") effects.stdout.write(`${JSON.stringify(runResults(run), null, 2)}\n`);
    return run.results.some(({ status }) => status === "error" || status === "fail" || status === "skipped")
      ? 1
      : 0;
  } finally {
    printer.close();
  }
}
