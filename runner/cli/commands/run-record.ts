import { recordTest } from "../../api/record-test/record-test.ts";
import { UsageError } from "../../base/errors.ts";
import { plural, printable } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import type { BuildArgs } from "./build.ts";

export async function runRecord(args: BuildArgs, model: string, { effects }: CommandContext): Promise<0> {
  const { limit = 5 } = args;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new UsageError("LIMIT_INVALID", `--limit must be a number of rows, found ${limit}`);
  const open = await openFrom(args, effects);
  const { file, name, given, expected } = await recordTest(open, model, limit);
  const what = `${plural(given, "row")} given, ${plural(expected, "row")} expected`;
  effects.stdout.write(`${printable(file)}: the unit test "${printable(name)}" (${what}), which passes\n`);
  return 0;
}
