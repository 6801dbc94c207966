import type { Argv } from "yargs";
import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";

const HELP = "ingest --help tells what there is, ingest <command> --help the options";

/** yargs keeps the options of the command that it was at; its types do not say so. */
type Knowing = { getOptions(): { readonly key: Readonly<Record<string, unknown>> } };

/** What yargs found wrong, in our words and with the nearest name. `untouched`: has parsed nothing, and so knows the commands. */
export function usageError(
  message: string,
  argv: readonly string[],
  parser: Argv,
  untouched: () => Argv,
): UsageError {
  let commands: readonly string[] = [];
  untouched().getCompletion([""], (_, names) => (commands = names ?? []));
  const command = argv.find((word) => commands.includes(word));
  const [unknown] = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(", ") ?? [];
  if (unknown === undefined) {
    const isShort = command !== undefined && message.startsWith("Not enough non-option arguments");
    const said = isShort ? `something is missing behind "ingest ${command}"` : lastLine(message);
    return new UsageError("CALL_INVALID", said, isShort ? `ingest ${command} --help says what` : HELP);
  }
  const option = argv
    .map((given) => given.split("=")[0]!)
    .find((given) => given.startsWith("-") && given.replace(/^--?/, "") === unknown);
  if (option !== undefined) {
    const known = Object.keys((parser as unknown as Knowing).getOptions().key).map((name) => `--${name}`);
    return new UsageError(
      "OPTION_UNKNOWN",
      `there is no option ${option}`,
      didYouMean(option, known) ?? HELP,
    );
  }
  return command === undefined
    ? new UsageError(
        "COMMAND_UNKNOWN",
        `there is no command "${unknown}"`,
        didYouMean(unknown, commands) ?? HELP,
      )
    : new UsageError("CALL_INVALID", `ingest ${command} does not take "${unknown}"`, HELP);
}

/** yargs answers with help around the reason; the reason alone is enough. */
const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? text;
