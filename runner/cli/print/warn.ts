import type { Effects } from "../../base/effects.ts";
import { paintFor } from "../../base/paint.ts";
import { printable } from "../../base/text.ts";
import { jsonLine } from "../../execute/json-event.ts";

/** Warnings, on standard error: lines for people, unless they asked for quiet, or an object a line. */
export function warn(
  effects: Effects,
  warnings: readonly { readonly code: string; readonly message: string; readonly hint?: string }[],
  { quiet, "log-format": format }: { readonly quiet: boolean; readonly "log-format": "text" | "json" },
): void {
  if (quiet && format === "text") return;
  const paint = paintFor(effects, effects.stderr);
  for (const { code, message, hint } of warnings) {
    if (format === "json") {
      effects.stderr.write(jsonLine("warning", effects.now(), { code, message, hint }));
      continue;
    }
    const text = printable(hint ? `${message}: ${hint}` : message);
    effects.stderr.write(`${paint.yellow("warning")} ${code} ${text}\n`);
  }
}
