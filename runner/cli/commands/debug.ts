import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export const debug: Command<GlobalArgs> = {
  name: "debug",
  describe: "Show what would be used, and whether the warehouse answers",
  options: {},
  run: async (args, context) => (await import("./run-debug.ts")).runDebug(args, context),
};
