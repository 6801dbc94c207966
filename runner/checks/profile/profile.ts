import type { Cell, ResultColumn, Session } from "../../adapters/adapter.ts";
import { cellText, cellTextOrNull } from "../../adapters/cell-text.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { FACTS, barsOf, kindOfType, shapesQuery, summaryQuery } from "./profile-sql.ts";
import type { Shape } from "./profile-sql.ts";

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
  /** Counts in ten equal stretches from min to max, or of each value of a few whole numbers; of numbers that differ. */
  readonly histogram: readonly number[] | null;
};
export type RelationProfile = { readonly rows: number; readonly columns: readonly ColumnProfile[] };

/** Views of no more rows are computed once for all columns; what is larger is read column by column. */
const FEW_ROWS = 1_000_000;

/** `from`: a quoted relation. Reads it once for counts and extremes, and once for how the values of its columns spread. */
export async function profileRelation(
  session: Session,
  from: string,
  columns: readonly ResultColumn[],
  dialect: Dialect,
): Promise<RelationProfile> {
  const { rows } = await session.query(summaryQuery(from, columns, dialect));
  const [count, ...facts] = rows[0] ?? [];
  const total = Number(count ?? 0);
  const summaries = columns.map((column, i) =>
    summaryOf(column, facts.slice(i * FACTS, (i + 1) * FACTS), total),
  );
  const shapes = summaries.flatMap((summary, place) =>
    shapesOf(summary, total - summary.nulls, columns[place]!, place),
  );
  const found =
    shapes.length === 0
      ? []
      : (await session.query(shapesQuery(from, shapes, total <= FEW_ROWS, dialect))).rows;
  const of = (kind: Shape["kind"], place: number): (readonly Cell[])[] =>
    found.filter((row) => row[0] === kind && Number(row[1]) === place);
  return {
    rows: total,
    columns: summaries.map((summary, place) => ({
      ...summary,
      // The order within a part is not that of the whole.
      top: of("top", place)
        .map(([, , value, times]) => ({ value: cellText(value), count: Number(times) }))
        .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
      histogram: histogramOf(
        shapes.find((shape) => shape.kind === "histogram" && shape.place === place),
        of("histogram", place),
      ),
    })),
  };
}

type Summary = Omit<ColumnProfile, "top" | "histogram">;

function summaryOf(
  { name, type }: ResultColumn,
  [filled, distinct, min, max, ...quartiles]: readonly Cell[],
  total: number,
): Summary {
  const numbers = quartiles.map(Number);
  return {
    name,
    type,
    nulls: total - Number(filled),
    distinct: Number(distinct),
    min: cellTextOrNull(min),
    max: cellTextOrNull(max),
    quartiles: quartiles[0] === null ? null : [numbers[0]!, numbers[1]!, numbers[2]!],
  };
}

/** Values that are all different have no most frequent ones; numbers that are all the same do not spread. */
function shapesOf(
  { min, max, distinct }: Summary,
  filled: number,
  column: ResultColumn,
  place: number,
): Shape[] {
  const [least, greatest] = [Number(min ?? Number.NaN), Number(max ?? Number.NaN)];
  const spreads =
    kindOfType(column.type) === "number" && Number.isFinite(greatest - least) && greatest > least;
  return [
    ...(distinct < filled ? [{ kind: "top", place, column } as const] : []),
    ...(spreads ? [{ kind: "histogram", place, column, least, greatest } as const] : []),
  ];
}

function histogramOf(shape: Shape | undefined, rows: readonly (readonly Cell[])[]): readonly number[] | null {
  if (shape?.kind !== "histogram") return null;
  const counts = new Map(rows.map(([, , bar, count]) => [Number(bar), Number(count)]));
  return Array.from({ length: barsOf(shape).count }, (_, bar) => counts.get(bar) ?? 0);
}
