import type { VNode } from "preact";
import type { PastCheck } from "../../data/types.ts";
import { statusName } from "./badges.tsx";
import { formatMinute, plural } from "./format.ts";

const MOST = 20;

/** Past results as a strip of marks, the newest at the right. */
export function PastStrip({
  past,
}: {
  past: readonly Pick<PastCheck, "at" | "status" | "failures">[];
}): VNode | null {
  const shown = past.slice(-MOST);
  if (shown.length === 0) return null;
  const bad = shown.filter(({ status }) => status === "bad").length;
  const label = `${plural(shown.length, "past result")}, ${bad === 0 ? "none failed" : `${bad} failed`}`;
  return (
    <span class="past-strip" role="img" aria-label={label}>
      {shown.map(({ at, status }, i) => (
        <i key={i} class={`past-${status}`} title={`${formatMinute(at)}: ${statusName(status)}`} />
      ))}
    </span>
  );
}
