import type { Dialect } from "../dialects/dialect.ts";
import { EXAMPLES } from "../execute/results.ts";
import type { CheckFacts, NodeResult } from "../execute/results.ts";
import type { WarehouseState } from "../execute/warehouse-state.ts";
import type { TestNode } from "../graph/types.ts";
import type { Asking } from "./asking.ts";
import { countFailures, foundRows, storeFailures } from "./find-rows.ts";
import { judge } from "./judge.ts";
import type { Verdict } from "./judge.ts";
import { planTest } from "./plan-test.ts";
import type { Scans } from "./scans.ts";
import { isRelationKept, isStored } from "./storage.ts";

/** What the tests of one run share. */
export type Checks = {
  readonly dialect: Dialect;
  readonly warehouse: WarehouseState;
  readonly scans: Scans;
  /** What the command was told; undefined: each test as it is configured. */
  readonly storeFailures: boolean | undefined;
  /** Where the SQL of a test is to be found, from the project's folder. */
  readonly compiledPath: (test: TestNode) => string;
  /** When a test last passed, as ISO 8601; null: never, as far as the warehouse knows. */
  readonly lastPassed: (uniqueId: string, session: Asking) => Promise<string | null>;
};

export type TestOutcome = Pick<NodeResult, "failures" | "message" | "check"> & {
  readonly status: Verdict["status"];
  readonly executionTime?: number;
};

/** Runs one data test: by the pass over its relation that many share, or by its own query where that does not tell. */
export async function runTest(
  checks: Checks,
  test: TestNode,
  sql: string,
  session: Asking,
): Promise<TestOutcome> {
  const stored = isStored(test, checks.storeFailures);
  const keeps = isRelationKept(test, checks.storeFailures);
  const { store_failures_limit: atMost } = test.config;
  const as = test.config.store_failures_as ?? "table";
  const current = keeps ? checks.warehouse.kindOf(test.relation) : null;
  const plan = planTest(test, sql, checks.dialect, keeps ? { as, current } : null);
  const begin = performance.now();
  const scanned = await checks.scans.find(test, session);
  const waited = (performance.now() - begin) / 1000;
  await storeFailures(plan, sql, session);
  if (keeps) checks.warehouse.note(test.relation, as === "view" ? "view" : "table");
  const counts = keeps || scanned.failures === null;
  const failures = counts ? await countFailures(test, plan, sql, session) : scanned.failures;
  const { rowsChecked, measured } = scanned;
  const { status, message } = judge(test, { failures: failures!, rowsChecked, measured });
  const isFound = status !== "pass";
  const found = isFound ? await foundRows(plan, sql, session, stored ? atMost : EXAMPLES) : null;
  const check: CheckFacts = {
    node: test.generic?.attachedNode ?? null,
    column: test.generic?.columnName ?? null,
    rowsChecked,
    measured,
    found: found && { columns: found.columns.map(({ name }) => name), rows: found.rows },
    isStored: stored,
    compiledPath: checks.compiledPath(test),
    lastPassedAt: isFound ? await checks.lastPassed(test.uniqueId, session) : null,
  };
  const alone = (performance.now() - begin) / 1000 - waited;
  return { status, failures: failures!, message, check, executionTime: alone + scanned.seconds };
}
