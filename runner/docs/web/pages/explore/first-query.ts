import type { ExploreTable } from "../../../data/explore-types.ts";

const quote = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** Something to begin with: the newest rows of a table, or its first ones. */
export function firstQuery(tables: readonly ExploreTable[]): string {
  const table =
    tables.find(({ columns }) => timeOf(columns) && columns.some(({ type }) => type === "number")) ??
    tables[0];
  if (table === undefined) return "";
  const time = timeOf(table.columns);
  const order = time === undefined ? "" : `\norder by ${quote(time.name)} desc`;
  return `select *\nfrom ${quote(table.name)}${order}\nlimit 1000`;
}

const timeOf = (columns: ExploreTable["columns"]): ExploreTable["columns"][number] | undefined =>
  columns.find(({ name, type }) => type === "date" || isTime(name));

export const isTime = (name: string): boolean =>
  /^(?:year|month|quarter|week|day|date|period|time)|_(?:year|period|date|month)$|period_start/i.test(name);
