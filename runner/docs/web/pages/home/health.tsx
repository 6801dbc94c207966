import type { VNode } from "preact";
import type { Health } from "../../../data/home-types.ts";
import { StatusMark } from "../../kit/badges.tsx";

export const HealthLine = ({ health }: { health: Health }): VNode => (
  <section class={`health health-${health.status}`} aria-label="Health">
    <span class="health-mark">
      <StatusMark status={health.status} />
    </span>
    <div>
      <p class="health-sentence">{health.sentence}</p>
      <p class="health-points">{health.points.join(" · ")}</p>
    </div>
  </section>
);
