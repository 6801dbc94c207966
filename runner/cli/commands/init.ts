import { WAREHOUSES } from "../../api/init-project.ts";
import type { Warehouse } from "../../api/init-project.ts";
import type { Command } from "../command.ts";

export type InitArgs = {
  readonly name?: string;
  readonly warehouse?: Warehouse;
  readonly dataset?: string;
  readonly quiet: boolean;
};

export const init: Command<InitArgs> = {
  name: "init [name]",
  describe: "Make a small project that builds at once; at a terminal, asks what is not said",
  options: {
    warehouse: {
      type: "string",
      choices: WAREHOUSES,
      describe: "Where tables are built: a file of DuckDB, or a PostgreSQL server",
    },
    dataset: { type: "string", describe: "The first dataset, as publisher/code: eurostat/hlth_silc_13" },
  },
  positionals: { name: { describe: "Folder to make", type: "string" } },
  needsProject: false,
  run: async (args, context) => (await import("./run-init.ts")).runInit(args, context),
};
