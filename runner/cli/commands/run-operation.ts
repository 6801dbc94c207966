import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export type OperationArgs = GlobalArgs & { readonly macro: string; readonly args?: string };

export const operation: Command<OperationArgs> = {
  name: "run-operation <macro>",
  describe: "Run the statement that a macro comes to",
  options: { args: { type: "string", describe: "Its arguments as YAML: '{role: reader}'" } },
  positionals: { macro: { describe: "Name of the macro", type: "string" } },
  run: async (args, context) => (await import("./run-run-operation.ts")).runRunOperation(args, context),
};
