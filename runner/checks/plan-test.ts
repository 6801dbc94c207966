import type { Dialect } from "../dialects/dialect.ts";
import type { TestNode } from "../graph/types.ts";

/** What running a test takes: statements first, then one query that gives `failures, should_warn, should_error`. */
export type TestPlan = { readonly statements: readonly string[]; readonly query: string };

/**
 * A test is a query that finds what is wrong; how many rows it finds is judged by the engine, as in dbt. Stored failures are rebuilt on
 * every run, and counted from the table, so that what is reported is what is there to look at.
 */
export function planTest(
  test: TestNode,
  sql: string,
  dialect: Dialect,
  storeFailures = test.config.store_failures,
): TestPlan {
  const { fail_calc: failCalc, warn_if: warnIf, error_if: errorIf, limit } = test.config;
  const limited = limit === null ? sql : `${sql}\nlimit ${limit}`;
  const statements = storeFailures
    ? [dialect.createSchema(test.relation.schema), dialect.createTableAs(test.relation, limited, "replace")]
    : [];
  const from = storeFailures ? `select * from ${dialect.quoteRelation(test.relation)}` : limited;
  const query = [
    "select",
    `  ${failCalc} as failures,`,
    `  ${failCalc} ${warnIf} as should_warn,`,
    `  ${failCalc} ${errorIf} as should_error`,
    `from (\n${from}\n) dbt_internal_test`,
  ].join("\n");
  return { statements, query };
}

export type Verdict = {
  readonly status: "pass" | "warn" | "fail";
  readonly failures: number;
  readonly message: string | null;
};

/** The engine's numbers in dbt's words. With severity warn nothing fails; `error_if` is looked at first otherwise. */
export function judge(test: TestNode, failures: number, shouldWarn: boolean, shouldError: boolean): Verdict {
  const results = `Got ${failures} ${failures === 1 ? "result" : "results"}`;
  if (test.config.severity === "error" && shouldError) {
    return { status: "fail", failures, message: `${results}, configured to fail if ${test.config.error_if}` };
  }
  if (shouldWarn)
    return { status: "warn", failures, message: `${results}, configured to warn if ${test.config.warn_if}` };
  return { status: "pass", failures, message: null };
}
