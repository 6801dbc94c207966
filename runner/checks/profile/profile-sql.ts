import type { ResultColumn } from "../../adapters/adapter.ts";
import type { Dialect } from "../../dialects/dialect.ts";

/** Bars of a histogram, and values that are listed as the most frequent. */
export const BARS = 10;
export const TOP = 5;

/** What is counted depends on the type: numbers and times have an order, numbers have bars. */
export type ColumnKind = "number" | "time" | "other";
export const kindOfType = (type: string): ColumnKind => {
  if (
    /^(u?(tiny|small|big|huge)?int|integer|u?int\d*|double|real|float|numeric|decimal)/i.test(type) &&
    !type.endsWith("[]")
  )
    return "number";
  return /^(date|time)/i.test(type) && !type.endsWith("[]") ? "time" : "other";
};

/** Values that cannot be grouped or ordered everywhere are counted by their text. */
const comparable = (column: ResultColumn, dialect: Dialect): string => {
  const name = dialect.quoteIdentifier(column.name);
  return /json|\[\]$|struct|map|union|bytea|blob/i.test(column.type)
    ? `cast(${name} as ${dialect.type("text")})`
    : name;
};

/**
 * One pass: rows, then a row's worth of facts for each column: filled, distinct, least, greatest, and the quartiles of numbers. Six
 * values a column, null where it has none.
 */
export function summaryQuery(from: string, columns: readonly ResultColumn[], dialect: Dialect): string {
  const parts = columns.flatMap((column) => {
    const value = comparable(column, dialect);
    const text = dialect.type("text");
    const ordered = kindOfType(column.type) !== "other" || value === dialect.quoteIdentifier(column.name);
    const isBoolean = /^bool/i.test(column.type);
    const extreme = (which: "min" | "max"): string =>
      ordered && !isBoolean ? `cast(${which}(${value}) as ${text})` : `cast(null as ${text})`;
    const quartile = (share: number): string =>
      kindOfType(column.type) === "number"
        ? `cast(percentile_cont(${share}) within group (order by ${value}) as ${dialect.type("double")})`
        : `cast(null as ${dialect.type("double")})`;
    return [
      `count(${value})`,
      `count(distinct ${value})`,
      extreme("min"),
      extreme("max"),
      quartile(0.25),
      quartile(0.5),
      quartile(0.75),
    ];
  });
  return `select count(*), ${parts.join(",\n")} from ${from}`;
}
export const FACTS = 7;

/** The most frequent values with their counts. */
export function topQuery(from: string, column: ResultColumn, dialect: Dialect): string {
  const value = comparable(column, dialect);
  return `select cast(${value} as ${dialect.type("text")}), count(*) from ${from} where ${value} is not null
group by ${value} order by count(*) desc, 1 limit ${TOP}`;
}

/** How many values of a number lie in each of {@link BARS} equal stretches between its least and its greatest. */
export function histogramQuery(
  from: string,
  column: ResultColumn,
  least: number,
  greatest: number,
  dialect: Dialect,
): string {
  const value = `cast(${dialect.quoteIdentifier(column.name)} as ${dialect.type("double")})`;
  const width = dialect.literal((greatest - least) / BARS);
  const bar = `least(${BARS - 1}, cast(floor((${value} - ${dialect.literal(least)}) / ${width}) as ${dialect.type("integer")}))`;
  return `select ${bar}, count(*) from ${from} where ${value} between ${dialect.literal(least)} and ${dialect.literal(greatest)} group by 1`;
}
