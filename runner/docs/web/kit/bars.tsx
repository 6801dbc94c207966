import type { VNode } from "preact";
import { formatCount, formatNumber, plural } from "./format.ts";

/** How values spread between the least and the greatest. */
export function Histogram({
  counts,
  min,
  max,
}: {
  counts: readonly number[];
  min: string;
  max: string;
}): VNode {
  const most = Math.max(1, ...counts);
  const width = 100 / counts.length;
  const words = `from ${numberText(min)} to ${numberText(max)}, in equal steps: ${counts.map(formatCount).join(", ")}`;
  return (
    <figure class="histogram">
      <svg viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label={words}>
        {counts.map((count, i) => {
          const height = count === 0 ? 0 : Math.max(1.2, (count / most) * 31);
          return <rect key={i} x={i * width + 0.5} width={width - 1} y={32 - height} height={height} />;
        })}
      </svg>
      <figcaption>
        <span>{numberText(min)}</span>
        <span>{numberText(max)}</span>
      </figcaption>
    </figure>
  );
}

const numberText = (text: string): string => {
  const number = Number(text);
  // Years are no thousands.
  const isShort = Number.isInteger(number) && Math.abs(number) < 10_000;
  return text === "" || Number.isNaN(number) || isShort ? text : formatNumber(number);
};

type TopProps = {
  readonly top: readonly (readonly [value: string, count: number])[];
  readonly min: string | null;
  readonly max: string | null;
};

/** The most frequent values; where none is frequent, the range. */
export function TopBars({ top, min, max }: TopProps): VNode | null {
  const most = top[0]?.[1] ?? 0;
  if (most === 0)
    return min === null || max === null ? null : <p class="range">{min === max ? min : `${min} … ${max}`}</p>;
  return (
    <ul class="top-bars">
      {top.slice(0, 3).map(([value, count]) => (
        <li key={value}>
          <span class="top-bar" style={{ width: `${Math.max(2, (count / most) * 100)}%` }} />
          <span class="top-value" title={`${value}: ${plural(count, "row")}`}>
            {value === "" ? "(empty text)" : value}
          </span>
          <span class="top-count">{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}
