import type { VNode } from "preact";
import type { PastBuild } from "../../../data/types.ts";
import { formatCount, formatMinute, formatSeconds } from "../../kit/format.ts";
import { Trend } from "../../kit/trend.tsx";

/** Build times and row counts over past runs. */
export function Builds({ builds }: { builds: readonly PastBuild[] }): VNode {
  const points = (value: (build: PastBuild) => number | null) =>
    builds.flatMap((build) => {
      const y = value(build);
      return y === null ? [] : [{ label: formatMinute(build.at), value: y, status: build.status }];
    });
  const rows = points((build) => build.rows);
  return (
    <section class="card" id="builds">
      <h2>Past builds</h2>
      <div class="columns-2">
        <Trend title="Build time" points={points((build) => build.seconds)} format={formatSeconds} />
        {rows.length > 0 ? <Trend title="Rows" points={rows} format={formatCount} /> : null}
      </div>
    </section>
  );
}
