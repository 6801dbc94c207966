import type { BuildCommand } from "../../api/build-options.ts";
import type { Call } from "../../api/idle-run/idle-note.ts";
import { repeatIdleRun } from "../../api/idle-run/repeat-idle-run.ts";
import { StatloomError } from "../../base/errors.ts";
import type { Effects } from "../../base/effects.ts";
import { paintFor } from "../../base/paint.ts";
import { redacting } from "../../base/secrets.ts";
import { findProject } from "../../project/find-project.ts";
import type { CommandContext } from "../command.ts";
import { givenArgs } from "../given-args.ts";
import { endLine, okText, reusedText } from "../print/end-line.ts";
import { warn } from "../print/warn.ts";
import type { BuildArgs } from "./build.ts";

/**
 * Does again what the last run of the same call did, if that found nothing to do and all that it looked at is as it was; false: it is not
 * known to be, and everything is to be looked at. Whatever goes wrong here is told by that.
 */
export async function runIdle(
  command: BuildCommand,
  args: BuildArgs,
  { effects }: CommandContext,
): Promise<boolean> {
  const begin = performance.now();
  try {
    const call = idleCallOf(command, args, effects);
    const known = call && (await repeatIdleRun(call, args["target-path"], effects));
    if (known === undefined) return false;
    warn(effects, known.warnings, args);
    const sink = redacting(effects.stdout);
    const paint = paintFor(effects, sink);
    const elapsed = (performance.now() - begin) / 1000;
    if (!args.quiet)
      sink.write(`\n${endLine(paint, "done", elapsed, [okText(paint, 0), reusedText(known.count)])}\n`);
    return true;
  } catch (error) {
    if (error instanceof StatloomError || (error as NodeJS.ErrnoException).code !== undefined) return false;
    throw error;
  }
}

/** A call that may have nothing to do, and would tell nobody but the person at the terminal; undefined: it is another kind. */
export function idleCallOf(command: BuildCommand, args: BuildArgs, effects: Effects): Call | undefined {
  const { env } = effects;
  const isIt =
    args.changed === true &&
    args["partial-parse"] !== false &&
    !args["dry-run"] &&
    !args["full-refresh"] &&
    !args.empty &&
    [args.sample, args["event-time-start"], args["event-time-end"], args.junit].every(
      (given) => given === undefined,
    ) &&
    args.output === "text" &&
    args["log-format"] === "text" &&
    args.state === undefined &&
    !args.defer &&
    env["GITHUB_ACTIONS"] !== "true" &&
    env["GITLAB_CI"] !== "true";
  if (!isIt) return undefined;
  return { root: findProject(effects.cwd, args["project-dir"]), command, args: givenArgs(args) };
}
