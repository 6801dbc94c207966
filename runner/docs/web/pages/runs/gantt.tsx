import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { RunDetail, RunSpan } from "../../../data/runs-types.ts";
import { kindName, statusName } from "../../kit/badges.tsx";
import { formatCount, formatSeconds } from "../../kit/format.ts";
import { nodeLink } from "../../kit/route.ts";
import { ticksOf } from "./ticks.ts";

const ROW = 26;

/** A bar for each node from when it began to when it ended, a row for each that ran at the same time. */
export function Gantt({ detail: { run, spans, threads, critical } }: { detail: RunDetail }): VNode {
  const [shown, show] = useState<RunSpan | null>(null);
  const [zoom, setZoom] = useState(1);
  const first = Math.min(...spans.map(({ start }) => start));
  const end = Math.max(...spans.map(({ start, seconds }) => start + seconds), first + 0.001);
  const length = end - first;
  const isCritical = new Set(critical);
  const at = (seconds: number): string => `${((seconds - first) / length) * 100}%`;
  return (
    <div class="gantt">
      <div class="gantt-head">
        <span class="quiet small">
          {shown === null
            ? `${formatSeconds(first)} of reading and planning before the first node`
            : describe(shown)}
        </span>
        <span class="chips">
          <button
            type="button"
            class="chip"
            onClick={() => setZoom(Math.max(1, zoom / 2))}
            disabled={zoom === 1}
            aria-label="Show more of the run"
          >
            −
          </button>
          <button
            type="button"
            class="chip"
            onClick={() => setZoom(Math.min(64, zoom * 2))}
            aria-label="Show it larger"
          >
            +
          </button>
        </span>
      </div>
      <div class="gantt-scroller" tabIndex={0} role="region" aria-label={`Timeline of ${run.command}`}>
        <div class="gantt-field" style={{ width: `${zoom * 100}%`, height: `${threads * ROW + 26}px` }}>
          {ticksOf(length, 8 * zoom).map((tick) => (
            <span key={tick} class="tick" style={{ left: `${(tick / length) * 100}%` }}>
              <span>{formatSeconds(tick + first)}</span>
            </span>
          ))}
          {spans.map((span, place) => (
            <a
              key={place}
              href={nodeLink(span.id)}
              tabIndex={isCritical.has(place) ? 0 : -1}
              class={`span kind-${span.kind} span-${span.status}${isCritical.has(place) ? " span-critical" : ""}`}
              style={{
                left: at(span.start),
                width: `max(3px, ${(span.seconds / length) * 100}%)`,
                top: `${span.thread * ROW + 24}px`,
              }}
              onMouseEnter={() => show(span)}
              onFocus={() => show(span)}
              onMouseLeave={() => show(null)}
              aria-label={describe(span)}
            >
              {(span.seconds / length) * zoom > 0.07 ? <span aria-hidden="true">{span.name}</span> : null}
            </a>
          ))}
        </div>
      </div>
      <p class="legend small quiet">
        <span class="legend-critical" /> critical path: what the run could not have been faster than
        <span class="legend-bad" /> failed
      </p>
    </div>
  );
}

const describe = ({ name, kind, status, word, start, seconds, rows }: RunSpan): string =>
  [
    `${kindName(kind)} ${name}`,
    word || statusName(status),
    `${formatSeconds(seconds)} from ${formatSeconds(start)}`,
    rows === null ? null : `${formatCount(rows)} rows`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
