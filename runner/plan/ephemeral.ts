/** What the CTE that stands for an ephemeral model is called; dbt's name. */
export const cteName = (identifier: string): string => `__dbt__cte__${identifier}`;

/** `name` is quoted as `ref` prints it. */
export type Cte = { readonly id: string; readonly name: string; readonly sql: string };

// One space at a time: `\s+` in a repeated group would try every way to cut a run of them.
const BLANK = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[\s\S]*?\*/)`;
const START = new RegExp(`${BLANK}*`, "y");
const WITH = new RegExp(`^with(${BLANK}+recursive)?(?=[\\s(/"-])`, "i");

/** Where what is neither a space nor in a comment begins. */
function beginOf(sql: string): number {
  START.lastIndex = 0;
  START.test(sql);
  return START.lastIndex;
}

/** Nothing but spaces and comments. */
export function isBlankSql(sql: string): boolean {
  const first = sql.charCodeAt(0);
  // Neither a space nor a comment begins with what most queries begin with.
  return !(first > SLASH && first <= 127) && beginOf(sql) === sql.length;
}
const SLASH = 47;

/**
 * Puts the CTEs of ephemeral models before a query: as its first `with`, or joined to the one it begins with. Only the very beginning
 * of the query is looked at, past spaces and comments.
 */
export function withCtes(sql: string, ctes: readonly Cte[]): string {
  if (ctes.length === 0) return sql;
  const list = ctes.map(({ name, sql: body }) => `${name} as (\n${body}\n)`).join(", ");
  const start = beginOf(sql);
  const own = WITH.exec(sql.slice(start));
  if (!own) return `${sql.slice(0, start)}with ${list}\n${sql.slice(start)}`;
  const end = start + own[0].length;
  return `${sql.slice(0, end)} ${list},${sql.slice(end)}`;
}
