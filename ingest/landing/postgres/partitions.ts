import { OperationError } from "../../../runner/base/errors.ts";
import { plural } from "../../../runner/base/text.ts";
import { literal, quoteIdentifier } from "../../../runner/dialects/standard.ts";
import type { BatchColumn } from "../batch-source.ts";
import type { Session } from "./connection.ts";
import type { StagingNames } from "./names.ts";

/** The column that tables are partitioned by; rows without it lie in the partition `rest`. */
export const PERIOD_START = "period_start";

/** More than this in one edition is a mistake of the document, and would slow down every query of the table. */
const MAX_NEW = 400;

/** Whether rows can be partitioned by period at all. */
export const hasPeriods = (columns: readonly BatchColumn[]): boolean =>
  columns.some(
    (column) => column.kind === "derived" && column.type === "date" && column.name === PERIOD_START,
  );

/** The years in which periods of the source start, whether rows have them or not. */
export function yearsOf(columns: readonly BatchColumn[]): string[] {
  const dates = columns.flatMap((column) =>
    column.kind === "derived" && column.name === PERIOD_START ? column.values : [],
  );
  return [...new Set(dates.flatMap((date) => (date === null ? [] : [date.slice(0, 4)])))].sort();
}

/** Makes the partitions that are not there yet and returns their names. Each is made beside and attached, so that readers go on. */
export async function addPartitions(
  session: Session,
  names: StagingNames,
  years: readonly string[],
): Promise<string[]> {
  const there = await session.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = ${literal(names.sql.table)}::regclass`,
  );
  const known = new Set(there.map(({ name }) => name));
  const wanted = [
    { name: names.partition("rest"), bounds: "default" },
    ...years.map((year) => ({ name: names.partition(`y${year}`), bounds: boundsOf(year) })),
  ].filter(({ name }) => !known.has(name));
  if (wanted.length > MAX_NEW) {
    throw new OperationError(
      "PARTITIONS_MANY",
      `the edition would need ${plural(wanted.length, "new partition")} by year, at most ${MAX_NEW} are made at once`,
      { hint: "leave partition_by_period away for a dataset of so many years" },
    );
  }
  for (const { name, bounds } of wanted) {
    const partition = `${quoteIdentifier(names.schema)}.${quoteIdentifier(name)}`;
    await session.query(
      `create table ${partition} (like ${names.sql.table} including all excluding indexes)`,
    );
    await session.query(`alter table ${names.sql.table} attach partition ${partition} ${bounds}`);
  }
  return wanted.map(({ name }) => name);
}

const boundsOf = (year: string): string => {
  const next = Number(year) + 1;
  // Dates beyond the year 9999 have no such text, and no code means one.
  const end = next > 9999 ? "maxvalue" : literal(`${String(next).padStart(4, "0")}-01-01`);
  return `for values from (${literal(`${year}-01-01`)}) to (${end})`;
};
