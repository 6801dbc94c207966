import type { Command } from "../command.ts";
import { selection } from "../options.ts";
import type { GlobalArgs } from "../options.ts";

export type LsArgs = GlobalArgs & {
  readonly select: string[];
  readonly exclude: string[];
  readonly "resource-type": string[];
  readonly output: "selector" | "name" | "path" | "json";
};

export const ls: Command<LsArgs> = {
  name: "ls",
  describe: "List nodes",
  options: {
    ...selection,
    "resource-type": {
      type: "string",
      array: true,
      default: [],
      choices: ["model", "seed", "snapshot", "test", "source", "exposure"],
      describe: "Only these kinds",
    },
    output: {
      type: "string",
      choices: ["selector", "name", "path", "json"],
      default: "selector",
      describe: "How each node is printed",
    },
  },
  run: async (args, context) => (await import("./run-ls.ts")).runLs(args, context),
};
