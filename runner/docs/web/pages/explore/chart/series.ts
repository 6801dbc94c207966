import { isTime } from "../first-query.ts";
import type { Result, Value } from "../result.ts";

export const chartKinds = ["line", "bar", "multiples"] as const;
export type ChartKind = (typeof chartKinds)[number];
/** Names of columns; `by` empty: one series. */
export type ChartChoice = {
  readonly kind: ChartKind;
  readonly x: string;
  readonly y: string;
  readonly by: string;
};
export type Series = { readonly name: string; readonly points: readonly Point[] };
/** `x` as a number to place it, and as it was. */
export type Point = { readonly x: number; readonly label: string; readonly y: number };
export type Drawn = {
  readonly series: readonly Series[];
  /** Series that there are. */
  readonly total: number;
  /** Some points stand for several rows. */
  readonly isMean: boolean;
  readonly isOrdinal: boolean;
};

/** What the address says, and for the rest what suits the columns: time across, a number up, a line for each text. */
export function chooseChart({ columns, rows }: Result, query: URLSearchParams): ChartChoice | null {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const across =
    columns.find(({ kind }) => kind === "time") ??
    columns.find(({ name }) => isTime(name)) ??
    columns.find(({ kind }) => kind === "text") ??
    numbers[0];
  const up = numbers.find((column) => column !== across && !isTime(column.name));
  const has = (name: string | null): name is string => columns.some((column) => column.name === name);
  const named = (key: string): string | null => (has(query.get(key)) ? query.get(key) : null);
  const x = named("x") ?? across?.name;
  const y = named("y") ?? up?.name;
  if (x === undefined || y === undefined) return null;
  const kind = chartKinds.find((each) => each === query.get("chart")) ?? (isAcross(x) ? "line" : "bar");
  const texts = columns.filter((column) => column.kind === "text" && column.name !== x);
  const varied = texts
    .map(({ name }) => ({
      name,
      count: distinct(
        rows,
        columns.findIndex((column) => column.name === name),
      ),
    }))
    .filter(({ count }) => count > 1);
  const by = query.get("by") === "" ? "" : (named("by") ?? varied[0]?.name ?? "");
  return { kind, x, y, by };

  function isAcross(name: string): boolean {
    return isTime(name) || columns.find((column) => column.name === name)?.kind === "time";
  }
}

const distinct = (rows: Result["rows"], place: number): number => new Set(rows.map((row) => row[place])).size;

/** Points by series, in the order of x; the series with the largest last values first, `most` of them. */
export function seriesOf({ columns, rows }: Result, { x, y, by }: ChartChoice, most: number): Drawn {
  const placeOf = (name: string): number => columns.findIndex((column) => column.name === name);
  const [atX, atY, atBy] = [placeOf(x), placeOf(y), by === "" ? -1 : placeOf(by)];
  const isTimed = columns[atX]?.kind === "time";
  const labels = [...new Set(rows.map((row) => row[atX] ?? null).filter((value) => value !== null))];
  const isOrdinal = !isTimed && labels.some((value) => typeof value !== "number");
  const order = new Map(
    labels
      .map(String)
      .toSorted()
      .map((label, place) => [label, place]),
  );
  const numberOf = (value: Value): number =>
    isOrdinal
      ? order.get(String(value))!
      : isTimed
        ? Date.parse(String(value).replace(" ", "T"))
        : Number(value);
  const sums = new Map<string, Map<number, { label: string; sum: number; count: number }>>();
  let isMean = false;
  for (const row of rows) {
    const [across, up] = [row[atX] ?? null, row[atY] ?? null];
    if (across === null || up === null || !Number.isFinite(Number(up))) continue;
    const name = atBy === -1 ? y : String(row[atBy] ?? "null");
    const points = sums.get(name) ?? new Map<number, { label: string; sum: number; count: number }>();
    sums.set(name, points);
    const place = numberOf(across);
    const point = points.get(place) ?? { label: String(across), sum: 0, count: 0 };
    points.set(place, { ...point, sum: point.sum + Number(up), count: point.count + 1 });
    isMean ||= point.count > 0;
  }
  const all = [...sums].map(([name, points]): Series => ({
    name,
    points: [...points]
      .map(([place, { label, sum, count }]) => ({ x: place, label, y: sum / count }))
      .toSorted((a, b) => a.x - b.x),
  }));
  const last = ({ points }: Series): number => points.at(-1)?.y ?? -Infinity;
  const series = all.toSorted((a, b) => last(b) - last(a)).slice(0, most);
  return { series, total: all.length, isMean, isOrdinal };
}
