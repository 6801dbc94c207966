import type { Dialect } from "../dialects/dialect.ts";
import { metaTable } from "./meta-rows.ts";

/** What became of every test of every run; what tests against the history, and messages of failures, read. */
export const TEST_RESULTS = metaTable("test_results", [
  ["run_id", "text"],
  ["test_id", "text"],
  ["node_id", "text"],
  ["column_name", "text"],
  ["status", "text"],
  ["failures", "double"],
  ["rows_checked", "bigint"],
  ["measured", "double"],
  ["seconds", "double"],
  ["checked_at", "timestamp"],
  ["message", "text"],
]);

/** Rows that tests found, over time, for tests that store them; `row_number` is from 1. */
export const FAILURES = metaTable("failures", [
  ["run_id", "text"],
  ["test_id", "text"],
  ["node_id", "text"],
  ["found_at", "timestamp"],
  ["row_number", "integer"],
  ["row_json", "text"],
]);

export const CHECK_TABLES = [TEST_RESULTS, FAILURES];

/** Test and time, for each test that ever passed. */
export const readLastPassed = (dialect: Dialect): string =>
  `select test_id, max(checked_at) from ${dialect.quoteRelation(TEST_RESULTS.relation)} where status = 'pass' group by test_id`;
