import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export const docsGenerate: Command<GlobalArgs> = {
  name: "docs generate",
  describe: "Write the site with the lineage graph into target/docs",
  options: {},
  run: async (args, context) => (await import("./run-docs.ts")).runDocsGenerate(args, context),
};
