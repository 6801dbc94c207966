import type { Cell, Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { OperationError } from "../base/errors.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { placeInQuery } from "../execute/place-in-query.ts";
import type { TestNode } from "../graph/types.ts";
import { judge, planTest } from "./plan-test.ts";
import type { TestPlan, Verdict } from "./plan-test.ts";

/** Runs one data test. A query that the engine refuses is an error of the test, not a failure of the data. */
export async function runTest(
  test: TestNode,
  sql: string,
  dialect: Dialect,
  session: Session,
  storeFailures?: boolean,
): Promise<Verdict> {
  const [failures, shouldWarn, shouldError] = await find(
    planTest(test, sql, dialect, storeFailures),
    sql,
    session,
  );
  // fail_calc is the user's: `sum(n)` over no rows is null, which means that nothing was found.
  const count = failures === null || failures === undefined ? 0 : Number(failures);
  if (!Number.isFinite(count)) {
    throw new OperationError(
      "FAIL_CALC_INVALID",
      `fail_calc "${test.config.fail_calc}" must give a number, it gave ${JSON.stringify(failures)}`,
    );
  }
  return judge(test, count, shouldWarn === true, shouldError === true);
}

/** What the engine says of a test's query; a mistake in it has its place in the compiled file. */
async function find(plan: TestPlan, sql: string, session: Session): Promise<readonly Cell[]> {
  try {
    if (plan.statements.length > 0) {
      await session.transaction(async () => {
        for (const statement of plan.statements) await session.run(statement);
      });
    }
    return (await session.query(plan.query)).rows[0] ?? [];
  } catch (error) {
    throw error instanceof QueryError ? placeInQuery(error, sql) : error;
  }
}
