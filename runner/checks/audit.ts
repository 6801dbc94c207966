import type { Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { OperationError, StatloomError } from "../base/errors.ts";
import { plural } from "../base/text.ts";
import type { TestNode } from "../graph/types.ts";
import type { ScanMember } from "./plan-scan.ts";
import { runTest } from "./run-test.ts";
import type { Asking } from "./asking.ts";
import type { Checks, TestOutcome } from "./run-test.ts";
import { createScans } from "./scans.ts";

/** A test as it is asked of the relation that holds the node now. */
export type AuditTest = {
  readonly test: TestNode;
  readonly sql: string;
  readonly rows: ScanMember["rows"] | null;
};

/** What became of the tests of an audit, by unique id; an error is that of a test that could not be run. */
export type AuditOutcomes = Map<string, TestOutcome | StatloomError>;

/**
 * Runs the tests of a node in the transaction that builds it. A statement that fails ends the transaction, in every engine: then
 * {@link AuditAgain} says that all is to be built again, without what failed.
 */
export class Audit {
  readonly #checks: Omit<Checks, "scans">;
  /** Tests that the engine refuses, and with what. */
  readonly #refused = new Map<string, StatloomError>();
  /** One pass over the relation was refused. */
  #isAlone: boolean;
  readonly outcomes: AuditOutcomes = new Map();

  readonly #isStrict: boolean;

  /** `isAlone`: no test shares a pass; `isStrict`: what warns fails. */
  constructor(checks: Omit<Checks, "scans">, how: { readonly isAlone: boolean; readonly isStrict: boolean }) {
    this.#checks = checks;
    this.#isAlone = how.isAlone;
    this.#isStrict = how.isStrict;
  }

  /** Throws an OperationError where one fails that holds things up. */
  async run(tests: readonly AuditTest[], session: Session): Promise<void> {
    this.outcomes.clear();
    const members = tests.flatMap(({ test, rows }) =>
      rows === null || this.#refused.has(test.uniqueId) ? [] : [{ test, rows }],
    );
    // They wait for the same: that the relation is there.
    const scans = createScans(members, () => [], this.#isAlone);
    for (const { test, sql } of tests) {
      const known = this.#refused.get(test.uniqueId);
      this.outcomes.set(
        test.uniqueId,
        known ?? (await this.#ask({ ...this.#checks, scans }, test, sql, session)),
      );
    }
    const failed = tests.filter(({ test }) => this.#holdsUp(test));
    if (failed.length > 0) throw failure(failed, this.outcomes);
  }

  #holdsUp({ uniqueId, config }: TestNode): boolean {
    const outcome = this.outcomes.get(uniqueId);
    if (outcome instanceof StatloomError) return config.severity === "error";
    return outcome?.status === "fail" || (this.#isStrict && outcome?.status === "warn");
  }

  async #ask(
    checks: Checks,
    test: TestNode,
    sql: string,
    session: Session,
  ): Promise<TestOutcome | StatloomError> {
    let broken: QueryError | undefined;
    const noted = <T>(asked: Promise<T>): Promise<T> =>
      asked.catch((error: unknown) => {
        if (error instanceof QueryError) broken ??= error;
        throw error;
      });
    const inside: Asking = {
      query: (text) => noted(session.query(text)),
      run: (text) => noted(session.run(text)),
      transaction: (body) => body(),
    };
    let outcome: TestOutcome | StatloomError;
    try {
      outcome = await runTest(checks, test, sql, inside);
    } catch (error) {
      if (!(error instanceof StatloomError)) throw error;
      outcome = error;
    }
    if (broken === undefined) return outcome;
    if (broken.kind !== "sql") throw broken;
    if (this.#isAlone) this.#refused.set(test.uniqueId, outcome instanceof StatloomError ? outcome : broken);
    this.#isAlone = true;
    throw new AuditAgain();
  }
}

/** The transaction has ended in the middle of an audit. */
export class AuditAgain extends Error {
  constructor() {
    super("the audit is to be done again");
  }
}

function failure(failed: readonly AuditTest[], outcomes: AuditOutcomes): OperationError {
  const told = failed.map(({ test }) => {
    const outcome = outcomes.get(test.uniqueId);
    const why = outcome instanceof StatloomError ? "could not run" : plural(outcome?.failures ?? 0, "result");
    return `"${test.name}" (${why})`;
  });
  return new OperationError(
    "AUDIT_FAILED",
    `${plural(failed.length, "test")} did not pass on what was built, which nobody will see; what was there before still is: ${told.join(", ")}`,
  );
}
