import type { Command } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

export type ServeArgs = GlobalArgs & {
  readonly port: number;
  readonly host: string;
  readonly "host-name": string[];
  readonly token?: string;
  readonly api: boolean;
};

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
    "host-name": {
      type: "string",
      array: true,
      default: [] as string[],
      describe: "A name that this machine is reached by; others than localhost are refused",
    },
    token: {
      type: "string",
      describe:
        "What must be shown to see anything; better in STATLOOM_DOCS_TOKEN, which no process list shows",
    },
    api: {
      type: "boolean",
      default: false,
      describe: "Also /metrics, /healthz and POST /api/runs, which builds; needs a token",
    },
  },
  run: async (args, context) => (await import("./run-docs.ts")).runDocsServe(args, context),
};
