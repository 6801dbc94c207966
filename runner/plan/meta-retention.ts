import { millisecondsOf } from "../base/instants.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { HistoryConfig } from "../project/freshness-schema.ts";
import { FAILURES, TEST_RESULTS } from "./meta-checks.ts";
import { instantCell } from "./meta-rows.ts";
import type { MetaTable } from "./meta-rows.ts";
import { FRESHNESS, INGEST_BATCHES, RUN_RESULTS, RUNS } from "./meta-runs.ts";

/** Statements that forget what is older than the project keeps, of each group of tables; none: it keeps all. */
export function retentionOf(
  { keep }: HistoryConfig,
  now: number,
  dialect: Dialect,
): Readonly<Record<"runs" | "freshness" | "checks", readonly string[]>> {
  if (keep === null) return { runs: [], freshness: [], checks: [] };
  const oldest = new Date(now - millisecondsOf(keep)).toISOString();
  const before = `cast(${dialect.literal(instantCell(oldest))} as ${dialect.type("timestamp")})`;
  const name = ({ relation }: MetaTable): string => dialect.quoteRelation(relation);
  const older = (table: MetaTable, column: string, and = ""): string =>
    `delete from ${name(table)} where ${column} < ${before}${and}`;
  return {
    runs: [
      // A node that was skipped has no time of its own.
      `delete from ${name(RUN_RESULTS)} where run_id in (select run_id from ${name(RUNS)} where finished_at < ${before})`,
      older(RUNS, "finished_at"),
      // The last line of each log tells how far it has been read.
      older(
        INGEST_BATCHES,
        "finished_at",
        ` and log_position < (select max(log_position) from ${name(INGEST_BATCHES)} as newest where newest.log_file = ${name(INGEST_BATCHES)}.log_file)`,
      ),
    ],
    freshness: [older(FRESHNESS, "checked_at")],
    checks: [older(TEST_RESULTS, "checked_at"), older(FAILURES, "found_at")],
  };
}
