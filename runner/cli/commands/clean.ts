import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export const clean: Command<GlobalArgs> = {
  name: "clean",
  describe: "Remove the artifacts (target/); data and warehouse stay",
  options: {},
  run: async (args, context) => (await import("./run-clean.ts")).runClean(args, context),
};
