import type { Command } from "../command.ts";
import { output, selection, threads } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type FreshnessArgs = GlobalArgs &
  SelectionArgs & {
    readonly threads?: number;
    readonly output: "text" | "json";
  };

export const freshness: Command<FreshnessArgs> = {
  name: "source freshness",
  describe: "Check how old sources are",
  options: { ...selection, threads, output },
  run: async (args, context) => (await import("./run-freshness.ts")).runFreshness(args, context),
};
