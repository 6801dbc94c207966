import type { VNode } from "preact";
import type { Series } from "./series.ts";
import { formatTick, scale } from "./scale.ts";

const ROW = 26;

/** A bar for each series, of its last value. */
export function BarPlot({
  series,
  width,
  label,
}: {
  series: readonly Series[];
  width: number;
  label: string;
}): VNode {
  const bars = series.flatMap(({ name, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ name, value: last.y, when: last.label }];
  });
  const names = Math.min(width * 0.34, 20 + Math.max(...bars.map(({ name }) => name.length)) * 7);
  const [low, high] = [
    Math.min(0, ...bars.map(({ value }) => value)),
    Math.max(0, ...bars.map(({ value }) => value)),
  ];
  const toX = scale([low, high], [names, width - 64]);
  return (
    <svg class="plot" width={width} height={bars.length * ROW + 8} role="img" aria-label={label}>
      {bars.map(({ name, value, when }, i) => (
        <g key={name} class="series-0">
          <text class="plot-name" x={names - 8} y={i * ROW + 18} text-anchor="end">
            {name.length > names / 7 ? `${name.slice(0, Math.floor(names / 7) - 2)}…` : name}
            <title>{name}</title>
          </text>
          <rect
            class="plot-bar"
            x={Math.min(toX(0), toX(value))}
            y={i * ROW + 5}
            width={Math.max(1, Math.abs(toX(value) - toX(0)))}
            height={ROW - 9}
            rx={3}
          >
            <title>{`${name}, ${when}: ${formatTick(value)}`}</title>
          </rect>
          <text class="plot-tick" x={Math.max(toX(0), toX(value)) + 6} y={i * ROW + 18}>
            {formatTick(value)}
          </text>
        </g>
      ))}
    </svg>
  );
}
