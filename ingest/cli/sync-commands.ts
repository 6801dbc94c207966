import type { Argv } from "yargs";
import type { IngestEffects } from "./effects.ts";
import { DEFAULT_MAX_BYTES, atLeastZero, shared, text } from "./options.ts";
import type { SharedArgs } from "./options.ts";

/** Commands that ask publishers. */
export function addSyncCommands(
  parser: Argv,
  effects: IngestEffects,
  done: (exitCode: number) => void,
): Argv {
  return parser
    .command(
      "catalog",
      "Load what publishers offer, and show what came, went and changed; or search it",
      (command) =>
        command.options({
          publisher: text("of this one; else of all that the project names, or eurostat"),
          search: text("a word of codes, titles and themes"),
          "changed-since": text("only what was updated on or after a day: 2026-11-01"),
          offline: { type: "boolean", default: false, describe: "search what is known, ask nobody" },
          force: { type: "boolean", default: false, describe: "believe a catalogue that lost many datasets" },
          limit: { type: "number", default: 50, describe: "rows to show" },
        }),
      async (args) => {
        const { showCatalog } = await import("./catalog.ts");
        const { publisher, search, offline, force } = args;
        const changedSince = args["changed-since"];
        const limit = atLeastZero("--limit", args.limit);
        const options = { publisher, search, changedSince, offline, force, limit };
        done(await showCatalog({ ...shared(args as unknown as SharedArgs), ...options }, effects));
      },
    )
    .command(
      "feed",
      "Read what publishers say has changed, and mark datasets of the project as due",
      (command) => command.options({ publisher: text("of this one; else of all that the project names") }),
      async (args) => {
        const { readFeeds } = await import("./feed.ts");
        done(
          await readFeeds({ ...shared(args as unknown as SharedArgs), publisher: args.publisher }, effects),
        );
      },
    )
    .command(
      "sync [datasets..]",
      "Bring datasets of the project up to date: fetch what changed, land and stage it",
      (command) =>
        command
          .positional("datasets", {
            type: "string",
            array: true,
            default: [],
            describe: "which: codes or patterns; all unless told",
          })
          .options({
            force: { type: "boolean", default: false, describe: "fetch without asking whether it changed" },
            due: {
              type: "boolean",
              default: false,
              describe: "only what is due: announced, failed before, or new",
            },
            since: text("only what the catalogue says was updated on or after a day: 2026-11-01"),
            "max-bytes": {
              type: "number",
              default: DEFAULT_MAX_BYTES,
              describe: "largest document that is accepted",
            },
          })
          .example("$0 sync", "ask for every dataset of the project whether it changed")
          .example("$0 feed && $0 sync --due", "fetch what the publisher says has changed"),
      async (args) => {
        const { syncDatasets } = await import("./sync.ts");
        const { datasets, force, due, since } = args;
        const maxBytes = atLeastZero("--max-bytes", args["max-bytes"]);
        const options = { ...shared(args as unknown as SharedArgs), datasets, force, due, since, maxBytes };
        done(await syncDatasets(options, effects));
      },
    );
}
