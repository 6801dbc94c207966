import type { Argv } from "yargs";
import { UsageError } from "../../runner/base/errors.ts";
import type { IngestEffects } from "./effects.ts";
import { DEFAULT_MAX_BYTES, atLeastZero, shared, text } from "./options.ts";
import type { SharedArgs } from "./options.ts";

/** Commands that keep a project up to date by itself. */
export function addWatchCommands(
  parser: Argv,
  effects: IngestEffects,
  done: (exitCode: number) => void,
): Argv {
  return parser
    .command(
      "add <publisher> <dataset>",
      "Write a dataset into the project: entry, source with tests, staging model",
      (command) =>
        command
          .positional("publisher", { type: "string", demandOption: true, describe: "eurostat, ssb, files …" })
          .positional("dataset", { type: "string", demandOption: true, describe: "its code: hlth_silc_13" })
          .options({ url: text("where the document is, for publishers of files") })
          .example("$0 add eurostat hlth_silc_13", "then: ingest sync, models build"),
      async (args) => {
        const { add } = await import("./add.ts");
        const { publisher, dataset, url } = args;
        done(await add({ ...shared(args as unknown as SharedArgs), publisher, dataset, url }, effects));
      },
    )
    .command(
      "schedule",
      "Stay up: read feeds, fetch what changed, build what follows from it",
      (command) =>
        command
          .options({
            list: { type: "boolean", default: false, describe: "only show what runs when" },
            "metrics-port": {
              type: "number",
              describe: "serve /metrics, /healthz and /readyz; 0 takes a free port",
            },
            "metrics-host": {
              ...text("who may ask for them: an address of this machine"),
              default: "127.0.0.1",
            },
            "look-every": {
              type: "number",
              default: 60,
              describe: "seconds after which it is looked whether anything came from elsewhere",
            },
            "max-bytes": {
              type: "number",
              default: DEFAULT_MAX_BYTES,
              describe: "largest document that is accepted",
            },
          })
          .example("$0 schedule --list", "show what runs when")
          .example("$0 schedule --metrics-port 9464 --log-format json", "as a service"),
      async (args) => {
        const { schedule } = await import("./schedule.ts");
        const port = args["metrics-port"];
        if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
          throw new UsageError("OPTION_INVALID", "--metrics-port must be a port, from 0 to 65535");
        const options = {
          ...shared(args as unknown as SharedArgs),
          list: args.list,
          metricsPort: port,
          metricsHost: args["metrics-host"] ?? "127.0.0.1",
          lookEverySeconds: Math.max(1, atLeastZero("--look-every", args["look-every"])),
          maxBytes: atLeastZero("--max-bytes", args["max-bytes"]),
        };
        done(await schedule(options, effects));
      },
    )
    .command(
      "status",
      "Show what is due, running, failed and given up, what runs next, and how old everything is",
      {},
      async (args) => {
        const { showStatus } = await import("./status.ts");
        done(await showStatus(shared(args as unknown as SharedArgs), effects));
      },
    );
}
