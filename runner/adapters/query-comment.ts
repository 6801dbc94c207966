import type { QueryError } from "./query-error.ts";

/** What statements say of where they come from, for who looks at the engine's list of queries. One line, without `/*`. */
export type QueryComment = {
  readonly text: string;
  /** After the statement instead of before it. */
  readonly append: boolean;
};

/** A statement as it is sent, the comment on a line of its own. */
export function withComment(sql: string, comment: QueryComment | null): string {
  if (comment === null) return sql;
  const text = `/* ${comment.text} */`;
  return comment.append ? `${sql}\n${text}` : `${text}\n${sql}`;
}

/** A failure of the statement that was sent as one of the statement itself. */
export function withoutComment(error: QueryError, sql: string, comment: QueryComment | null): QueryError {
  if (comment === null) return error;
  if (comment.append || error.line === null) return error.restated({ sql });
  if (error.line > 1) return error.restated({ sql, line: error.line - 1 });
  return error.restated({ sql, line: null, column: null });
}
