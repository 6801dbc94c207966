/** A query as it stands inside a statement: without the semicolon that people end theirs with, and the empty lines after it. */
export function nodeQuery(sql: string): string {
  let query = sql.trimEnd();
  // An expression would try every space of the query for an end of it.
  while (query.endsWith(";")) query = query.slice(0, -1).trimEnd();
  return query;
}

export const trimmedQuery = (sql: string): string => nodeQuery(sql.trim());
