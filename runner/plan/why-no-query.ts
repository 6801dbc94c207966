import { lexed } from "../template/normal-form.ts";

/** How statements begin that can stand inside a select. */
const QUERIES: ReadonlySet<string> = new Set(
  "select with values from table describe desc summarize show pivot unpivot".split(" "),
);

/** Why SQL is not one query, as its words tell; null: it is. What the words do not tell, the engine refuses inside a select. */
export function whyNoQuery(sql: string): string | null {
  const tokens = lexed(sql);
  const first = tokens.find((token) => !/^\(+$/.test(token))?.toLowerCase() ?? "";
  if (!QUERIES.has(first)) return `"${first}" begins no query`;
  const end = tokens.indexOf(";");
  return end === -1 || end === tokens.length - 1 ? null : "these are several statements";
}
