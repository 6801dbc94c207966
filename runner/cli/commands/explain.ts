import type { Command } from "../command.ts";
import { output, selection } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type ExplainArgs = GlobalArgs &
  SelectionArgs & { readonly node?: string; readonly output: "text" | "json" };

export const explain: Command<ExplainArgs> = {
  name: "explain [node]",
  describe: "Say why `build --changed` would build a node, or why not",
  options: { ...selection, output },
  positionals: { node: { describe: "A name, or any selector; or use --select", type: "string" } },
  run: async (args, context) => (await import("./run-explain.ts")).runExplain(args, context),
};
