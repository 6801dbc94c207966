import type { Command } from "../command.ts";
import { output } from "../options.ts";
import type { GlobalArgs } from "../options.ts";

export type DepsArgs = GlobalArgs & { readonly output: "text" | "json" };

export const deps: Command<DepsArgs> = {
  name: "deps",
  describe: "Check the packages that the project uses, and list them; npm installs them",
  options: { output },
  run: async (args, context) => (await import("./run-deps.ts")).runDeps(args, context),
};
