import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export const parse: Command<GlobalArgs> = {
  name: "parse",
  describe: "Check the project and write target/manifest.json",
  options: {},
  readsAll: true,
  run: async (args, context) => (await import("./run-parse.ts")).runParse(args, context),
};
