import type { Command } from "../command.ts";
import { deferral, output, selection } from "../options.ts";
import type { DeferArgs, GlobalArgs, SelectionArgs } from "../options.ts";

export type ShowArgs = GlobalArgs &
  SelectionArgs &
  DeferArgs & {
    readonly inline?: string;
    readonly limit: number;
    readonly output: "text" | "json";
  };

export const show: Command<ShowArgs> = {
  name: "show",
  describe: "Show the first rows of a model or of a query",
  options: {
    ...selection,
    ...deferral,
    output,
    inline: {
      type: "string",
      describe: "A query in the template language: \"select * from {{ ref('x') }}\"",
    },
    limit: { type: "number", default: 5, describe: "How many rows; -1 for all" },
  },
  run: async (args, context) => (await import("./run-show.ts")).runShow(args, context),
};
