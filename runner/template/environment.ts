import { ProjectError } from "../base/errors.ts";
import type { Scope } from "./scopes.ts";
import { Spot } from "./spot.ts";
import type { Source } from "./types.ts";

/** A macro that is being rendered, and where it was called from. */
export type Frame = { readonly macro: string; readonly calledAt: Spot; readonly outer: Frame | null };

export type Environment = {
  readonly source: Source;
  /** Where the tag that is being rendered begins: what stands in it has its places from there. */
  tag: number;
  readonly scope: Scope | null;
  readonly frame: Frame | null;
  readonly depth: number;
  /** The package that unqualified macros are first looked for in. */
  readonly package: string | null;
};

/** The same within a section. */
export const within = (
  { source, tag, frame, depth, package: packageName }: Environment,
  scope: Scope,
): Environment => ({ source, tag, scope, frame, depth, package: packageName });

/** Where something in the tag that is being rendered stands. */
export const spotIn = ({ source, tag }: Environment, at: number): Spot => new Spot(source, tag + at);

/** A mistake that only rendering shows; within macros the message tells how they were reached. */
export function mistake(
  env: Environment,
  at: number,
  code: string,
  message: string,
  hint?: string,
  cause?: unknown,
): ProjectError {
  const place = spotIn(env, at).place();
  const error = new ProjectError([
    { ...place, code, message: `${message}${callers(env.frame)}`, ...(hint && { hint }) },
  ]);
  if (cause !== undefined) error.cause = cause;
  return error;
}

function callers(frame: Frame | null): string {
  const steps: string[] = [];
  for (let at = frame; at !== null && steps.length < 5; at = at.outer) {
    const { file, line, column } = at.calledAt.place();
    steps.push(`"${at.macro}" called at ${file}:${line}:${column}`);
  }
  return steps.length === 0 ? "" : `, in ${steps.join(", in ")}`;
}
