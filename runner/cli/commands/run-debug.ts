import { debugProject } from "../../api/debug-project.ts";
import { paintFor } from "../../base/paint.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import type { GlobalArgs } from "../options.ts";

export async function runDebug(args: GlobalArgs, { effects }: CommandContext): Promise<0 | 1> {
  const { facts, problem } = await debugProject(await openFrom(args, effects));
  const paint = paintFor(effects, effects.stdout);
  for (const [name, value] of facts) effects.stdout.write(`${paint.dim(name.padEnd(14))} ${value}\n`);
  effects.stdout.write(
    `${paint.dim("connection".padEnd(14))} ${problem === null ? paint.green("ok") : paint.red(`failed: ${problem}`)}\n`,
  );
  return problem === null ? 0 : 1;
}
