import type { Argv } from "yargs";
import { packageVersion } from "../../runner/base/package-root.ts";
import { unwritten } from "../../runner/base/effects.ts";
import type { IngestEffects } from "./effects.ts";
import { createReporter, exitCodeOf } from "./reporter.ts";
import { usageError } from "./usage-error.ts";

/** Runs `ingest` with the words after its name. Never throws; returns the exit code: 0 all well, 1 something failed, 2 a wrong call. */
export async function main(argv: readonly string[], effects: IngestEffects): Promise<number> {
  if (argv.length === 1 && argv[0] === "--version") {
    effects.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  try {
    const code = await runCommand(argv, effects);
    const cutShort = unwritten(effects.stdout);
    if (cutShort === undefined) return code;
    report(cutShort);
    return code === 0 ? exitCodeOf(cutShort) : code;
  } catch (error) {
    report(error);
    return exitCodeOf(error);
  }
  function report(error: unknown): void {
    const logFormat = wantsJsonLog(argv) ? "json" : "text";
    createReporter(effects, { output: "text", quiet: false, logFormat }).error(error);
  }
}

async function runCommand(argv: readonly string[], effects: IngestEffects): Promise<number> {
  const [{ default: yargs }, { STDIN_WORD, addCommands }] = await Promise.all([
    import("yargs"),
    import("./commands.ts"),
  ]);
  // yargs loses a lone "-" among positionals; no path can hold a NUL, so this spelling is free.
  const words = argv.map((word) => (word === "-" ? STDIN_WORD : word));
  let exitCode = 0;
  const untouched = (): Argv => addCommands(yargs([], effects.cwd), effects, () => undefined);
  const parser: Argv = addCommands(yargs(words, effects.cwd), effects, (code) => (exitCode = code))
    .scriptName("ingest")
    .usage("$0 <command>\n\nLands official statistics as Parquet: every edition, whole or not at all.")
    .version(packageVersion())
    .help()
    .strict()
    .demandCommand(1, "name a command")
    .parserConfiguration({ "camel-case-expansion": false })
    .wrap(Math.min(110, effects.stdout.width))
    .exitProcess(false)
    .fail((message, error: Error | undefined) => {
      throw error ?? usageError(message, argv, parser, untouched);
    });
  let printed = "";
  await parser.parseAsync(words, {}, (_error, _args, output) => void (printed = output));
  if (printed !== "") effects.stdout.write(`${printed}\n`);
  return exitCode;
}

function wantsJsonLog(argv: readonly string[]): boolean {
  const at = argv.indexOf("--log-format");
  return argv.includes("--log-format=json") || (at !== -1 && argv[at + 1] === "json");
}
