import type { VNode } from "preact";
import type { TrendPoint } from "./trend.tsx";

/** A trend within a line of text: bars, and the last value. */
export function Spark({
  title,
  points,
  format,
}: {
  title: string;
  points: readonly TrendPoint[];
  format: (value: number) => string;
}): VNode {
  const most = Math.max(...points.map(({ value }) => value), 0) || 1;
  const last = points.at(-1);
  return (
    <span class="spark">
      <span
        class="spark-bars"
        role="img"
        aria-label={`${title}: ${points.map(({ value }) => format(value)).join(", ")}`}
      >
        {points.map(({ label, value, status }, i) => (
          <i
            key={i}
            class={`trend-${status}`}
            title={`${label}: ${format(value)}`}
            style={{ height: `${Math.max(6, (value / most) * 100)}%` }}
          />
        ))}
      </span>
      <span class="quiet small">{last === undefined ? "" : format(last.value)}</span>
    </span>
  );
}
