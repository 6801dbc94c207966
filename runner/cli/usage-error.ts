import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import type { Command } from "./command.ts";
import { globals } from "./options.ts";

const HELP = "models --help lists the commands, models <command> --help the options";

/** What yargs found wrong, in our words and with the nearest name. `argv` tells what the words in its message were. */
export function usageError(
  message: string,
  argv: readonly string[],
  commands: readonly Command<never>[],
): UsageError {
  const words = argv.filter((word) => !word.startsWith("-"));
  const command = commands.find(({ name }) => wordsOf(name).every((word, i) => words[i] === word));
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(", ") ?? [];
  for (const word of unknown) {
    const option = argv
      .map((given) => given.split("=")[0]!)
      .find((given) => given.replace(/^--?/, "") === word);
    if (option?.startsWith("-")) {
      const known = Object.keys({ ...globals, ...command?.options }).map((name) => `--${name}`);
      return new UsageError(
        "OPTION_UNKNOWN",
        `there is no option ${option}`,
        didYouMean(option, known) ?? HELP,
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
