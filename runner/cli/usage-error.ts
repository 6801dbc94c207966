import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import type { Command } from "./command.ts";
import { globals } from "./options.ts";

const HELP = "models --help lists the commands, models <command> --help the options";

const OF_DBT = "dbt has it, this version does not: leave it out";
const LOGS = "what was sent stands in target/run, and --log-format json tells every event";
const SITE = "the site is a folder that opens from disk; docs generate compiles first: leave it out";
/** Options that hands know from dbt, and what is done here instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    (
      "cache-selected-only populate-cache write-json version-check static-parser send-anonymous-usage-stats single-threaded " +
      "use-experimental-parser print printer-width use-fast-test-edges macro-debugging record-timing-info"
    )
      .split(" ")
      .map((name) => [name, OF_DBT]),
  ),
  ...Object.fromEntries(
    "debug log-level log-level-file log-path log-cache-events".split(" ").map((name) => [name, LOGS]),
  ),
  ...Object.fromEntries("static compile empty-catalog".split(" ").map((name) => [name, SITE])),
  profile: "connections stand under targets: in sql_project.yaml, and --target names one",
  "profiles-dir": "connections stand under targets: in sql_project.yaml; --project-dir names its folder",
  "use-colors": "NO_COLOR=1 leaves colours out, as an output that is no terminal does",
  show: "models show --select <seed> shows the rows",
  connection: "models debug always asks the warehouse",
  upgrade: "packages are npm's: npm update",
  lock: "packages are npm's, and so is their lock file",
  "add-package": "npm install <package>, and name it under packages: in sql_project.yaml",
};

/** What yargs found wrong, in our words and with the nearest name. `argv` tells what the words in its message were. */
export function usageError(
  message: string,
  argv: readonly string[],
  commands: readonly Command<never>[],
): UsageError {
  const words = argv.filter((word) => !word.startsWith("-"));
  const command = commands.find(({ name }) => wordsOf(name).every((word, i) => words[i] === word));
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(", ") ?? [];
  const optionOf = (word: string): string | undefined =>
    argv
      .map((given) => given.split("=")[0]!)
      .find((given) => given.startsWith("-") && given.replace(/^--?(no-)?/, "") === word.replace(/^no-/, ""));
  // Of a command that there is not, no option can be known.
  const rest = command ? unknown : unknown.toSorted((a, b) => Number(!!optionOf(a)) - Number(!!optionOf(b)));
  for (const word of rest) {
    const option = optionOf(word);
    if (option !== undefined) {
      const known = Object.keys({ ...globals, ...command?.options }).map((name) => `--${name}`);
      return new UsageError(
        "OPTION_UNKNOWN",
        `there is no option ${option}`,
        INSTEAD[option.replace(/^--?(no-)?/, "")] ?? didYouMean(option, known) ?? HELP,
      );
    }
    if (command) {
      const hint = "several values of one option are written --select a b";
      return new UsageError("USAGE", `models ${command.name} does not take "${word}"`, hint);
    }
    const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `)).map(({ name }) => name);
    const typed = group.length > 0 ? words.slice(0, 2).join(" ") : word;
    const known = group.length > 0 ? group : commands.map(({ name }) => wordsOf(name).join(" "));
    return new UsageError(
      "COMMAND_UNKNOWN",
      `there is no command "${typed}"`,
      didYouMean(typed, known) ?? HELP,
    );
  }
  return new UsageError("USAGE", reworded(message, command), HELP);
}

function reworded(message: string, command: Command<never> | undefined): string {
  const choice = /Argument: (.*?), Given: (.*?), Choices: (.*)/.exec(message);
  if (choice) return `--${choice[1]} takes one of ${choice[3]}, not ${choice[2]}`;
  const bare = /^Not enough arguments following: (.*)$/.exec(message);
  if (bare) return `${bare[1]!.length === 1 ? "-" : "--"}${bare[1]} needs a value`;
  if (message.startsWith("Not enough non-option arguments") && command) return `say models ${command.name}`;
  return message.split("\n")[0]!;
}

/** `init <name>` is found by `init`. */
const wordsOf = (name: string): string[] => name.split(" ").filter((word) => !/^[<[]/.test(word));
