import { UsageError } from "../../runner/base/errors.ts";
import { printable } from "../../runner/base/text.ts";
import type { ShowOptions } from "./show-landed.ts";

/** Ten gibibytes: far above the largest real document, far below what an archive bomb unpacks to. */
export const DEFAULT_MAX_BYTES = 10 * 2 ** 30;

/** An option given twice means what it was given last, as everywhere else. */
const last = <T>(value: T | readonly T[]): T => (Array.isArray(value) ? value.at(-1) : value) as T;

export const text = (describe: string) =>
  ({ type: "string", coerce: last<string | undefined>, describe }) as const;
export const form = (describe: string) =>
  ({ choices: ["text", "json"], default: "text", coerce: last<"text" | "json">, describe }) as const;

export type SharedArgs = {
  readonly "project-dir"?: string | undefined;
  readonly target?: string | undefined;
  readonly landing?: string | undefined;
  readonly output?: "text" | "json";
  readonly quiet?: boolean;
  readonly "log-format"?: "text" | "json";
};

/** What every command takes. */
export const shared = (args: SharedArgs): ShowOptions => ({
  projectDir: args["project-dir"],
  target: args.target,
  landing: args.landing,
  output: args.output ?? "text",
  quiet: args.quiet ?? false,
  logFormat: args["log-format"] ?? "text",
});

export function atLeastZero(option: string, value: number): number {
  if (value >= 0) return value;
  throw new UsageError("OPTION_INVALID", `${option} must be a number from 0 up`);
}

/** A day such as `2026-11-01`. */
export function readDay(option: string, word: string | undefined): string | undefined {
  if (word === undefined || /^\d{4}-\d\d-\d\d$/.test(word)) return word;
  throw new UsageError(
    "OPTION_INVALID",
    `${option} cannot read "${printable(word)}"`,
    "a day such as 2026-11-01",
  );
}
