import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export type GenerateArgs = GlobalArgs & { readonly profile: boolean };

export const docsGenerate: Command<GenerateArgs> = {
  name: "docs generate",
  describe: "Write the site of the project into target/docs",
  options: {
    profile: {
      type: "boolean",
      default: true,
      describe: "Show what values are like, and example rows; --no-profile looks at no rows",
    },
  },
  run: async (args, context) => (await import("./run-docs.ts")).runDocsGenerate(args, context),
};
