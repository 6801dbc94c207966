import type { Command } from "../command.ts";
import { output } from "../options.ts";
import type { GlobalArgs } from "../options.ts";

export type ProfileArgs = GlobalArgs & { readonly relation: string; readonly output: "text" | "json" };

export const profile: Command<ProfileArgs> = {
  name: "profile <relation>",
  describe: "Show what the values of each column are like",
  positionals: {
    relation: { type: "string", describe: "A model, seed, snapshot, source, or schema.table" },
  },
  options: { output },
  run: async (args, context) => (await import("./run-profile.ts")).runProfile(args, context),
};
