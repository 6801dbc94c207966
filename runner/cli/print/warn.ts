import type { Effects } from "../../base/effects.ts";
import { paintFor } from "../../base/paint.ts";
import { printable } from "../../base/text.ts";

/** Warnings of commands that have no run to report. */
export function warn(
  effects: Effects,
  warnings: readonly { readonly code: string; readonly message: string; readonly hint?: string }[],
): void {
  const paint = paintFor(effects, effects.stderr);
  for (const { code, message, hint } of warnings) {
    const text = printable(hint ? `${message}: ${hint}` : message);
    effects.stderr.write(`${paint.yellow("warning")} ${code} ${text}\n`);
  }
}
