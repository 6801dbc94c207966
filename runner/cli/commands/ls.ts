import type { Command } from "../command.ts";
import { resourceTypes, selection } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type LsArgs = GlobalArgs &
  SelectionArgs & {
    readonly output: "selector" | "name" | "path" | "json";
  };

export const ls: Command<LsArgs> = {
  name: "ls",
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
  },
  run: async (args, context) => (await import("./run-ls.ts")).runLs(args, context),
};
