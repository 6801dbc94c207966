import { ProjectError } from "../base/errors.ts";
import { placeAt } from "../base/problems.ts";
import type { Place } from "../base/problems.ts";
import { fieldOf } from "./inspect-value.ts";
import type { Source } from "./types.ts";
import type { Value } from "./values.ts";

/** What names mean at a place while rendering, the innermost first. */
export type Scope = {
  readonly bound: ReadonlyMap<string, Value>;
  /** The item or map of a section: its fields are names, itself is `{{.}}`. */
  readonly context: Value | undefined;
  readonly outer: Scope | null;
};

/** A macro that is being rendered, and where it was called from. */
export type Frame = { readonly macro: string; readonly calledAt: () => Place; readonly outer: Frame | null };

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

export function lookUp(scope: Scope | null, name: string): Value | undefined {
  for (let at = scope; at !== null; at = at.outer) {
    if (name === "." && at.context !== undefined) return at.context;
    const value = at.bound.get(name);
    if (value !== undefined) return value;
    const field = at.context === undefined ? undefined : fieldOf(at.context, name);
    if (field !== undefined) return field;
  }
  return undefined;
}

/** Every name that can be looked up, for "did you mean". */
export function* boundNames(scope: Scope | null, fieldsOf: (value: Value) => string[]): Generator<string> {
  for (let at = scope; at !== null; at = at.outer) {
    yield* at.bound.keys();
    if (at.context !== undefined) yield* fieldsOf(at.context);
  }
}

/** Where something in the tag that is being rendered stands. To be asked for later, when the renderer has gone on. */
export function placeIn({ source, tag }: Environment, at: number): () => Place {
  const offset = tag + at;
  return () => placeAt(source.file, source.text, offset);
}

/** A mistake that only rendering shows; within macros the message tells how they were reached. */
export function mistake(
  env: Environment,
  at: number,
  code: string,
  message: string,
  hint?: string,
  cause?: unknown,
): ProjectError {
  const place = placeIn(env, at)();
  const error = new ProjectError([
    { ...place, code, message: `${message}${callers(env.frame)}`, ...(hint && { hint }) },
  ]);
  if (cause !== undefined) error.cause = cause;
  return error;
}

function callers(frame: Frame | null): string {
  const steps: string[] = [];
  for (let at = frame; at !== null && steps.length < 5; at = at.outer) {
    const { file, line, column } = at.calledAt();
    steps.push(`"${at.macro}" called at ${file}:${line}:${column}`);
  }
  return steps.length === 0 ? "" : `, in ${steps.join(", in ")}`;
}
