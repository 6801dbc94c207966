/** Tells whether a text fits a pattern that was compiled once. */
export type Matcher = (text: string) => boolean;

/** A pattern holds at least one of `* ? [ ]`. */
export const hasWildcard = (pattern: string): boolean => /[*?[\]]/.test(pattern);

/**
 * Unix file name patterns, as in Python's `fnmatch`: `*` any text, `?` one character, `[a-z]` one of, `[!a-z]` none of.
 * Case counts. A bracket that is never closed stands for itself; `/` and `.` are characters like any other.
 */
export function wildcard(pattern: string): Matcher {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const expression = new RegExp(`^(?:${toExpression(pattern)})$`, "su");
  return (text) => expression.test(text);
}

function toExpression(pattern: string): string {
  let out = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === "*") {
      if (pattern[i - 1] !== "*") out += ".*"; // one star says as much as many, and cannot backtrack among them
    } else if (char === "?") {
      out += ".";
    } else if (char === "[") {
      const end = closingBracket(pattern, i);
      out += end === -1 ? "\\[" : characterClass(pattern.slice(i + 1, end));
      if (end !== -1) i = end;
    } else {
      out += escape(char);
    }
  }
  return out;
}

/** `]` right after `[` or `[!` is a member of the class, not its end. */
function closingBracket(pattern: string, open: number): number {
  let from = open + 1;
  if (pattern[from] === "!") from++;
  if (pattern[from] === "]") from++;
  return pattern.indexOf("]", from);
}

function characterClass(inner: string): string {
  const negated = inner.startsWith("!");
  const members = (negated ? inner.slice(1) : inner).replaceAll(
    /(.)-(.)/gsu,
    (range, from: string, to: string) => (from <= to ? range : ""), // `[z-a]` holds nothing
  );
  const escaped = members.replaceAll(/[\\\]^[]/g, "\\$&").replaceAll(/^-|-$/g, "\\-");
  if (escaped === "") return negated ? "." : "(?!)";
  return `[${negated ? "^" : ""}${escaped}]`;
}

const escape = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");

/**
 * A glob over paths with forward slashes: segments match as in {@link wildcard}, `**` stands for any number of
 * folders. `./` in front and `/` behind mean nothing; `.` is the project itself.
 */
export function pathGlob(pattern: string): Matcher {
  const wanted = pattern
    .replaceAll("\\", "/")
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .map((segment) => (segment === "**" ? segment : wildcard(segment)));
  if (pattern === "" || pattern.startsWith("/")) return () => false; // paths are relative to the project
  return (path) => fits(wanted, path === "" ? [] : path.split("/"));
}

function fits(wanted: readonly (Matcher | "**")[], path: readonly string[]): boolean {
  let reachable = new Set([0]); // how many of `path` the pattern so far may have taken
  for (const step of wanted) {
    const next = new Set<number>();
    for (const taken of reachable) {
      if (step !== "**") {
        if (taken < path.length && step(path[taken]!)) next.add(taken + 1);
      } else {
        for (let i = taken; i <= path.length; i++) next.add(i);
      }
    }
    reachable = next;
  }
  return reachable.has(path.length);
}
