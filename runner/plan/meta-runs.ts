import type { Dialect } from "../dialects/dialect.ts";
import { metaTable } from "./meta-rows.ts";

/** One row a command that built or tested something. */
export const RUNS = metaTable("runs", [
  ["run_id", "text"],
  ["command", "text"],
  ["project", "text"],
  ["target", "text"],
  ["statloom_version", "text"],
  ["started_at", "timestamp"],
  ["finished_at", "timestamp"],
  ["seconds", "double"],
  ["status", "text"],
  ["nodes", "integer"],
  ["ok", "integer"],
  ["warned", "integer"],
  ["failed", "integer"],
  ["skipped", "integer"],
]);

/** One row a node of a run. */
export const RUN_RESULTS = metaTable("run_results", [
  ["run_id", "text"],
  ["node_id", "text"],
  ["resource_type", "text"],
  ["name", "text"],
  ["status", "text"],
  ["started_at", "timestamp"],
  ["completed_at", "timestamp"],
  ["seconds", "double"],
  ["rows", "bigint"],
  ["failures", "bigint"],
  ["message", "text"],
]);

/** One row a source whose age was looked at. */
export const FRESHNESS = metaTable("freshness", [
  ["run_id", "text"],
  ["node_id", "text"],
  ["source_name", "text"],
  ["table_name", "text"],
  ["status", "text"],
  ["max_loaded_at", "timestamp"],
  ["checked_at", "timestamp"],
  ["age_seconds", "double"],
  ["message", "text"],
]);

/** One row a dataset that ingestion worked on; `log_file` and `log_position` tell how far its log has been read. */
export const INGEST_BATCHES = metaTable("ingest_batches", [
  ["batch_id", "text"],
  ["publisher", "text"],
  ["dataset", "text"],
  ["outcome", "text"],
  ["vintage", "text"],
  ["source", "text"],
  ["published_at", "timestamp"],
  ["finished_at", "timestamp"],
  ["seconds", "double"],
  ["bytes", "bigint"],
  ["retries", "integer"],
  ["rows", "bigint"],
  ["rejected", "bigint"],
  ["code", "text"],
  ["message", "text"],
  ["log_file", "text"],
  ["log_position", "bigint"],
]);

export const RUN_TABLES = [RUNS, RUN_RESULTS, FRESHNESS, INGEST_BATCHES];

export const readLogPositions = (dialect: Dialect): string =>
  `select log_file, max(log_position) from ${dialect.quoteRelation(INGEST_BATCHES.relation)} group by log_file`;

/** Of each node: the medians of the seconds and the rows of its last `runs` runs, and how many they are. */
export const readUsual = (runs: number, dialect: Dialect): string =>
  `select node_id, percentile_cont(0.5) within group (order by seconds), count(*),
  percentile_cont(0.5) within group (order by rows)
from (
  select node_id, seconds, rows, row_number() over (partition by node_id order by completed_at desc) as nth
  from ${dialect.quoteRelation(RUN_RESULTS.relation)}
  where status = 'success'
) history
where nth <= ${Math.trunc(runs)}
group by node_id`;
