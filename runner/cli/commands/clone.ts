import type { Command } from "../command.ts";
import { deferral, output, resourceTypes, selection } from "../options.ts";
import type { DeferArgs, GlobalArgs, SelectionArgs } from "../options.ts";

export type CloneArgs = GlobalArgs &
  SelectionArgs &
  DeferArgs & { readonly "full-refresh": boolean; readonly output: "text" | "json" };

const { "defer-state": state, "defer-target": target } = deferral;

export const clone: Command<CloneArgs> = {
  name: "clone",
  describe: "Make here what an earlier state has: views of its relations, or copies",
  options: {
    ...selection,
    ...resourceTypes,
    output,
    "defer-state": state,
    "defer-target": target,
    "full-refresh": { alias: "f", type: "boolean", default: false, describe: "Also what is there already" },
  },
  run: async (args, context) => (await import("./run-clone.ts")).runClone(args, context),
};
