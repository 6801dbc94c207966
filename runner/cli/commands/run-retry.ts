import { readUnfinished } from "../../api/retry-run.ts";
import { UsageError } from "../../base/errors.ts";
import { plural } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import type { RetryArgs } from "./retry.ts";
import { runBuild } from "./run-build.ts";

/** What was told the run that is taken up holds again, unless something else is told now. */
const KEPT = [
  "target",
  "vars",
  "threads",
  "full-refresh",
  "fail-fast",
  "store-failures",
  "one-by-one",
  "event-time-start",
  "event-time-end",
  "empty",
  "sample",
  "introspect",
  "defer",
  "favor-state",
  "defer-state",
  "defer-target",
  "warn-error",
  "warn-error-options",
];
/** Switches that say something by not being as they are unless typed. */
const SWITCHES = { "warn-error": false, introspect: true } as const;

export async function runRetry(args: RetryArgs, context: CommandContext): Promise<0 | 1> {
  const { effects } = context;
  const unfinished = readUnfinished({
    cwd: effects.cwd,
    projectDir: args["project-dir"],
    targetPath: args["target-path"],
    state: args.state,
  });
  const { command, ids, builtBatches, failedHooks } = unfinished;
  if (ids.size === 0 && failedHooks.length > 0)
    throw new UsageError(
      "RETRY_NOTHING",
      `the last ${command} left no node, but a hook of it failed: ${failedHooks.join(", ")}`,
      `hooks of a run go with one: models ${command}`,
    );
  if (ids.size === 0) {
    if (!args.quiet) effects.stdout.write(`the last run (${command}) left nothing to do\n`);
    return 0;
  }
  if (!args.quiet)
    effects.stderr.write(
      `taking up ${plural(ids.size, "node")} that the last ${command} left${unfinished.wasKilled ? " when it was killed" : ""}\n`,
    );
  const told = Object.fromEntries(
    KEPT.map((name) => [name, unfinished.args[name.replaceAll("-", "_")]]).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  ) as Partial<RetryArgs>;
  const given = Object.fromEntries(
    Object.entries(args).filter(
      ([name, value]) => value !== undefined && value !== SWITCHES[name as keyof typeof SWITCHES],
    ),
  );
  // `--state` of retry is where the run's artifacts are; that of the run was what it read from.
  const deferred = { "defer-state": unfinished.args["defer_state"] ?? unfinished.args["state"] };
  const all = {
    ...SWITCHES,
    ...told,
    ...(unfinished.args["defer"] === true && deferred),
    ...given,
    select: [],
    exclude: [],
  } as unknown as Parameters<typeof runBuild>[1];
  return runBuild(command, all, context, { ids, builtBatches });
}
