import { runOperation } from "../../api/run-operation.ts";
import type { CommandContext } from "../command.ts";
import { openFrom, readMap } from "../open.ts";
import type { OperationArgs } from "./run-operation.ts";

export async function runRunOperation(args: OperationArgs, context: CommandContext): Promise<0> {
  const { effects, signal } = context;
  const open = await openFrom(args, effects);
  const given = args.args === undefined ? {} : readMap("--args", args.args);
  const sql = await runOperation(open, args.macro, given, signal);
  if (!args.quiet)
    effects.stderr.write(sql === null ? `${args.macro} gives nothing to run\n` : `ran ${args.macro}\n`);
  return 0;
}
