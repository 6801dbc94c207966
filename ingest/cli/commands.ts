import type { Argv } from "yargs";
import type { IngestEffects } from "./effects.ts";
import { DEFAULT_MAX_BYTES, atLeastZero, form, shared, text } from "./options.ts";
import type { SharedArgs } from "./options.ts";
import { addSyncCommands } from "./sync-commands.ts";
import { addWatchCommands } from "./watch-commands.ts";

/** Stands for `-` while yargs reads the words. */
export const STDIN_WORD = "\0-";

const everywhere = {
  "project-dir": text("folder of the project; else the nearest sql_project.yaml"),
  target: { ...text("target of the project; else its default"), alias: "t" },
  landing: text("landing folder, instead of the project's; needs no project"),
  output: form("form of the results"),
  quiet: { type: "boolean", default: false, alias: "q", describe: "say nothing but errors and results" },
  "log-format": form("form of the log"),
} as const;

/** Handlers set the exit code through `done`; their bodies are imported when they run. */
export function addCommands(parser: Argv, effects: IngestEffects, done: (exitCode: number) => void): Argv {
  return addWatchCommands(addSyncCommands(parser.options(everywhere), effects, done), effects, done)
    .command(
      "file <paths..>",
      "Land JSON-stat documents: files, folders, .gz, or - for standard input",
      (command) =>
        command
          .positional("paths", { type: "string", array: true, demandOption: true, describe: "what to land" })
          .options({
            publisher: text("who published it; else told from the document"),
            dataset: text("its code; else told from the document"),
            "max-rejected": {
              type: "number",
              describe: "cells that may be rejected: a share below 1, or a count [default: 0.01]",
            },
            "max-bytes": {
              type: "number",
              default: DEFAULT_MAX_BYTES,
              describe: "largest document from an archive or standard input",
            },
            "allow-empty": {
              type: "boolean",
              default: false,
              describe: "accept an edition without rows after one with rows",
            },
          })
          .example("$0 file hlth_silc_13.json", "land one document")
          .example("curl -s … | $0 file - --publisher eurostat", "land what comes in"),
      async (args) => {
        const { landDocuments } = await import("./land-documents.ts");
        const options = {
          ...shared(args as unknown as SharedArgs),
          paths: args.paths.map((word) => (word === STDIN_WORD ? "-" : word)),
          publisher: args.publisher,
          dataset: args.dataset,
          maxBytes: atLeastZero("--max-bytes", args["max-bytes"]),
          maxRejected:
            args["max-rejected"] === undefined
              ? undefined
              : atLeastZero("--max-rejected", args["max-rejected"]),
          allowEmpty: args["allow-empty"],
        };
        done(await landDocuments(options, effects));
      },
    )
    .command("list", "Show what has landed", {}, async (args) => {
      const { showDatasets } = await import("./show-landed.ts");
      done(await showDatasets(shared(args as unknown as SharedArgs), effects));
    })
    .command(
      "vintages <dataset>",
      "Show the editions of a dataset, newest last, and those that wait to be accepted",
      (command) => command.positional("dataset", datasetArgument),
      async (args) => {
        const { showVintages } = await import("./show-landed.ts");
        const options = { ...shared(args as unknown as SharedArgs), dataset: args.dataset };
        done(await showVintages(options, effects));
      },
    )
    .command(
      "accept <dataset> [vintage]",
      "Land an edition that changed too much and was kept aside",
      (command) =>
        command
          .positional("dataset", datasetArgument)
          .positional("vintage", { type: "string", describe: "which, where several wait" })
          .options({
            discard: { type: "boolean", default: false, describe: "remove it instead: it is not wanted" },
          }),
      async (args) => {
        const { acceptVintage } = await import("./accept-held.ts");
        const { dataset, vintage, discard } = args;
        const options = { ...shared(args as unknown as SharedArgs), dataset, vintage, discard };
        done(await acceptVintage(options, effects));
      },
    )
    .command(
      "diff <dataset> [before] [after]",
      "Show what changed between two editions; the two newest unless told",
      (command) =>
        command
          .positional("dataset", datasetArgument)
          .positional("before", { type: "string", describe: "a vintage, or how its name begins: 2025-04-04" })
          .positional("after", { type: "string", describe: "another" })
          .options({ limit: { type: "number", default: 10, describe: "largest revisions to show" } }),
      async (args) => {
        const { diffVintages } = await import("./maintain.ts");
        const { dataset, before, after } = args;
        const limit = atLeastZero("--limit", args.limit);
        const options = { ...shared(args as unknown as SharedArgs), dataset, before, after, limit };
        done(await diffVintages(options, effects));
      },
    )
    .command(
      "verify [dataset]",
      "Hash and count again what has landed",
      (command) => command.positional("dataset", { ...datasetArgument, demandOption: false }),
      async (args) => {
        const { verifyLanded } = await import("./maintain.ts");
        const options = { ...shared(args as unknown as SharedArgs), dataset: args.dataset };
        done(await verifyLanded(options, effects));
      },
    )
    .command(
      "vacuum [dataset]",
      "Remove old editions, never the newest",
      (command) =>
        command.positional("dataset", { ...datasetArgument, demandOption: false }).options({
          keep: { type: "number", describe: "editions of each dataset to keep" },
          "older-than": text("age by publication from which they go: 400d, 12w, 6m, 2y"),
          "dry-run": { type: "boolean", default: false, describe: "only say what would go" },
        }),
      async (args) => {
        const { vacuumLanded } = await import("./maintain.ts");
        const options = {
          ...shared(args as unknown as SharedArgs),
          dataset: args.dataset,
          keep: args.keep,
          olderThan: args["older-than"],
          dryRun: args["dry-run"],
        };
        done(await vacuumLanded(options, effects));
      },
    );
}

const datasetArgument = {
  type: "string",
  demandOption: true,
  describe: "eurostat/hlth_silc_13, or hlth_silc_13 where only one publisher has it",
} as const;
