import type { Dialect, PortableType, SqlValue } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";
import { META_SCHEMA, timestampOf } from "./meta-tables.ts";

/** What became of every test of every run; what tests against the history, and messages of failures, read. */
export const TEST_RESULTS: Relation = { database: null, schema: META_SCHEMA, identifier: "test_results" };
/** Rows that tests found, over time, for tests that store them. */
export const FAILURES: Relation = { database: null, schema: META_SCHEMA, identifier: "failures" };

export type TestResultRow = {
  readonly runId: string;
  readonly testId: string;
  readonly nodeId: string | null;
  readonly column: string | null;
  readonly status: string;
  readonly failures: number | null;
  readonly rowsChecked: number | null;
  readonly measured: number | null;
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string | null;
};
export type FailureRow = Pick<TestResultRow, "runId" | "testId" | "nodeId" | "at"> & {
  /** From 1. */
  readonly number: number;
  /** Column names and values. */
  readonly json: string;
};

const RESULT_COLUMNS: readonly (readonly [string, PortableType, string?])[] = [
  ["run_id", "text", "not null"],
  ["test_id", "text", "not null"],
  ["node_id", "text"],
  ["column_name", "text"],
  ["status", "text", "not null"],
  ["failures", "double"],
  ["rows_checked", "bigint"],
  ["measured", "double"],
  ["seconds", "double", "not null"],
  ["checked_at", "timestamp", "not null"],
  ["message", "text"],
];
const FAILURE_COLUMNS: readonly (readonly [string, PortableType, string?])[] = [
  ["run_id", "text", "not null"],
  ["test_id", "text", "not null"],
  ["node_id", "text"],
  ["found_at", "timestamp", "not null"],
  ["row_number", "integer", "not null"],
  ["row_json", "text", "not null"],
];

/** Statements that make the tables where they are missing. */
export const checkTables = (dialect: Dialect): string[] =>
  [[TEST_RESULTS, RESULT_COLUMNS] as const, [FAILURES, FAILURE_COLUMNS] as const].map(
    ([relation, columns]) =>
      `create table if not exists ${dialect.quoteRelation(relation)} (\n${columns
        .map(([name, type, rule]) => `  ${name} ${dialect.type(type)}${rule ? ` ${rule}` : ""}`)
        .join(",\n")}\n)`,
  );

export const recordTestResults = (rows: readonly TestResultRow[], dialect: Dialect): string[] =>
  inserts(
    TEST_RESULTS,
    RESULT_COLUMNS,
    rows.map((row) => [
      row.runId,
      row.testId,
      row.nodeId,
      row.column,
      row.status,
      row.failures,
      row.rowsChecked,
      row.measured,
      row.seconds,
      { at: row.at },
      row.message,
    ]),
    dialect,
  );

export const recordFailures = (rows: readonly FailureRow[], dialect: Dialect): string[] =>
  inserts(
    FAILURES,
    FAILURE_COLUMNS,
    rows.map(({ runId, testId, nodeId, at, number, json }) => [runId, testId, nodeId, { at }, number, json]),
    dialect,
  );

/** Rows of one statement: engines read long lists of values slowly. */
const CHUNK = 1000;

function inserts(
  relation: Relation,
  columns: readonly (readonly [string, ...unknown[]])[],
  rows: readonly (readonly (SqlValue | { readonly at: number })[])[],
  dialect: Dialect,
): string[] {
  const into = `insert into ${dialect.quoteRelation(relation)} (${columns.map(([name]) => name).join(", ")}) values`;
  const spell = (value: SqlValue | { readonly at: number }): string =>
    typeof value === "object" && value !== null && "at" in value
      ? timestampOf((value as { readonly at: number }).at, dialect)
      : typeof value === "string"
        ? // What no statement can hold would lose the whole record.
          dialect.literal(value.replaceAll("\0", "�"))
        : dialect.literal(value as SqlValue);
  const statements: string[] = [];
  for (let from = 0; from < rows.length; from += CHUNK) {
    const list = rows.slice(from, from + CHUNK).map((row) => `(${row.map(spell).join(", ")})`);
    statements.push(`${into}\n${list.join(",\n")}`);
  }
  return statements;
}

/** Test and time, for each test that ever passed. */
export const readLastPassed = (dialect: Dialect): string =>
  `select test_id, max(checked_at) from ${dialect.quoteRelation(TEST_RESULTS)} where status = 'pass' group by test_id`;
