import type { VNode } from "preact";
import type { IndexNode } from "../../../data/frame-types.ts";
import type { Kind, Status } from "../../../data/types.ts";
import { StatusMark, kindName, statusName } from "../../kit/badges.tsx";
import type { ColourBy } from "./colours.ts";

const STATUSES: readonly Status[] = ["bad", "warn", "good", "none"];

/** What the colours mean, of those that are there. */
export function Legend({
  nodes,
  places,
  by,
}: {
  nodes: readonly IndexNode[];
  places: ReadonlySet<number>;
  by: ColourBy;
}): VNode {
  const shown = [...places].map((place) => nodes[place]!);
  if (by === "health") {
    const there = new Set<Status>(shown.map(({ status }) => (status === "skipped" ? "none" : status)));
    return (
      <ul class="lineage-legend" aria-label="Colours">
        {STATUSES.filter((status) => there.has(status)).map((status) => (
          <li key={status}>
            <StatusMark status={status} />
            {statusName(status)}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul class="lineage-legend" aria-label="Colours">
      {[...new Set<Kind>(shown.map(({ kind }) => kind))].map((kind) => (
        <li key={kind} class={`kind-${kind}`}>
          <i class="dot" aria-hidden="true" />
          {kindName(kind)}
        </li>
      ))}
    </ul>
  );
}
