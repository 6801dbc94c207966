import type { Options } from "yargs";
import type { Command } from "../command.ts";
import { commands } from "../commands.ts";
import { globals } from "../options.ts";
import { completeNodes } from "./complete-nodes.ts";
import { selectorNames, targetNames } from "./project-names.ts";

/** A word that may stand there, and what it does. */
export type Completion = { readonly word: string; readonly describe: string };

type Declared = Readonly<Record<string, Options>>;

/**
 * What may stand in the place of the last of `words`, which are the line behind `models` up to the cursor. Nothing: what the shell itself knows, such as
 * files. Read from the declarations of commands, without parsing the project, as it happens at a key press.
 */
export function completeLine(words: readonly string[], cwd: string): readonly Completion[] {
  const current = words.at(-1) ?? "";
  const found = candidates(words.slice(0, -1), current, cwd);
  return found.filter(({ word }) => word.startsWith(current));
}

function candidates(before: readonly string[], current: string, cwd: string): readonly Completion[] {
  let at = 0;
  while (before[at]?.startsWith("-")) at += takesNext(globals, before[at]!) ? 2 : 1;
  const [first, second] = before.slice(at);
  // A switch before the command still waits for its value.
  if (first === undefined)
    return at > before.length
      ? valuesAfter(globals, before, cwd)
      : current.startsWith("-")
        ? switchesOf(globals, before)
        : firstWords();
  const named = commands.filter(
    (command) => wordsOf(command)[0] === first || command.aliases?.includes(first),
  );
  const isGroup = named.some((command) => wordsOf(command).length > 1);
  if (isGroup && second === undefined)
    return named.map((command) => ({ word: wordsOf(command)[1] ?? "", describe: command.describe }));
  const command = isGroup ? named.find((one) => wordsOf(one)[1] === second) : named[0];
  if (command === undefined) return [];
  return ofCommand(command, before.slice(at + (isGroup ? 2 : 1)), current, cwd);
}

function ofCommand(
  command: Command<never>,
  before: readonly string[],
  current: string,
  cwd: string,
): readonly Completion[] {
  const options: Declared =
    command.needsProject === false ? command.options : { ...globals, ...command.options };
  const assigned = /^--([\w-]+)=/.exec(current)?.[1];
  if (assigned !== undefined)
    return valuesOf(options, assigned, cwd).map(({ word, describe }) => ({
      word: `--${assigned}=${word}`,
      describe,
    }));
  if (current.startsWith("-")) return switchesOf(options, before);
  const values = valuesAfter(options, before, cwd);
  if (values.length > 0) return values;
  const nodes = completeNodes([wordsOf(command)[0]!, ...before, current], cwd);
  if (nodes !== undefined) return nodes.map(plain);
  if (before.length === 0)
    return Object.values(command.positionals ?? {}).flatMap(({ choices }) => (choices ?? []).map(plain));
  return [];
}

/** Of the option that still takes values: the last one, if it takes several, or the last word. */
function valuesAfter(options: Declared, before: readonly string[], cwd: string): readonly Completion[] {
  const last = before.findLast((word) => word.startsWith("-"));
  const name = last === undefined ? undefined : nameOf(options, last);
  if (name === undefined || (last !== before.at(-1) && options[name]?.array !== true)) return [];
  return valuesOf(options, name, cwd);
}

function valuesOf(options: Declared, name: string, cwd: string): readonly Completion[] {
  if (name === "target" || name === "defer-target" || name === "against") return targetNames(cwd).map(plain);
  if (name === "selector") return selectorNames(cwd).map(plain);
  return (options[name]?.choices ?? []).map((choice) => plain(String(choice)));
}

/** Options that were not given yet, in their long form; a switch that is on can be turned off. */
const switchesOf = (options: Declared, before: readonly string[]): readonly Completion[] =>
  Object.entries(options)
    .filter(
      ([name, { array, hidden }]) => hidden !== true && (array === true || !before.includes(`--${name}`)),
    )
    .map(([name, { type, default: usual, describe }]) => ({
      word: type === "boolean" && usual === true ? `--no-${name}` : `--${name}`,
      // `--no-introspect: …` says the word itself.
      describe: String(describe ?? "").replace(/^--[\w-]+: /, ""),
    }));

/** `select` of `--select`, `-s` and `--models`. */
function nameOf(options: Declared, word: string): string | undefined {
  const bare = word.replace(/^--?/, "");
  return Object.keys(options).find(
    (name) => name === bare || [options[name]?.alias ?? []].flat().includes(bare),
  );
}

const takesNext = (options: Declared, word: string): boolean => {
  const name = nameOf(options, word);
  return name !== undefined && options[name]?.type !== "boolean";
};

/** The words of a command that are typed as they are: `docs`, `generate` of `docs generate`. */
const wordsOf = ({ name }: Command<never>): string[] => name.split(" ").filter((word) => /^\w/.test(word));

const firstWords = (): readonly Completion[] => {
  const found = new Map<string, string>();
  for (const command of commands) {
    const first = wordsOf(command)[0]!;
    const known = found.get(first);
    found.set(first, known === undefined ? command.describe : `${known}; ${command.describe}`);
  }
  return [...found].map(([word, describe]) => ({ word, describe }));
};

const plain = (word: string): Completion => ({ word, describe: "" });
