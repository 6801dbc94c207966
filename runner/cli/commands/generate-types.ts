import type { Command } from "../command.ts";
import { resourceTypes, selection } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type GenerateTypesArgs = GlobalArgs &
  SelectionArgs & {
    readonly output?: string;
    readonly check: boolean;
    readonly zod: boolean;
    readonly dates: "text" | "Date";
  };

export const generateTypes: Command<GenerateTypesArgs> = {
  name: "generate types",
  describe: "Write TypeScript types and zod schemas of the rows of models, seeds and snapshots",
  options: {
    ...selection,
    ...resourceTypes,
    output: { type: "string", describe: "File to write; standard output unless told" },
    check: {
      type: "boolean",
      default: false,
      describe: "Write nothing: exit with 1 where the file is not what would be written",
    },
    zod: { type: "boolean", default: true, describe: "--no-zod: types alone" },
    dates: {
      type: "string",
      choices: ["text", "Date"] as const,
      default: "text",
      describe: "What dates and instants are: texts as in JSON, or Date as drivers of PostgreSQL give them",
    },
  },
  run: async (args, context) => (await import("./run-generate-types.ts")).runGenerateTypes(args, context),
};
