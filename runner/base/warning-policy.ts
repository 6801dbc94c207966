import { UsageError } from "./errors.ts";

/** What becomes of warnings by their codes; a code in several lists: silence wins over warn, warn over error. */
export type WarningPolicy = {
  readonly error: "all" | readonly string[];
  readonly warn: readonly string[];
  readonly silence: readonly string[];
};

export const warnOnly: WarningPolicy = { error: [], warn: [], silence: [] };

export function fateOf(code: string, { error, warn, silence }: WarningPolicy): "warn" | "error" | "silence" {
  if (silence.includes(code)) return "silence";
  if (warn.includes(code)) return "warn";
  return error === "all" || error.includes(code) ? "error" : "warn";
}

type Warned = { readonly code: string; readonly message: string; readonly hint?: string };

/** Warnings that are to be told; throws a {@link UsageError} for the first that counts as an error. */
export function obeyPolicy<W extends Warned>(policy: WarningPolicy, warnings: readonly W[]): W[] {
  return warnings.filter(({ code, message, hint }) => {
    const fate = fateOf(code, policy);
    if (fate === "error") {
      throw new UsageError(code, message, hint ?? "it counts as an error because of --warn-error");
    }
    return fate === "warn";
  });
}
