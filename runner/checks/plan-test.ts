import type { RelationKind } from "../adapters/adapter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { TestNode } from "../graph/types.ts";

/** Where the rows that a test finds are kept; `current`: what is there from the run before. */
export type Storage = {
  readonly as: NonNullable<TestNode["config"]["store_failures_as"]>;
  readonly current: RelationKind | null;
};

/** What running a test takes: statements first, in one transaction, then a query that gives `failures`, and one of the rows. */
export type TestPlan = {
  readonly statements: readonly string[];
  readonly query: string;
  /** The rows that were found, at most so many. */
  readonly rows: (atMost: number) => string;
};

/**
 * A test is a query that finds what is wrong. Stored failures are made anew on every run, and counted from there, so that what is
 * reported is what is there to look at.
 */
export function planTest(test: TestNode, sql: string, dialect: Dialect, storage: Storage | null): TestPlan {
  const { fail_calc: failCalc, limit } = test.config;
  const limited = limit === null ? sql : `${sql}\nlimit ${limit}`;
  const isKept = storage !== null && storage.as !== "ephemeral";
  const from = isKept ? `select * from ${dialect.quoteRelation(test.relation)}` : limited;
  return {
    statements: isKept ? store(test, limited, dialect, storage) : [],
    query: `select\n  ${failCalc} as failures\nfrom (\n${from}\n) dbt_internal_test`,
    rows: (atMost) => `select *\nfrom (\n${from}\n) dbt_internal_test\nlimit ${atMost}`,
  };
}

function store({ relation }: TestNode, query: string, dialect: Dialect, { as, current }: Storage): string[] {
  return [
    dialect.createSchema(relation.schema),
    ...(current === null ? [] : [dialect.drop(relation, current)]),
    as === "view" ? dialect.createView(relation, query) : dialect.createTableAs(relation, query, "new"),
  ];
}
