import type { VNode } from "preact";
import type { ExploreData } from "../../../data/explore-types.ts";
import { plural } from "../../kit/format.ts";

/** Tables that cannot be queried here, and why. */
export const LeftOut = ({ data }: { data: ExploreData }): VNode | null =>
  data.leftOut.length === 0 ? null : (
    <details class="explore-left small">
      <summary>{plural(data.leftOut.length, "table")} left out</summary>
      <ul>
        {data.leftOut.map(({ name, reason }) => (
          <li key={name}>
            <b>{name}</b>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
