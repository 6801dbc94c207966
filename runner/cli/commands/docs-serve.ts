import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export type ServeArgs = GlobalArgs & { readonly port: number; readonly host: string };

export const docsServe: Command<ServeArgs> = {
  name: "docs serve",
  describe: "Serve the site on this machine",
  options: {
    port: { type: "number", default: 8080, describe: "Port to listen on; 0 takes a free one" },
    host: {
      type: "string",
      default: "127.0.0.1",
      describe: "Address to listen on; only this machine unless told",
    },
  },
  run: async (args, context) => (await import("./run-docs.ts")).runDocsServe(args, context),
};
