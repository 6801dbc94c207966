import { formatProblem, sortProblems } from "./problems.ts";
import type { Problem } from "./problems.ts";

/**
 * What Statloom throws on purpose. The class decides the exit code and whether a retry can help;
 * anything else that reaches the top is a bug of ours and is printed with its stack.
 */
export abstract class StatloomError extends Error {
  abstract readonly code: string;
  /** 1: something that ran failed. 2: the project or the call is wrong. */
  readonly exitCode: 1 | 2 = 2;
  readonly retryable: boolean = false;
}

/** The project is wrong, in one or many places. */
export class ProjectError extends StatloomError {
  override readonly name = "ProjectError";
  override readonly code = "PROJECT_INVALID";
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[], cause?: unknown) {
    const sorted = sortProblems(problems);
    super(sorted.map(formatProblem).join("\n"), cause === undefined ? undefined : { cause });
    this.problems = sorted;
  }
}

/** The call is wrong: an unknown option value, a selector that cannot be read, a missing argument. */
export class UsageError extends StatloomError {
  override readonly name = "UsageError";
  readonly code: string;
  readonly hint: string | undefined;
  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Something outside failed: the database, the disk, a document that cannot be trusted. */
export class OperationError extends StatloomError {
  override readonly name = "OperationError";
  override readonly exitCode = 1;
  readonly code: string;
  readonly hint: string | undefined;
  override readonly retryable: boolean;
  constructor(
    code: string,
    message: string,
    options: { hint?: string; cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
  }
}

/** Throws when there is anything to throw; the last line of every stage that collects problems. */
export function throwProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ProjectError(problems);
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
