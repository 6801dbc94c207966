import type { Session } from "../adapters/adapter.ts";
import { OperationError } from "../base/errors.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { TestNode } from "../graph/types.ts";
import { judge, planTest } from "./plan-test.ts";
import type { Verdict } from "./plan-test.ts";

/** Runs one data test. A query that the engine refuses is an error of the test, not a failure of the data. */
export async function runTest(
  test: TestNode,
  sql: string,
  dialect: Dialect,
  session: Session,
  storeFailures?: boolean,
): Promise<Verdict> {
  const plan = planTest(test, sql, dialect, storeFailures);
  if (plan.statements.length > 0) {
    await session.transaction(async () => {
      for (const statement of plan.statements) await session.run(statement);
    });
  }
  const [row] = (await session.query(plan.query)).rows;
  const [failures, shouldWarn, shouldError] = row ?? [];
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
