import type { Cell, ResultTable } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { OperationError } from "../base/errors.ts";
import { placeInQuery } from "../execute/place-in-query.ts";
import type { TestNode } from "../graph/types.ts";
import type { TestPlan } from "./plan-test.ts";
import type { Asking } from "./asking.ts";

/** Stores what a test finds, where that is asked for. */
export async function storeFailures(plan: TestPlan, sql: string, session: Asking): Promise<void> {
  if (plan.statements.length === 0) return;
  await placed(sql, () =>
    session.transaction(async () => {
      for (const statement of plan.statements) await session.run(statement);
    }),
  );
}

/** What a test's own query comes to. One that the engine refuses is an error of the test, not a failure of the data. */
export async function countFailures(
  test: TestNode,
  plan: TestPlan,
  sql: string,
  session: Asking,
): Promise<number> {
  const failures: Cell | undefined = (await placed(sql, () => session.query(plan.query))).rows[0]?.[0];
  // fail_calc is the user's: `sum(n)` over no rows is null, which means that nothing was found. Of rows that are there, null tells nothing.
  const isNull = failures === null || failures === undefined;
  if (isNull && (await foundRows(plan, sql, session, 1)).rows.length === 0) return 0;
  if (!isNull && Number.isFinite(Number(failures))) return Number(failures);
  throw new OperationError(
    "FAIL_CALC_INVALID",
    `fail_calc "${test.config.fail_calc}" must give a number, it gave ${isNull ? "null of rows that were found" : JSON.stringify(failures)}`,
    isNull ? { hint: "say what null counts as: coalesce(…, 0)" } : {},
  );
}

/** The rows that a test found, at most so many. */
export const foundRows = (
  plan: TestPlan,
  sql: string,
  session: Asking,
  atMost: number,
): Promise<ResultTable> => placed(sql, () => session.query(plan.rows(atMost)));

/** A mistake in a test's query has its place in the compiled file. */
async function placed<T>(sql: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw error instanceof QueryError ? placeInQuery(error, sql) : error;
  }
}
