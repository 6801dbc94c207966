import type { Command } from "../command.ts";
import { resourceTypes, selection } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type LsArgs = GlobalArgs &
  SelectionArgs & {
    readonly output: "selector" | "name" | "path" | "json";
    readonly "output-keys": string[];
  };

export const ls: Command<LsArgs> = {
  name: "ls",
  aliases: ["list"],
  describe: "List nodes",
  options: {
    ...selection,
    ...resourceTypes,
    output: {
      type: "string",
      choices: ["selector", "name", "path", "json"],
      default: "selector",
      describe: "How each node is printed",
    },
    "output-keys": {
      type: "string",
      array: true,
      default: [] as string[],
      describe: "Of --output json: only these, such as name config.materialized",
    },
  },
  readsAll: true,
  run: async (args, context) => (await import("./run-ls.ts")).runLs(args, context),
};
