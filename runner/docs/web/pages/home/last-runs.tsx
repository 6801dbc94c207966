import type { VNode } from "preact";
import type { RunSummary } from "../../../data/runs-types.ts";
import { StatusBadge } from "../../kit/badges.tsx";
import { formatAge, formatMinute, formatSeconds, plural } from "../../kit/format.ts";
import { link } from "../../kit/route.ts";
import { Empty } from "../../kit/state.tsx";

const FEW = 6;

export const LastRuns = ({ runs }: { runs: readonly RunSummary[] }): VNode => (
  <section class="card">
    <div class="card-head">
      <h2>Last runs</h2>
      {runs.length > 0 ? (
        <a class="small" href={link("runs")}>
          All runs
        </a>
      ) : null}
    </div>
    {runs.length === 0 ? (
      <Empty title="No run is known">
        Run <code>models build</code>, then make the site again.
      </Empty>
    ) : null}
    <ul class="rows">
      {runs.slice(0, FEW).map((run) => (
        <li key={run.id} class="home-node">
          <div class="home-node-line">
            <a href={link("runs", [run.id])}>models {run.command}</a>
            <StatusBadge status={run.status} />
          </div>
          <p class="quiet small" title={formatMinute(run.at)}>
            {formatAge(run.at)} · {formatSeconds(run.seconds)} · {plural(run.nodes, "node")}
            {run.failed > 0 ? `, ${run.failed} failed` : ""}
          </p>
        </li>
      ))}
    </ul>
  </section>
);
