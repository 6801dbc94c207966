import { buildNodes } from "../../api/build-nodes.ts";
import type { BuildCommand, BuildOptions } from "../../api/build-options.ts";
import { UsageError } from "../../base/errors.ts";
import { FAILED } from "../../api/publish-run.ts";
import { callOf } from "../../api/idle-run/idle-note.ts";
import { explainNodes } from "../../api/explain-nodes.ts";
import { runResults } from "../../artifacts/run-results.ts";
import type { CommandContext } from "../command.ts";
import { givenArgs } from "../given-args.ts";
import { openFrom, withAlerts } from "../open.ts";
import { selectionOf } from "../options.ts";
import { createPrinter } from "../print/printer.ts";
import { guardLog, reportRun } from "../print/report-run.ts";
import type { BuildArgs } from "./build.ts";
import { idleCallOf } from "./run-idle.ts";
import { eventTimeOf, portionOf } from "./read-spans.ts";

type More = Pick<BuildOptions, "ids" | "builtBatches">;

/** `more`: what to work on, where it is not the options that say so. */
export const runBuild = (
  command: BuildCommand,
  args: BuildArgs,
  context: CommandContext,
  more: More = {},
): Promise<0 | 1> =>
  args["dry-run"]
    ? build(command, args, context, more)
    : withAlerts(command, args, context.effects, () => build(command, args, context, more));

async function build(
  command: BuildCommand,
  args: BuildArgs,
  { effects, signal, disk }: CommandContext,
  more: More,
): Promise<0 | 1> {
  const next = Object.keys(more).length === 0 ? idleCallOf(command, changedOnly(args), effects) : undefined;
  const before = next && callOf(next);
  const open = await openFrom(args, effects, disk);
  // What it is made of was not changed while it was read; what changes from here on is no part of it.
  const nextCall = next && callOf(next) === before ? before : undefined;
  const printer = createPrinter(effects, args, open.parsed.graph);
  const options = {
    command,
    ...selectionOf(args),
    threads: args.threads,
    fullRefresh: args["full-refresh"],
    failFast: args["fail-fast"],
    changed: args.changed,
    storeFailures: args["store-failures"],
    oneByOne: args["one-by-one"],
    eventTime: eventTimeOf(args),
    portion: portionOf(args, effects.now()),
    lockTimeout: lockTimeoutOf(args["lock-timeout"]),
    args: givenArgs(args),
    signal,
    onEvent: printer.onEvent,
    nextCall,
    ...more,
  };
  if (args["dry-run"]) {
    effects.stdout.write(`${await explainNodes(open, options)}\n`);
    return 0;
  }
  let allowCommands = guardLog(effects);
  try {
    const run = await buildNodes(open, options);
    allowCommands();
    allowCommands = () => undefined;
    await reportRun(open, run, effects, args.junit);
    if (args.output === "json") effects.stdout.write(`${JSON.stringify(runResults(run), null, 2)}\n`);
    return run.results.some(({ status }) => FAILED.has(status)) ? 1 : 0;
  } finally {
    allowCommands();
    printer.close();
  }
}

/** The same of what has changed since. */
const changedOnly = (args: BuildArgs): BuildArgs => ({ ...args, changed: true, "full-refresh": false });

function lockTimeoutOf(seconds: number): number {
  if (seconds >= 0 && seconds <= 86_400) return seconds;
  throw new UsageError(
    "LOCK_TIMEOUT_INVALID",
    `--lock-timeout ${seconds} is no time to wait`,
    "seconds from 0 to 86400: --lock-timeout 300",
  );
}
