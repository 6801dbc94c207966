import type { Cell, ResultColumn, Session } from "../../adapters/adapter.ts";
import { cellText, cellTextOrNull } from "../../adapters/cell-text.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { BARS, FACTS, histogramQuery, kindOfType, summaryQuery, topQuery } from "./profile-sql.ts";

/** What the values of a column are like. */
export type ColumnProfile = {
  readonly name: string;
  readonly type: string;
  readonly nulls: number;
  readonly distinct: number;
  /** As text; null where the type has no order or there is no value. */
  readonly min: string | null;
  readonly max: string | null;
  /** First, second (the median) and third; of numbers only. */
  readonly quartiles: readonly [number, number, number] | null;
  /** The most frequent values; empty where every value is there once. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
  /** Counts in equal stretches from min to max; of numbers that differ. */
  readonly histogram: readonly number[] | null;
};
export type RelationProfile = { readonly rows: number; readonly columns: readonly ColumnProfile[] };

/** `from`: a quoted relation. Reads it once for all columns, then once for each column's values. */
export async function profileRelation(
  session: Session,
  from: string,
  columns: readonly ResultColumn[],
  dialect: Dialect,
): Promise<RelationProfile> {
  const { rows } = await session.query(summaryQuery(from, columns, dialect));
  const [count, ...facts] = rows[0] ?? [];
  const total = Number(count ?? 0);
  const profiles: ColumnProfile[] = [];
  for (const [i, column] of columns.entries()) {
    const own = facts.slice(i * FACTS, (i + 1) * FACTS);
    profiles.push(await profileColumn(session, from, column, own, total, dialect));
  }
  return { rows: total, columns: profiles };
}

async function profileColumn(
  session: Session,
  from: string,
  column: ResultColumn,
  [filled, distinct, min, max, ...quartiles]: readonly Cell[],
  total: number,
  dialect: Dialect,
): Promise<ColumnProfile> {
  const repeated = Number(distinct) < Number(filled);
  const top = repeated ? (await session.query(topQuery(from, column, dialect))).rows : [];
  const [least, greatest] = [Number(min ?? Number.NaN), Number(max ?? Number.NaN)];
  const hasBars =
    kindOfType(column.type) === "number" && Number.isFinite(greatest - least) && greatest > least;
  const bars = hasBars
    ? (await session.query(histogramQuery(from, column, least, greatest, dialect))).rows
    : null;
  const numbers = quartiles.map(Number);
  return {
    name: column.name,
    type: column.type,
    nulls: total - Number(filled),
    distinct: Number(distinct),
    min: cellTextOrNull(min),
    max: cellTextOrNull(max),
    quartiles: quartiles[0] === null ? null : [numbers[0]!, numbers[1]!, numbers[2]!],
    top: top.map(([value, times]) => ({ value: cellText(value), count: Number(times) })),
    histogram: bars && histogramOf(bars),
  };
}

function histogramOf(rows: readonly (readonly Cell[])[]): readonly number[] {
  const counts = new Map(rows.map(([bar, count]) => [Number(bar), Number(count)]));
  return Array.from({ length: BARS }, (_, bar) => counts.get(bar) ?? 0);
}
