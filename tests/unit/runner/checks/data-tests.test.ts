import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Adapter, Session } from "../../../../runner/adapters/adapter.ts";
import { openAdapter } from "../../../../runner/adapters/open.ts";
import { runTest } from "../../../../runner/checks/run-test.ts";
import type { Checks, TestOutcome } from "../../../../runner/checks/run-test.ts";
import { createScans } from "../../../../runner/checks/scans.ts";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { readWarehouse } from "../../../../runner/execute/warehouse-state.ts";
import type { TestConfig, TestNode } from "../../../../runner/graph/types.ts";
import { linkProject, testsOf } from "../../../support/link-project.ts";
import { memoryTarget } from "../../../support/memory-target.ts";

let adapter: Adapter;
let session: Session;
let plain: TestNode;

before(async () => {
  adapter = await openAdapter(memoryTarget);
  session = await adapter.session();
  plain = testsOf(await linkProject({ "tests/data/found.sql": "select 1" }))[0]!;
});
after(() => adapter.close());

const checks = async (storeFailures?: boolean): Promise<Checks> => ({
  dialect: duckdb,
  warehouse: await readWarehouse(session, duckdb, [plain.relation.schema]),
  scans: createScans([], () => [], false),
  storeFailures,
  compiledPath: ({ name }) => `${name}.sql`,
  lastPassed: () => Promise.resolve(null),
});

type Judged = Pick<TestOutcome, "status" | "failures" | "message">;
/** Runs a test that finds `found` rows `n` = 1, 2, … */
async function judge(found: number, config: Partial<TestConfig> = {}, store?: boolean): Promise<Judged> {
  const node = { ...plain, config: { ...plain.config, ...config } };
  const sql = `select range + 1 as n from range(${found})`;
  const { status: verdict, failures, message } = await runTest(await checks(store), node, sql, session);
  return { status: verdict, failures, message };
}
const status = async (found: number, config: Partial<TestConfig>): Promise<string> =>
  (await judge(found, config)).status;

describe("a data test", () => {
  test("passes when nothing is found and fails otherwise, with dbt's words", async () => {
    assert.deepEqual(await judge(0), { status: "pass", failures: 0, message: null });
    assert.deepEqual(await judge(1), {
      status: "fail",
      failures: 1,
      message: "Got 1 result, configured to fail if != 0",
    });
    assert.deepEqual(await judge(2, { severity: "warn" }), {
      status: "warn",
      failures: 2,
      message: "Got 2 results, configured to warn if != 0",
    });
  });
  test("error_if is looked at first, then warn_if; a test of severity warn never fails", async () => {
    const limits = { warn_if: "> 1", error_if: ">= 10" };
    assert.deepEqual(await Promise.all([1, 2, 9, 10].map((found) => status(found, limits))), [
      "pass",
      "warn",
      "warn",
      "fail",
    ]);
    assert.equal(await status(10, { ...limits, severity: "warn" }), "warn");
    assert.equal(await status(1, { warn_if: "= 5", error_if: "<> 1" }), "pass");
    assert.equal(
      await status(0, { warn_if: "!= 0", error_if: "= 0" }),
      "fail",
      "too few rows can be the mistake",
    );
  });
  test("fail_calc counts something else than rows", async () => {
    assert.equal((await judge(3, { fail_calc: "sum(n)" })).failures, 6);
    assert.deepEqual(await judge(0, { fail_calc: "sum(n)" }), { status: "pass", failures: 0, message: null });
    assert.equal((await judge(3, { fail_calc: "max(n) * 0.5" })).failures, 1.5);
    await assert.rejects(judge(2, { fail_calc: "'many'" }), /must give a number, it gave "many"/);
  });
  test("null as fail_calc is nothing found only where no rows are", async () => {
    const nothing = { fail_calc: "sum(nullif(n, n))" };
    assert.equal((await judge(0, nothing)).status, "pass");
    await assert.rejects(judge(2, nothing), /must give a number, it gave null of rows that were found/);
    await assert.rejects(judge(2, nothing, true), { code: "FAIL_CALC_INVALID" });
  });
  test("limit ends the search early", async () => {
    assert.equal((await judge(1000, { limit: 7 })).failures, 7);
  });
  test("a query that ends with a comment, or that the engine refuses", async () => {
    const verdict = await runTest(await checks(), plain, "select 1 -- one", session);
    assert.equal(verdict.failures, 1);
    await assert.rejects(runTest(await checks(), plain, "select nope", session), /nope/);
  });
});

describe("stored failures", () => {
  const stored = (): Promise<unknown> =>
    session.query(`select n from "main_dbt_test__audit"."found" order by n`).then(({ rows }) => rows);
  test("are a table that every run makes anew, and that the verdict is counted from", async () => {
    assert.equal((await judge(3, { store_failures: true, limit: 2 })).failures, 2);
    assert.deepEqual(await stored(), [["1"], ["2"]]);
    assert.equal((await judge(0, { store_failures: true })).status, "pass");
    assert.deepEqual(await stored(), []);
  });
  test("what a test says of itself wins over the flag of the command, as in dbt", async () => {
    await judge(2, { store_failures: false }, true);
    assert.deepEqual(await stored(), [], "what the run before left");
    await judge(2, {}, true);
    assert.deepEqual(await stored(), [["1"], ["2"]]);
    await judge(2, { store_failures: true }, false);
    assert.deepEqual(await stored(), [["1"], ["2"]]);
  });
  test("a query that is refused leaves what was stored as it was", async () => {
    await assert.rejects(runTest(await checks(true), plain, "select nope", session), /nope/);
    assert.deepEqual(await stored(), [["1"], ["2"]]);
  });
});
