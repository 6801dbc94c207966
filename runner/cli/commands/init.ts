import type { Command } from "../command.ts";

export type InitArgs = { readonly name: string; readonly quiet: boolean };

export const init: Command<InitArgs> = {
  name: "init <name>",
  describe: "Make a small project that builds at once",
  options: {},
  positionals: { name: { describe: "Folder to make", type: "string" } },
  needsProject: false,
  run: async (args, context) => (await import("./run-init.ts")).runInit(args, context),
};
