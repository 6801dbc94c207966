import { traceColumn } from "../../api/columns/trace-column.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { printTrace } from "../print/column-trace.ts";
import type { LineageArgs } from "./lineage.ts";

export async function runLineage(args: LineageArgs, { effects }: CommandContext): Promise<0> {
  const open = await openFrom(args, effects);
  const trace = await traceColumn(open, args.column, args.downstream ? "downstream" : "upstream");
  effects.stdout.write(printTrace(trace, args.output));
  return 0;
}
