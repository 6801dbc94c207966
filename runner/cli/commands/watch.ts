import type { Command } from "../command.ts";
import { selection, threads } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type WatchArgs = GlobalArgs &
  SelectionArgs & {
    readonly threads?: number;
    readonly only: boolean;
    readonly "without-tests": boolean;
  };

export const watch: Command<WatchArgs> = {
  name: "watch",
  describe: "Build what a saved file touches and all that is below it, until Ctrl-C",
  options: {
    ...selection,
    threads,
    only: { type: "boolean", default: false, describe: "Build what a saved file touches, nothing below it" },
    "without-tests": { type: "boolean", default: false, describe: "Run no tests" },
  },
  run: async (args, context) => (await import("./run-watch.ts")).runWatch(args, context),
};
