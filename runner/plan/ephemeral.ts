/** What `ref` of an ephemeral model prints, and what the CTE that stands for it is called; dbt's name. */
export const cteName = (model: string): string => `__dbt__cte__${model}`;

export type Cte = { readonly id: string; readonly name: string; readonly sql: string };

/**
 * Puts the CTEs of ephemeral models before a query: as its first `with`, or joined to the one it begins with. Only the very beginning
 * of the query is looked at, past spaces and comments.
 */
export function withCtes(sql: string, ctes: readonly Cte[]): string {
  if (ctes.length === 0) return sql;
  const list = ctes.map(({ name, sql: body }) => `${name} as (\n${body}\n)`).join(", ");
  const start = skipBlank(sql);
  const own = /^with(\s+recursive)?(?=[\s(/-])/i.exec(sql.slice(start));
  if (!own) return `${sql.slice(0, start)}with ${list}\n${sql.slice(start)}`;
  const end = start + own[0].length;
  return `${sql.slice(0, end)} ${list},${sql.slice(end)}`;
}

function skipBlank(sql: string): number {
  let at = 0;
  for (;;) {
    const blank = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)/.exec(sql.slice(at));
    if (!blank) return at;
    at += blank[0].length;
  }
}
