import type { VNode } from "preact";
import type { RunDetail } from "../../../data/runs-types.ts";
import { NodeName } from "../../kit/badges.tsx";
import { formatSeconds } from "../../kit/format.ts";

export function CriticalPath({ detail: { spans, critical } }: { detail: RunDetail }): VNode {
  const most = Math.max(...critical.map((place) => spans[place]!.seconds), 0.001);
  return (
    <details class="critical" open>
      <summary>Critical path, in the order of the run</summary>
      <ol class="bars">
        {critical.map((place) => {
          const span = spans[place]!;
          return (
            <li key={place}>
              <NodeName node={span} />
              <span class="bar-track">
                <i style={{ width: `${Math.max(0.6, (span.seconds / most) * 100)}%` }} />
              </span>
              <span class="number">{formatSeconds(span.seconds)}</span>
            </li>
          );
        })}
      </ol>
    </details>
  );
}
