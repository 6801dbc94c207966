import type { Argv } from "yargs";
import { UsageError } from "../../runner/base/errors.ts";
import type { IngestEffects } from "./effects.ts";
import type { ShowOptions } from "./show-landed.ts";

/** Ten gibibytes: far above the largest real document, far below what an archive bomb unpacks to. */
const DEFAULT_MAX_BYTES = 10 * 2 ** 30;

/** Stands for `-` while yargs reads the words. */
export const STDIN_WORD = "\0-";

/** An option given twice means what it was given last, as everywhere else. */
const last = <T>(value: T | readonly T[]): T => (Array.isArray(value) ? value.at(-1) : value) as T;

const text = (describe: string) => ({ type: "string", coerce: last<string | undefined>, describe }) as const;
const form = (describe: string) =>
  ({ choices: ["text", "json"], default: "text", coerce: last<"text" | "json">, describe }) as const;

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
  return parser
    .options(everywhere)
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
          ...shared(args),
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
            "max-bytes": {
              type: "number",
              default: DEFAULT_MAX_BYTES,
              describe: "largest document that is accepted",
            },
          }),
      async (args) => {
        const { syncDatasets } = await import("./sync.ts");
        const { datasets, force, due } = args;
        const maxBytes = atLeastZero("--max-bytes", args["max-bytes"]);
        done(
          await syncDatasets(
            { ...shared(args as unknown as SharedArgs), datasets, force, due, maxBytes },
            effects,
          ),
        );
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
          .positional("vintage", { type: "string", describe: "which, where several wait" }),
      async (args) => {
        const { acceptVintage } = await import("./accept-held.ts");
        const { dataset, vintage } = args;
        done(await acceptVintage({ ...shared(args as unknown as SharedArgs), dataset, vintage }, effects));
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

type SharedArgs = {
  readonly "project-dir"?: string | undefined;
  readonly target?: string | undefined;
  readonly landing?: string | undefined;
  readonly output?: "text" | "json";
  readonly quiet?: boolean;
  readonly "log-format"?: "text" | "json";
};

const shared = (args: SharedArgs): ShowOptions => ({
  projectDir: args["project-dir"],
  target: args.target,
  landing: args.landing,
  output: args.output ?? "text",
  quiet: args.quiet ?? false,
  logFormat: args["log-format"] ?? "text",
});

function atLeastZero(option: string, value: number): number {
  if (value >= 0) return value;
  throw new UsageError("OPTION_INVALID", `${option} must be a number from 0 up`);
}
