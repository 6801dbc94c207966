import type { Effects } from "../base/effects.ts";
import { OperationError, ProjectError, StatloomError, UsageError, messageOf } from "../base/errors.ts";
import { paintFor } from "../base/paint.ts";
import { formatProblem } from "../base/problems.ts";
import { redacting } from "../base/secrets.ts";
import { plural, printableLines } from "../base/text.ts";
import type { LogFacts } from "../execute/log-events.ts";
import { jsonLine } from "../execute/json-event.ts";

/** Prints what went wrong and returns the exit code. What is no error of ours on purpose is a bug, and shown whole. */
export function reportError(error: unknown, effects: Effects, logFormat: "text" | "json" = "text"): 1 | 2 {
  const exitCode = error instanceof StatloomError ? error.exitCode : 2;
  if (logFormat === "json") {
    redacting(effects.stdout).write(jsonLine("error", effects.now(), { ...facts(error), exitCode }));
    return exitCode;
  }
  const paint = paintFor(effects, effects.stderr);
  const hint = error instanceof UsageError || error instanceof OperationError ? error.hint : undefined;
  if (error instanceof ProjectError) {
    const lines = error.problems.map((problem) => {
      const [first, ...rest] = formatProblem(problem).split("\n");
      // The place comes first, where editors and terminals look for it.
      return [
        first!.replace(problem.code, paint.red(problem.code)),
        ...rest.map((line) => paint.dim(line)),
      ].join("\n");
    });
    effects.stderr.write(`${lines.join("\n")}\n${paint.bold(plural(error.problems.length, "problem"))}\n`);
  } else if (error instanceof StatloomError) {
    effects.stderr.write(
      `${paint.red("error")} ${error.code} ${printableLines(error.message).replaceAll("\n", "\n    ")}\n${hint ? paint.dim(`    ${printableLines(hint)}\n`) : ""}`,
    );
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
    effects.stderr.write(
      `${paint.red("error")} INTERNAL this is a mistake in Statloom itself, please report it\n${stack}\n`,
    );
  }
  return exitCode;
}

function facts(error: unknown): Omit<LogFacts["error"], "exitCode"> {
  if (error instanceof ProjectError) return { code: error.code, problems: [...error.problems] };
  if (error instanceof StatloomError)
    return { code: error.code, message: error.message, hint: (error as UsageError).hint };
  return {
    code: "INTERNAL",
    message: messageOf(error),
    stack: error instanceof Error ? error.stack : undefined,
  };
}
