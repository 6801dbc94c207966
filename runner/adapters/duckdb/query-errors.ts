import { messageOf } from "../../base/errors.ts";
import { diskHint } from "../../base/files.ts";
import { QueryError } from "../query-error.ts";
import type { QueryErrorKind } from "../query-error.ts";

/** DuckDB's own words for the kinds; it gives no codes. The first that fits decides. */
const kinds: readonly (readonly [RegExp, QueryErrorKind])[] = [
  [/^INTERRUPT Error/, "cancelled"],
  [/^IO Error: Could not set lock/, "locked"],
  [/^TransactionContext Error: (?!Current transaction is aborted).*\bconflict\b/is, "conflict"],
  [/^(FATAL Error|Connection Error)|database has been invalidated/, "lost"],
  // 408 and 429 say to come again; other answers of that kind would be the same.
  [/^HTTP Error(?![^]*\bHTTP 4(?!08|29)\d\d\b)|^IO Error: Could not establish connection/, "network"],
  [/^(IO|HTTP) Error/, "io"],
];

/** What DuckDB threw as a {@link QueryError}: kind, words without the excerpt, and the place in `sql`. */
export function queryError(cause: unknown, sql: string): QueryError {
  const text = messageOf(cause);
  const kind = kinds.find(([pattern]) => pattern.test(text))?.[1] ?? "sql";
  const hint = isOfDisk(kind, text) ? diskHint(text) : undefined;
  const said = kind === "cancelled" ? "the statement was cancelled" : readable(text);
  const message = hint === undefined ? said : `${said}\n${hint}`;
  return new QueryError({ message, kind, sql, ...placeIn(sql, text) }, cause);
}

/** Not where such words may be a value's; what a commit or a checkpoint could not write has no kind of its own. */
const isOfDisk = (kind: QueryErrorKind, text: string): boolean =>
  kind === "io" || kind === "lost" || text.startsWith("TransactionContext Error: Failed to commit");

/** Without the excerpt (we have the place), without advice on reader options (the file is what must change). */
function readable(text: string): string {
  return text
    .replace(/\n+LINE \d+: [\s\S]*$/, "")
    .replace(/\n+(Possible (fixes|solutions?):|  file = |Column .* is being converted as type)[\s\S]*$/i, "")
    .replace(/ See also https:\S+/, "")
    .trim();
}

/**
 * Reads `LINE 2: …excerpt\n    ^`. A long line is cut at both ends with `...`; the excerpt is then looked up in the line.
 */
function placeIn(sql: string, text: string): { line: number | null; column: number | null } {
  const found = /\nLINE (\d+): (.*)\n( *)\^\s*$/.exec(text);
  if (!found) return { line: null, column: null };
  const [, digits = "", excerpt = "", indent = ""] = found;
  const line = Number(digits);
  const caret = indent.length - `LINE ${digits}: `.length;
  const cut = excerpt.startsWith("...");
  const shown = excerpt.slice(cut ? 3 : 0).replace(/\.\.\.$/, "");
  const start = cut ? (sql.split("\n")[line - 1]?.indexOf(shown) ?? -1) - 3 : 0;
  return { line, column: start < -2 ? null : start + caret + 1 };
}
