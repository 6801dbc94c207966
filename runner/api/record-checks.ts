import type { Adapter, Cell } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import { StatloomError } from "../base/errors.ts";
import type { Asking } from "../checks/asking.ts";
import { instantOf } from "../checks/freshness.ts";
import type { CheckFacts, NodeResult } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import { nodeOrUnitTest } from "../graph/node-by-id.ts";
import type { Dialect, SqlValue } from "../dialects/dialect.ts";
import { FAILURES, TEST_RESULTS, readLastPassed } from "../plan/meta-checks.ts";
import { retentionOf } from "../plan/meta-retention.ts";
import { insertMetaRows, instantCell } from "../plan/meta-rows.ts";
import type { OpenProject } from "./open-project.ts";
import { inSession, noted } from "./record-run.ts";

/** Notes what became of the tests of a run, and the rows that they found where these are kept. A note that fails is told, and no more. */
export async function recordChecks(
  { invocationId, dialect, parsed, project, effects }: OpenProject,
  adapter: Adapter,
  results: readonly NodeResult[],
  onEvent: (event: RunEvent<never>) => void,
): Promise<void> {
  const ran = results.flatMap((result) => {
    const node = nodeOrUnitTest(parsed.graph, result.uniqueId);
    const at = instantCell(result.timing[0]?.completedAt ?? "");
    if (result.status === "skipped") return [];
    if (node?.resourceType === "unit_test") return [{ result, at, attached: node.model, column: null }];
    if (node?.resourceType !== "test") return [];
    const { attachedNode = null, columnName = null } = node.generic ?? {};
    return [{ result, at, attached: attachedNode, column: columnName }];
  });
  if (ran.length === 0) return;
  const rows = ran.map(({ result, at, attached, column }): SqlValue[] => [
    invocationId,
    result.uniqueId,
    attached,
    column,
    result.status,
    result.failures,
    result.check?.rowsChecked ?? null,
    result.check?.measured ?? null,
    result.executionTime,
    at,
    noted(result.message),
  ]);
  const failures = ran.flatMap(({ result: { uniqueId, check }, at, attached }): SqlValue[][] =>
    check?.isStored && check.found
      ? check.found.rows.map((row, n) => [
          invocationId,
          uniqueId,
          attached,
          at,
          n + 1,
          rowJson(check.found!, row),
        ])
      : [],
  );
  await inSession(adapter, onEvent, [
    ...insertMetaRows(TEST_RESULTS, rows, dialect),
    ...insertMetaRows(FAILURES, failures, dialect),
    ...retentionOf(project.history, effects.now().getTime(), dialect).checks,
  ]);
}

const rowJson = ({ columns }: NonNullable<CheckFacts["found"]>, row: readonly Cell[]): string =>
  JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])));

/** When tests last passed, read once a run, when the first one did not. */
export function lastPassedOf(
  dialect: Dialect,
): (uniqueId: string, session: Asking) => Promise<string | null> {
  let read: Promise<ReadonlyMap<string, string | null>> | undefined;
  return async (uniqueId, session) => {
    read ??= session.query(readLastPassed(dialect)).then(
      ({ rows }) =>
        new Map(rows.map(([id, at]) => [cellText(id), instantOf(cellText(at))?.toISOString() ?? null])),
      (error: unknown) => {
        // What is only for the reader must not fail the run.
        if (error instanceof StatloomError) return new Map();
        throw error;
      },
    );
    return (await read).get(uniqueId) ?? null;
  };
}
