import { nodeQuery } from "../../plan/node-query.ts";
import { QueryError } from "../query-error.ts";

/**
 * A script that tells names and types of a query's columns, and what undoes it where it fails. A view knows its columns to the last digit of
 * precision, which the server does not tell of a query alone.
 */
export function describing(
  query: string,
  inTransaction: boolean,
): { readonly sql: string; readonly undo: string } {
  const [open, undo] = inTransaction
    ? (["savepoint statloom_describe", "rollback to savepoint statloom_describe"] as const)
    : (["begin", "rollback"] as const);
  const view = `create temporary view statloom_describe as (\n${nodeQuery(query)}\n)`;
  const columns = `select attname, format_type(atttypid, atttypmod) from pg_catalog.pg_attribute
      where attrelid = 'pg_temp.statloom_describe'::regclass and attnum > 0 order by attnum`;
  return { sql: [open, view, columns, undo].join("; "), undo };
}

/** A failure of such a script as one of the query. */
export function placedInDescribed(error: unknown, query: string): unknown {
  if (!(error instanceof QueryError)) return error;
  // Our own words stand on the first line.
  const place =
    error.line === null || error.line < 2 ? { line: null, column: null } : { line: error.line - 1 };
  return error.restated({ sql: query, ...place });
}
