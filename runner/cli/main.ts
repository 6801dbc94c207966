import type { Argv, Options } from "yargs";
import { addTo } from "../base/group-by.ts";
import { unwritten } from "../base/effects.ts";
import type { Effects } from "../base/effects.ts";
import { packageVersion } from "../base/package-root.ts";
import { redacting } from "../base/secrets.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { globals } from "./options.ts";
import { jsonLine } from "../execute/json-event.ts";
import { reportError } from "./report-error.ts";
import { settleArgs, withValues } from "./settle-args.ts";
import { usageError } from "./usage-error.ts";

/** Runs `models <argv>`; resolves to the exit code: 0 all well, 1 something failed, 2 the call or the project is wrong. */
export async function main(argv: readonly string[], outer: Effects): Promise<0 | 1 | 2> {
  const stop = new AbortController();
  const effects = { ...outer, stderr: redacting(outer.stderr), signal: stop.signal };
  // The first Ctrl-C stops cleanly; whoever cannot wait for that presses it again, and the default does the rest.
  const onInterrupt = (): void => {
    for (const name of SIGNALS) process.off(name, onInterrupt);
    const message = "stopping: running statements are cancelled, nothing is left half built";
    if (logFormat === "json") effects.stderr.write(jsonLine("stopping", effects.now(), { message }));
    else effects.stderr.write(`\n${message}\n`);
    stop.abort();
  };
  for (const name of SIGNALS) process.on(name, onInterrupt);
  const logFormat = argv.some(
    (word, i) => word === "--log-format=json" || (word === "--log-format" && argv[i + 1] === "json"),
  )
    ? "json"
    : "text";
  if (argv[0] === "--complete") {
    const { completeLine } = await import("./complete/complete-line.ts");
    for (const { word, describe } of completeLine(argv.slice(1), effects.cwd))
      effects.stdout.write(`${word}\t${describe}\n`);
    return 0;
  }
  try {
    const code = await dispatch(argv, effects, stop.signal);
    const cutShort = unwritten(effects.stdout);
    if (cutShort === undefined) return code;
    // Where errors go as JSON nothing can be written any more.
    reportError(cutShort, { ...effects, stdout: effects.stderr }, logFormat);
    return code === 0 ? 1 : code;
  } catch (error) {
    return reportError(error, effects, logFormat);
  } finally {
    for (const name of SIGNALS) process.off(name, onInterrupt);
  }
}

/** Ctrl-C, a supervisor, a terminal that was closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type Usage = { cacheHelpMessage?: () => void };
type Inner = { getInternalMethods?: () => { getUsageInstance?: () => Usage } };

/**
 * yargs writes the whole help, which takes 30 ms, after every command that was called, for the case that it fails; here failures have words of their own. A
 * yargs that works otherwise inside loses nothing but the time.
 */
function withoutHelpAhead(parser: object): void {
  const usage = (parser as Inner).getInternalMethods?.().getUsageInstance?.();
  if (usage?.cacheHelpMessage) usage.cacheHelpMessage = () => undefined;
}

async function dispatch(argv: readonly string[], effects: Effects, signal: AbortSignal): Promise<0 | 1 | 2> {
  const { default: yargs } = await import("yargs");
  let exitCode: 0 | 1 = 0;
  const parser = yargs([...argv])
    .scriptName("models")
    .usage("$0 <command>\n\nBuilds, tests and documents SQL models.")
    .version(packageVersion())
    .help()
    .alias("h", "help")
    // `models --quiet build`: a switch before the command must not swallow it. It is the command's own help that shows it.
    .options(hidden(globals, ["quiet", "warn-error", "introspect"]))
    .parserConfiguration({ "camel-case-expansion": false })
    .strict()
    .demandCommand(1, "name a command; models --help lists them")
    .wrap(Math.min(110, effects.stdout.width))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // yargs throws some of what it finds wrong instead of telling it.
      const own = error === undefined || error.name === "YError";
      throw own ? usageError(error?.message ?? message ?? "the call cannot be read", argv, commands) : error;
    });
  const groups = new Map<string, Command<never>[]>();
  for (const command of commands) {
    const [first, second] = command.name.split(" ");
    if (second === undefined || second.startsWith("[") || second.startsWith("<"))
      register(parser, command, command.name);
    else addTo(groups, first!, command);
  }
  for (const [group, members] of groups) {
    parser.command(group, members.map(({ describe }) => describe).join("; "), (inner: Argv) => {
      for (const member of members) register(inner, member, member.name.slice(group.length + 1));
      return inner.demandCommand(
        1,
        `models ${group} needs one of: ${members.map(({ name }) => name.split(" ")[1]).join(", ")}`,
      );
    });
  }
  withoutHelpAhead(parser);
  if (argv.length === 0) {
    effects.stderr.write(`${await parser.getHelp()}\n`);
    return 2;
  }
  await parser.parseAsync();
  return exitCode;

  function register(parent: Argv, command: Command<never>, name: string): void {
    const { quiet, "log-format": format } = globals;
    const common = command.needsProject === false ? { quiet, "log-format": format } : globals;
    const options = { ...common, ...command.options };
    parent.command(
      [name, ...(command.aliases ?? [])],
      command.describe,
      (inner: Argv) => {
        for (const [key, value] of Object.entries(command.positionals ?? {})) inner.positional(key, value);
        return inner.options(withValues(options));
      },
      async (args) => {
        const settled = settleArgs(args, options);
        const disk =
          command.readsAll && (await import("./read-ahead.ts")).readAhead(settled as never, effects);
        try {
          exitCode = await command.run(settled as never, { effects, signal, disk });
        } finally {
          disk?.stop();
        }
      },
    );
  }
}

const hidden = (
  options: Readonly<Record<string, Options>>,
  names: readonly string[],
): Record<string, Options> =>
  Object.fromEntries(names.map((name) => [name, { ...options[name], hidden: true, global: false }]));
