import { cloneNodes } from "../../api/clone-nodes.ts";
import { runResults } from "../../artifacts/run-results.ts";
import type { CommandContext } from "../command.ts";
import { givenArgs } from "../given-args.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { createPrinter } from "../print/printer.ts";
import type { CloneArgs } from "./clone.ts";

export async function runClone(args: CloneArgs, { effects }: CommandContext): Promise<0 | 1> {
  const open = await openFrom({ ...args, defer: true }, effects);
  const printer = createPrinter(effects, args, open.parsed.graph);
  try {
    const run = await cloneNodes(open, {
      ...selectionOf(args),
      fullRefresh: args["full-refresh"],
      args: givenArgs(args),
      onEvent: printer.onEvent,
    });
    if (args.output === "json") effects.stdout.write(`${JSON.stringify(runResults(run), null, 2)}\n`);
    return run.results.some(({ status }) => status === "error") ? 1 : 0;
  } finally {
    printer.close();
  }
}
