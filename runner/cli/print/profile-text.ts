import { formatTable, plural, printable } from "../../base/text.ts";
import type { ColumnProfile, RelationProfile } from "../../checks/profile/profile.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";

/** A line a column: type, empty and distinct values, from least to greatest, a histogram, the most frequent values. */
export function profileText({ rows, columns }: RelationProfile): string {
  const head = [
    "column",
    "type",
    "nulls",
    "distinct",
    "min",
    "quartiles",
    "max",
    "histogram",
    "most frequent",
  ];
  const lines = columns.map((column) => [
    column.name,
    column.type.toLowerCase(),
    share(column.nulls, rows),
    String(column.distinct),
    short(column.min),
    column.quartiles?.map(number).join(" ") ?? "",
    short(column.max),
    bars(column.histogram),
    column.top.map(({ value, count }) => `${short(value)} ×${count}`).join(", "),
  ]);
  return `${formatTable(head, lines)}\n${plural(rows, "row")}\n`;
}

function share(count: number, of: number): string {
  if (count === 0 || of === 0) return String(count);
  const percent = (100 * count) / of;
  return `${count} (${percent < 0.1 ? "<0.1" : percent.toFixed(1)} %)`;
}

/** An empty stretch has no bar, so that a single value far off is seen. */
function bars(histogram: ColumnProfile["histogram"]): string {
  if (histogram === null) return "";
  const most = Math.max(...histogram);
  return histogram
    .map((count) => (count === 0 ? " " : BLOCKS[Math.ceil((count / most) * BLOCKS.length) - 1]))
    .join("");
}

const number = (value: number): string => String(Number(value.toPrecision(6)));

function short(text: string | null): string {
  const shown = printable(text ?? "");
  return shown.length > 24 ? `${shown.slice(0, 23)}…` : shown;
}
