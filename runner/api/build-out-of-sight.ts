import type { Session } from "../adapters/adapter.ts";
import { OperationError, StatloomError } from "../base/errors.ts";
import { fateOf } from "../base/warning-policy.ts";
import { Audit, AuditAgain } from "../checks/audit.ts";
import type { AuditTest } from "../checks/audit.ts";
import { isRelationKept } from "../checks/storage.ts";
import { storeFound } from "../checks/store-found.ts";
import type { BuildContext, Built } from "../execute/build-node.ts";
import { testsBefore } from "../graph/audits.ts";
import type { RelationNode, Relation, TestNode } from "../graph/types.ts";
import { settleWith } from "./introspect.ts";
import { compilerOn, failingOf } from "./made-relation.ts";
import type { NodeRun } from "./node-run.ts";

/**
 * Builds a node with what its configuration asks to be looked at before anybody sees it: rows that tests find go to quarantine, and with
 * `audit: before_publish` its tests run in its transaction. What they came to is kept in `run.audited`, for the tests' own results.
 */
export async function buildOutOfSight(
  run: NodeRun,
  node: RelationNode,
  build: BuildContext,
  work: (context: BuildContext) => Promise<Built>,
): Promise<Built> {
  const context = { ...build, failing: failingOf(run.open, node, run.audits) };
  const tests = testsBefore(node, run.audits);
  for (const { uniqueId } of tests) run.audited.delete(uniqueId);
  if (tests.length === 0) return work(context);
  const isStrict = fateOf("TEST_WARNED", run.open.warnings) === "error";
  const audit = new Audit(run.checks, { isAlone: run.oneByOne, isStrict });
  const { session } = build;
  const onMade = async (made: Relation): Promise<void> =>
    audit.run(await testsOn(run, node, tests, made, session), session);
  for (;;) {
    try {
      const built = await work({ ...context, audit: onMade });
      // What is kept in a table of its own is looked for once more, when it is there to stay.
      keep(
        run,
        audit,
        tests.filter((test) => !isRelationKept(test, run.checks.storeFailures)),
        true,
      );
      return built;
    } catch (error) {
      if (error instanceof AuditAgain) continue;
      if (error instanceof OperationError && error.code === "AUDIT_FAILED") {
        keep(run, audit, tests, false);
        await storeWhatWasFound(run, tests, session);
      }
      throw error;
    }
  }
}

async function testsOn(
  { open, portion }: NodeRun,
  node: RelationNode,
  tests: readonly TestNode[],
  made: Relation,
  session: Session,
): Promise<AuditTest[]> {
  const compiler = compilerOn(open, node, made, { portion });
  const settle = settleWith(open, session);
  // What was answered before was said of what is being replaced.
  open.queries.forget();
  const asked: AuditTest[] = [];
  for (const test of tests) {
    const { uniqueId } = test;
    const sql = await settle(() => compiler.compile(uniqueId).compiledCode);
    const rows = open.parsed.introspective.has(uniqueId) ? null : compiler.tested(uniqueId);
    // A table made in this transaction goes with it.
    const inside = { ...test, config: { ...test.config, store_failures_as: "ephemeral" as const } };
    asked.push({ test: inside, sql, rows });
  }
  return asked;
}

function keep(run: NodeRun, audit: Audit, tests: readonly TestNode[], isPublished: boolean): void {
  for (const { uniqueId } of tests) {
    const outcome = audit.outcomes.get(uniqueId);
    if (outcome) run.audited.set(uniqueId, { outcome, isPublished });
  }
}

/** Rows that are nowhere any more, as far as they were looked at. */
async function storeWhatWasFound(run: NodeRun, tests: readonly TestNode[], session: Session): Promise<void> {
  const { checks } = run;
  for (const test of tests.filter((one) => isRelationKept(one, checks.storeFailures))) {
    const outcome = run.audited.get(test.uniqueId)?.outcome;
    if (outcome instanceof StatloomError || !outcome?.check?.found) continue;
    const statements = storeFound(
      test,
      outcome.check.found,
      checks.dialect,
      checks.warehouse.kindOf(test.relation),
    );
    await session.transaction(async () => {
      for (const sql of statements) await session.run(sql);
    });
    checks.warehouse.note(test.relation, "table");
  }
}
