/** A query as it stands inside a statement: without the semicolon and the empty lines after it. */
export const nodeQuery = (sql: string): string => sql.replace(/[\s;]+$/, "");
