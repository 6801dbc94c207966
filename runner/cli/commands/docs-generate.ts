import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export type GenerateArgs = GlobalArgs & {
  readonly profile: boolean;
  readonly explore: boolean;
  readonly "explore-select": string[];
  readonly "explore-rows": number;
  readonly "explore-megabytes": number;
};

export const docsGenerate: Command<GenerateArgs> = {
  name: "docs generate",
  describe: "Write the site of the project into target/docs",
  options: {
    profile: {
      type: "boolean",
      default: true,
      describe: "Show what values are like, and example rows; --no-profile looks at no rows",
    },
    explore: {
      type: "boolean",
      default: true,
      describe:
        "Let the published tables be queried on the site; --no-explore leaves their rows out, and so does --no-profile",
    },
    "explore-select": {
      type: "string",
      array: true,
      default: [] as string[],
      describe:
        "Which models, in the words of --select; those in a folder marts unless told, never private ones",
    },
    "explore-rows": { type: "number", default: 200_000, describe: "Longer tables are left out" },
    "explore-megabytes": { type: "number", default: 50, describe: "Most that their files take together" },
  },
  readsAll: true,
  run: async (args, context) => (await import("./run-docs.ts")).runDocsGenerate(args, context),
};
