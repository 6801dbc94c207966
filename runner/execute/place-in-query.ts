import type { QueryError } from "../adapters/query-error.ts";

/**
 * Lines of a statement are nobody's; lines of the query in it are those of the compiled file. What the engine finds wrong right after
 * the query is wrong with its end; what it finds elsewhere has no place there.
 */
export function placeInQuery(error: QueryError, query: string | null): QueryError {
  if (query === null || query === "" || error.line === null) return error;
  const start = error.sql.indexOf(query);
  if (start === -1) return error;
  const lines = query.split("\n");
  const line = error.line - error.sql.slice(0, start).split("\n").length + 1;
  if (line < 1) return error.restated({ sql: query, line: null, column: null });
  if (line <= lines.length) return error.restated({ sql: query, line });
  return error.restated({ sql: query, line: lines.length, column: lines.at(-1)!.length + 1 });
}
