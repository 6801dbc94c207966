import type { Command } from "../command.ts";
import { selection } from "../options.ts";
import type { GlobalArgs, SelectionArgs } from "../options.ts";

export type DiffArgs = GlobalArgs &
  SelectionArgs & {
    readonly node?: string;
    readonly against?: string;
    readonly all: boolean;
    readonly key?: string[];
    readonly where?: string;
    readonly examples: number;
    readonly "max-rows"?: number;
    readonly "exit-code": boolean;
    readonly output: "text" | "json" | "markdown";
  };

export const diff: Command<DiffArgs> = {
  name: "diff [node]",
  describe: "Hold what was built against another target or an earlier state: schema, rows, values",
  options: {
    ...selection,
    against: { type: "string", describe: "A target, or a folder with manifest.json" },
    all: {
      type: "boolean",
      default: false,
      describe: "All models, seeds and snapshots; as Markdown unless told",
    },
    key: { type: "string", array: true, describe: "Columns that tell rows apart" },
    where: { type: "string", describe: "Only these rows, as SQL" },
    examples: { type: "number", default: 3, describe: "How many of each kind of difference are shown" },
    "max-rows": {
      type: "number",
      describe: "Relations of more rows than this are counted, not compared",
    },
    "exit-code": { type: "boolean", default: false, describe: "Exit with 1 when anything differs" },
    output: { type: "string", choices: ["text", "json", "markdown"], describe: "How it is printed" },
  },
  positionals: { node: { describe: "A name, or any selector; or use --select", type: "string" } },
  run: async (args, context) => (await import("./run-diff.ts")).runDiff(args, context),
};
