import { readVintages } from "../../runner/project/landing.ts";
import { appendBatch } from "../../runner/project/batch-log.ts";
import type { Batch } from "../../runner/project/batch-log.ts";
import { isEnd } from "../sync/events.ts";
import type { SyncEvent } from "../sync/events.ts";

/** Notes how the work on a dataset ended, for `meta.ingest_batches`. What was not begun is no batch. */
export function logBatch(landing: string, event: SyncEvent): void {
  if (!isEnd(event) || event.kind === "skipped") return;
  const { publisher, dataset, kind } = event;
  const list = readVintages(landing, publisher, dataset);
  const vintage = "vintage" in event ? event.vintage : (list.at(-1)?.vintage ?? null);
  const listed = list.find((one) => one.vintage === vintage);
  const isNew = kind === "landed" || kind === "held";
  const batch: Batch = {
    batch_id: kind === "landed" ? (listed?.batch_id ?? null) : null,
    publisher,
    dataset,
    outcome: kind,
    vintage,
    source: kind === "landed" ? (listed?.source ?? null) : null,
    published_at: event.updated,
    finished_at: event.at,
    seconds: event.seconds,
    bytes: event.bytes,
    retries: event.retries,
    rows: isNew ? event.rows : null,
    rejected: isNew ? event.rejected : null,
    code: kind === "failed" ? event.code : null,
    message: kind === "failed" ? event.message : null,
  };
  appendBatch(landing, batch);
}
