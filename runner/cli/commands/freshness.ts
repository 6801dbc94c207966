import type { Command } from "../command.ts";
import { output, selection, threads } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type FreshnessArgs = GlobalArgs &
  SelectionArgs & {
    readonly threads?: number;
    readonly output: "text" | "json";
  };

/** The second asks of models too. */
export const freshnessCommands: readonly Command<FreshnessArgs>[] = (
  ["source freshness", "freshness"] as const
).map((name) => ({
  name,
  describe: name === "freshness" ? "Check how old sources and models are" : "Check how old sources are",
  options: { ...selection, threads, output },
  run: async (args, context) =>
    (await import("./run-freshness.ts")).runFreshness(args, name === "freshness", context),
}));
