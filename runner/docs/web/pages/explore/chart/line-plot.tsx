import type { VNode } from "preact";
import type { Series } from "./series.ts";
import { extent, formatTick, scale, ticks } from "./scale.ts";

export type Plot = {
  readonly series: readonly Series[];
  readonly width: number;
  readonly height: number;
  /** Common to several plots beside each other. */
  readonly xs: readonly [number, number];
  readonly ys: readonly [number, number];
  readonly label: string;
  /** Fewer words where there is less room. */
  readonly isSmall?: boolean;
};

/** Lines over round numbers; a point where there is no neighbour to draw a line to. */
export function LinePlot({ series, width, height, xs, ys, label, isSmall = false }: Plot): VNode {
  const left = isSmall ? 38 : 52;
  const bottom = isSmall ? 26 : 28;
  const grid = ticks(ys[0], ys[1], isSmall ? 3 : 6);
  const toX = scale(xs, [left, width - 12]);
  const toY = scale([grid[0]!, grid.at(-1)!], [height - bottom, 10]);
  const marks = labelsOf(series, Math.max(2, Math.floor((width - left) / (isSmall ? 90 : 80))));
  return (
    <svg class="plot" width={width} height={height} role="img" aria-label={label}>
      {grid.map((value) => (
        <g key={value}>
          <line class="plot-grid" x1={left} x2={width - 12} y1={toY(value)} y2={toY(value)} />
          <text class="plot-tick" x={left - 7} y={toY(value) + 4} text-anchor="end">
            {formatTick(value)}
          </text>
        </g>
      ))}
      {marks.map(({ x, text }) => (
        <text key={x} class="plot-tick" x={toX(x)} y={height - 7} text-anchor="middle">
          {text}
        </text>
      ))}
      {series.map(({ name, points }, i) => (
        <g key={name} class={`series-${i % 8}`}>
          <path
            class="plot-line"
            d={points
              .map(({ x, y }, at) => `${at === 0 ? "M" : "L"}${toX(x).toFixed(1)} ${toY(y).toFixed(1)}`)
              .join("")}
          />
          {points.length <= 60
            ? points.map((point) => (
                <circle
                  key={point.x}
                  class="plot-point"
                  cx={toX(point.x)}
                  cy={toY(point.y)}
                  r={isSmall ? 1.6 : 3}
                >
                  <title>{`${name}, ${point.label}: ${formatTick(point.y)}`}</title>
                </circle>
              ))
            : null}
        </g>
      ))}
    </svg>
  );
}

export function spansOf(series: readonly Series[]): Pick<Plot, "xs" | "ys"> {
  const points = series.flatMap((each) => each.points);
  const [low, high] = extent(points.map(({ y }) => y));
  // From zero, unless that would leave no room for what differs.
  const bottom = low > 0 && low < high * 0.6 ? 0 : low;
  const pad = high === bottom ? Math.abs(high) * 0.1 || 1 : 0;
  return { xs: extent(points.map(({ x }) => x)), ys: [bottom - pad, high + pad] };
}

/** Labels of x, so few that they do not touch. */
function labelsOf(series: readonly Series[], most: number): { x: number; text: string }[] {
  const all = new Map(series.flatMap(({ points }) => points.map(({ x, label }) => [x, label] as const)));
  const sorted = [...all].toSorted(([a], [b]) => a - b);
  const step = Math.ceil(sorted.length / most);
  return sorted.filter((_, i) => i % step === 0).map(([x, text]) => ({ x, text: text.slice(0, 10) }));
}
