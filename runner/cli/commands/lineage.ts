import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export type LineageArgs = GlobalArgs & {
  readonly column: string;
  readonly downstream: boolean;
  readonly output: "text" | "json" | "mermaid" | "dot";
};

export const lineage: Command<LineageArgs> = {
  name: "lineage <column>",
  describe: "Show where a column comes from, or what is made of it",
  positionals: {
    column: {
      type: "string",
      describe: "A node and its column: fct_x.value; the node alone for all of its columns",
    },
  },
  options: {
    downstream: { type: "boolean", default: false, describe: "What is made of it instead" },
    output: {
      type: "string",
      choices: ["text", "json", "mermaid", "dot"],
      default: "text",
      describe: "A tree, or a graph for programs",
    },
  },
  run: async (args, context) => (await import("./run-lineage.ts")).runLineage(args, context),
};
