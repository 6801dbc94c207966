import type { VNode } from "preact";
import type { Failing } from "../../../data/home-types.ts";
import { NodeName, StatusBadge } from "../../kit/badges.tsx";

export const FailingNow = ({ failing }: { failing: readonly Failing[] }): VNode => (
  <section class="card">
    <h2>Needs attention</h2>
    <ul class="rows">
      {failing.map((each) => (
        <li key={each.id} class="failing">
          <StatusBadge status={each.status} word={each.word} />
          <div>
            <NodeName node={{ id: each.id, name: each.name, kind: each.kind }} />
            {each.of === null ? null : (
              <>
                <span class="quiet"> of </span>
                <NodeName node={{ id: each.of.id, name: each.of.name, kind: each.of.kind }} />
              </>
            )}
            {each.message === "" ? null : <div class="quiet small clamp">{each.message}</div>}
          </div>
        </li>
      ))}
    </ul>
  </section>
);
