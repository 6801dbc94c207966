import type { VNode } from "preact";
import type { SlowNode } from "../../../data/runs-types.ts";
import type { PastBuild } from "../../../data/types.ts";
import { NodeName } from "../../kit/badges.tsx";
import { formatMinute, formatSeconds, formatShort } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import { Spark } from "../../kit/spark.tsx";
import { Empty } from "../../kit/state.tsx";

/** Nodes by the median of their times over past runs, and how times and rows went. */
export function Slowest({ nodes }: { nodes: readonly SlowNode[] }): VNode {
  if (nodes.length === 0) return <Empty title="Nothing has been built yet" />;
  const most = nodes[0]!.median || 0.001;
  const points = (builds: readonly PastBuild[], value: (build: PastBuild) => number | null) =>
    builds.map((build) => ({
      label: formatMinute(build.at),
      value: value(build) ?? 0,
      status: build.status,
    }));
  return (
    <section class="card">
      <h2>Slowest nodes</h2>
      <FoldingTable heads={["Node", "Share of the slowest", { number: "Median" }, "Times", "Rows"]}>
        {nodes.map((node) => (
          <tr key={node.id}>
            <td>
              <NodeName node={node} />
            </td>
            <td class="bar-cell">
              <span class="bar-track">
                <i style={{ width: `${Math.max(0.6, (node.median / most) * 100)}%` }} />
              </span>
            </td>
            <td class="number">{formatSeconds(node.median)}</td>
            <td>
              <Spark
                title="Times"
                points={points(node.builds, ({ seconds }) => seconds)}
                format={formatSeconds}
              />
            </td>
            <td>
              {node.builds.some(({ rows }) => rows !== null) ? (
                <Spark title="Rows" points={points(node.builds, ({ rows }) => rows)} format={formatShort} />
              ) : null}
            </td>
          </tr>
        ))}
      </FoldingTable>
    </section>
  );
}
