import type { Command } from "../command.ts";
import { deferral, output, selection } from "../options.ts";
import type { DeferArgs, GlobalArgs, SelectionArgs } from "../options.ts";

export type CompileArgs = GlobalArgs &
  SelectionArgs &
  DeferArgs & {
    readonly inline?: string;
    readonly output: "text" | "json";
    readonly columns: boolean;
  };

export const compile: Command<CompileArgs> = {
  name: "compile",
  describe: "Render SQL into target/compiled without running it",
  options: {
    ...selection,
    ...deferral,
    output,
    inline: { type: "string", describe: "A query to compile and print" },
    columns: {
      type: "boolean",
      default: true,
      describe: "Find columns and types that cannot be right; --no-columns renders only",
    },
  },
  readsAll: true,
  run: async (args, context) => (await import("./run-compile.ts")).runCompile(args, context),
};
