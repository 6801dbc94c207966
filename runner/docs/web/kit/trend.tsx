import type { VNode } from "preact";
import type { Status } from "../../data/types.ts";

export type TrendPoint = {
  readonly label: string;
  readonly value: number;
  readonly status: Status;
  readonly href?: string;
};
type TrendProps = {
  readonly title: string;
  /** Oldest first. */
  readonly points: readonly TrendPoint[];
  readonly format: (value: number) => string;
};

/** A bar for each past run, the newest at the right; what failed has its own colour. */
export function Trend({ title, points, format }: TrendProps): VNode {
  const most = Math.max(...points.map(({ value }) => value), Number.MIN_VALUE);
  const last = points.at(-1);
  return (
    <figure class="trend">
      <figcaption>
        <span>{title}</span>
        <strong>{last === undefined ? "—" : format(last.value)}</strong>
      </figcaption>
      <div
        class="trend-bars"
        role="img"
        aria-label={`${title}: ${points.map(({ value }) => format(value)).join(", ")}`}
      >
        {points.map(({ label, value, status }, i) => (
          <span key={i} title={`${label}: ${format(value)}`}>
            <i class={`trend-${status}`} style={{ height: `${Math.max(2, (value / most) * 100)}%` }} />
          </span>
        ))}
      </div>
      <div class="trend-ends quiet">
        <span>{points[0]?.label}</span>
        <span>{points.length > 1 ? last?.label : null}</span>
      </div>
    </figure>
  );
}
