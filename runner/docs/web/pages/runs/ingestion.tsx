import type { VNode } from "preact";
import type { IngestBatch } from "../../../data/runs-types.ts";
import { StatusBadge } from "../../kit/badges.tsx";
import { formatCount, formatMinute, formatSeconds } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import { Empty } from "../../kit/state.tsx";

/** What was fetched and landed. */
export function Ingestion({ batches }: { batches: readonly IngestBatch[] }): VNode {
  if (batches.length === 0)
    return (
      <Empty title="Nothing is known of ingestion">
        What “ingest sync” does is noted in the warehouse by the next “models build”.
      </Empty>
    );
  return (
    <section class="card">
      <h2>Ingestion</h2>
      <FoldingTable
        heads={[
          "Dataset",
          "When",
          "Result",
          { number: "Observations" },
          { number: "Unreadable" },
          { number: "Time" },
        ]}
      >
        {batches.map((batch, i) => (
          <tr key={i}>
            <td>
              {batch.publisher}.{batch.dataset}
              {batch.message === "" ? null : <div class="quiet small clamp">{batch.message}</div>}
            </td>
            <td class="quiet">{formatMinute(batch.at)}</td>
            <td>
              <StatusBadge status={batch.status} word={batch.outcome} />
            </td>
            <td class="number">{batch.rows === null ? null : formatCount(batch.rows)}</td>
            <td class="number">{batch.rejected ? formatCount(batch.rejected) : null}</td>
            <td class="number">{batch.seconds === null ? null : formatSeconds(batch.seconds)}</td>
          </tr>
        ))}
      </FoldingTable>
    </section>
  );
}
