import type { ResultColumn } from "../../adapters/adapter.ts";
import type { Dialect } from "../../dialects/dialect.ts";

/** Bars of a histogram at most, and values that are listed as the most frequent. */
const BARS = 10;
const TOP = 5;

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

/** What is asked of the values of one column, which the answer names by its place. */
export type Shape =
  | { readonly kind: "top"; readonly place: number; readonly column: ResultColumn }
  | {
      readonly kind: "histogram";
      readonly place: number;
      readonly column: ResultColumn;
      readonly least: number;
      readonly greatest: number;
    };

/**
 * The most frequent values of some columns, and how the numbers of others spread, in one statement: rows of kind, place, value or bar,
 * count. `once`: the relation is computed once for all of them, which a view wants and a table of many columns does not.
 */
export function shapesQuery(from: string, shapes: readonly Shape[], once: boolean, dialect: Dialect): string {
  const parts = shapes.map((shape) => {
    const { text, query } =
      shape.kind === "top" ? topQuery(shape.column, dialect) : histogramQuery(shape, dialect);
    return `select ${dialect.literal(shape.kind)} as kind, ${shape.place} as place, ${text} as shape_value, shape_count from (${query}) as part`;
  });
  return `with rows_of as ${once ? "materialized" : "not materialized"} (select * from ${from})\n${parts.join("\nunion all\n")}`;
}

function topQuery(column: ResultColumn, dialect: Dialect): { text: string; query: string } {
  const value = comparable(column, dialect);
  return {
    text: "shape_value",
    query: `select cast(${value} as ${dialect.type("text")}) as shape_value, count(*) as shape_count from rows_of where ${value} is not null
group by ${value} order by count(*) desc, 1 limit ${TOP}`,
  };
}

/** Few whole numbers have a bar each: stretches that some of them fall into twice would show gaps that are not there. */
export function barsOf({ column, least, greatest }: Extract<Shape, { kind: "histogram" }>): {
  readonly count: number;
  readonly width: number;
} {
  const values = greatest - least + 1;
  if (values <= BARS && /int/i.test(column.type)) return { count: values, width: 1 };
  return { count: BARS, width: (greatest - least) / BARS };
}

/** How many values lie in each of the equal stretches between the least and the greatest. */
function histogramQuery(
  shape: Extract<Shape, { kind: "histogram" }>,
  dialect: Dialect,
): { text: string; query: string } {
  const { column, least, greatest } = shape;
  const value = `cast(${dialect.quoteIdentifier(column.name)} as ${dialect.type("double")})`;
  const bars = barsOf(shape);
  const width = dialect.literal(bars.width);
  const bar = `least(${bars.count - 1}, cast(floor((${value} - ${dialect.literal(least)}) / ${width}) as ${dialect.type("integer")}))`;
  return {
    text: `cast(shape_value as ${dialect.type("text")})`,
    query: `select ${bar} as shape_value, count(*) as shape_count from rows_of where ${value} between ${dialect.literal(least)} and ${dialect.literal(greatest)} group by ${bar}`,
  };
}
