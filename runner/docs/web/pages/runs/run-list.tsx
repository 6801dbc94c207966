import type { VNode } from "preact";
import type { RunSummary, RunsData } from "../../../data/runs-types.ts";
import { StatusBadge } from "../../kit/badges.tsx";
import { formatCount, formatMinute, formatSeconds } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import { link } from "../../kit/route.ts";
import { Trend } from "../../kit/trend.tsx";

const DRAWN = 40;

/** All runs that are known, and how their durations and sizes went. */
export function RunList({ data: { runs, detailed } }: { data: RunsData }): VNode {
  const drawn = runs.slice(0, DRAWN).toReversed();
  const points = (value: (run: RunSummary) => number) =>
    drawn.map((run) => ({
      label: `${formatMinute(run.at)}, ${run.command}`,
      value: value(run),
      status: run.status,
    }));
  return (
    <section class="card">
      <h2>All runs</h2>
      <div class="columns-2 run-trends">
        <Trend title="Time" points={points(({ seconds }) => seconds)} format={formatSeconds} />
        <Trend title="Nodes" points={points(({ nodes }) => nodes)} format={formatCount} />
      </div>
      <FoldingTable
        heads={[
          "Command",
          "Began",
          "Result",
          { number: "Time" },
          { number: "Nodes" },
          { number: "Failed" },
          { number: "Skipped" },
        ]}
      >
        {runs.map((run) => (
          <tr key={run.id}>
            <td>
              {detailed.includes(run.id) ? (
                <a href={link("runs", [run.id])}>models {run.command}</a>
              ) : (
                `models ${run.command}`
              )}
            </td>
            <td class="quiet">{formatMinute(run.at)}</td>
            <td>
              <StatusBadge status={run.status} />
            </td>
            <td class="number">{formatSeconds(run.seconds)}</td>
            <td class="number">{formatCount(run.nodes)}</td>
            <td class="number">{run.failed === 0 ? null : formatCount(run.failed)}</td>
            <td class="number">{run.skipped === 0 ? null : formatCount(run.skipped)}</td>
          </tr>
        ))}
      </FoldingTable>
    </section>
  );
}
