import { printable, printableLines } from "./text.ts";

/** Where something is: `file` as a person would type it, `line` and `column` from 1. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/** One mistake. Stages collect all of theirs, then throw a single {@link ProjectError}. */
export type Problem = Place & {
  /** Stable, upper case: `REF_UNKNOWN`. Listed in docs, safe to grep for. */
  readonly code: string;
  /** What was found; lower case, names in double quotes. */
  readonly message: string;
  /** The way out, one sentence. */
  readonly hint?: string;
};

/** `models/a.sql:3:9 REF_UNKNOWN no model is named "b"` and the hint indented below. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, code, message, hint } = problem;
  const where = `${printable(file)}:${line}:${column}`;
  return `${where} ${code} ${printableLines(message)}${hint ? `\n    ${printableLines(hint)}` : ""}`;
}

/** By file, then line, then column, so that the same mistakes always print the same way. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

/** A place that is worked out when it is asked for has no line to spread: this has, and asks for it no sooner. */
export const plainPlace = (place: Place): Place => ({
  file: place.file,
  get line() {
    return place.line;
  },
  get column() {
    return place.column;
  },
});

/** Line and column (both from 1) of a character offset. */
export function placeAt(file: string, text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < offset; next = text.indexOf("\n", next + 1)) {
    line++;
    start = next + 1;
  }
  return { file, line, column: offset - start + 1 };
}
