import type { Adapter, Cell, Session } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import { StatloomError, messageOf } from "../base/errors.ts";
import { retryConflicts } from "../adapters/retry-conflicts.ts";
import { instantOf } from "../checks/freshness.ts";
import type { CheckFacts, NodeResult } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { readLastPassed, recordFailures, recordTestResults } from "../plan/meta-checks.ts";
import type { FailureRow } from "../plan/meta-checks.ts";
import type { OpenProject } from "./open-project.ts";

/** Notes what became of the tests of a run, and the rows that they found where these are kept. A note that fails is told, and no more. */
export async function recordChecks(
  { invocationId, dialect, parsed }: OpenProject,
  adapter: Adapter,
  results: readonly NodeResult[],
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  const tests = results.filter(
    ({ uniqueId, status }) =>
      parsed.graph.nodes.get(uniqueId)?.resourceType === "test" && status !== "skipped",
  );
  if (tests.length === 0) return;
  const rows = tests.map((result) => {
    const node = parsed.graph.nodes.get(result.uniqueId);
    const generic = node?.resourceType === "test" ? node.generic : null;
    return {
      runId: invocationId,
      testId: result.uniqueId,
      nodeId: generic?.attachedNode ?? null,
      column: generic?.columnName ?? null,
      status: result.status,
      failures: result.failures,
      rowsChecked: result.check?.rowsChecked ?? null,
      measured: result.check?.measured ?? null,
      seconds: result.executionTime,
      at: Date.parse(result.timing[0]?.completedAt ?? ""),
      message: result.message,
    };
  });
  const failures = tests.flatMap(({ uniqueId, check }, i): FailureRow[] =>
    check?.isStored && check.found
      ? check.found.rows.map((row, n) => ({
          runId: invocationId,
          testId: uniqueId,
          nodeId: rows[i]!.nodeId,
          at: rows[i]!.at,
          number: n + 1,
          json: rowJson(check.found!, row),
        }))
      : [],
  );
  const statements = [...recordTestResults(rows, dialect), ...recordFailures(failures, dialect)];
  const session = await adapter.session();
  try {
    await retryConflicts(() =>
      session.transaction(async () => {
        for (const statement of statements) await session.run(statement);
      }),
    );
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    const message = `the results of the tests could not be noted in meta.test_results: ${messageOf(error)}`;
    onEvent({ kind: "warning", code: "META_NOT_WRITTEN", message, uniqueId: null });
  } finally {
    await session.close();
  }
}

const rowJson = ({ columns }: NonNullable<CheckFacts["found"]>, row: readonly Cell[]): string =>
  JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])));

/** When tests last passed, read once a run, when the first one did not. */
export function lastPassedOf(
  dialect: Dialect,
): (uniqueId: string, session: Session) => Promise<string | null> {
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
