import type { Options } from "yargs";
import { UsageError } from "../base/errors.ts";

type Declared = Readonly<Record<string, Options>>;

/** Every option that is no switch takes a value: `--select` alone is a slip, and would mean everything. */
export const withValues = (options: Declared): Record<string, Options> =>
  Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      { ...option, requiresArg: option.type !== "boolean" },
    ]),
  );

/** The arguments of a command as it may use them: of an option given twice the last counts, numbers are numbers. */
export function settleArgs(
  args: Readonly<Record<string, unknown>>,
  options: Declared,
): Record<string, unknown> {
  const settled = { ...args };
  for (const [name, { array, type }] of Object.entries(options)) {
    const given = args[name];
    if (array !== true && Array.isArray(given)) settled[name] = given.at(-1) as unknown;
    if (type === "number" && Number.isNaN(settled[name])) {
      throw new UsageError("NUMBER_INVALID", `--${name} takes a number`);
    }
  }
  return settled;
}
