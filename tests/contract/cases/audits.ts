import assert from "node:assert/strict";
import { QueryError } from "../../../runner/adapters/query-error.ts";
import type { Session } from "../../../runner/adapters/adapter.ts";
import { OperationError } from "../../../runner/base/errors.ts";
import { Audit, AuditAgain } from "../../../runner/checks/audit.ts";
import type { AuditTest } from "../../../runner/checks/audit.ts";
import type { Dialect } from "../../../runner/dialects/dialect.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import { buildSnapshot } from "../../../runner/execute/build-snapshot.ts";
import type { ModelConfig, TestConfig, TestNode } from "../../../runner/graph/types.ts";
import { linkProject, testsOf } from "../../support/link-project.ts";
import { modelNode, snapshotNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";

const refused = new OperationError("AUDIT_FAILED", "no");
const rowsOf = async (session: Session, from: string): Promise<unknown> =>
  (await session.query(`select a from ${from} order by a`)).rows;

const KINDS: readonly Partial<ModelConfig>[] = [
  { materialized: "table" },
  { materialized: "table", indexes: [{ columns: ["a"], unique: false, type: null }] },
  { materialized: "view" },
  { materialized: "incremental", incremental_strategy: "append" },
  { materialized: "incremental", incremental_strategy: "merge", unique_key: ["a"] },
  { materialized: "incremental", incremental_strategy: "delete+insert", unique_key: ["a"] },
];

async function plain(): Promise<TestNode> {
  return testsOf(await linkProject({ "tests/data/found.sql": "select 1" }))[0]!;
}
const auditOf = (dialect: Dialect): Audit =>
  new Audit(
    {
      dialect,
      warehouse: { kindOf: () => null, note: () => undefined },
      storeFailures: undefined,
      compiledPath: ({ name }) => `${name}.sql`,
      lastPassed: () => Promise.resolve(null),
    },
    { isAlone: false, isStrict: false },
  );
const asked = (test: TestNode, name: string, sql: string, config: Partial<TestConfig> = {}): AuditTest => ({
  test: { ...test, uniqueId: name, name, config: { ...test.config, ...config } },
  sql,
  rows: null,
});

export const auditCases: readonly ContractCase[] = [
  {
    title: "what an audit refuses nobody has seen, and what was there stays",
    async body(session, db) {
      const other = await db.session();
      for (const config of KINDS) {
        const node = modelNode("orders", config);
        const adds = config.materialized === "incremental";
        for (const before of ["first", "again", "refused", "good"]) {
          const query = `select ${before === "first" ? 1 : before === "good" ? 3 : 2} as a`;
          const seen: unknown[] = [];
          const build = {
            ...(await context(session, db)),
            audit: async (made: { schema: string; identifier: string }) => {
              seen.push(await rowsOf(session, `${made.schema}.${made.identifier}`));
              if (before !== "first") seen.push(await rowsOf(other, "shop.orders"));
              if (before === "refused" || before === "again") throw refused;
            },
          };
          const built = buildModel(node, query, build);
          if (before === "first") {
            await built;
            assert.deepEqual(seen, [[[1]]]);
          } else if (before === "good") {
            await built;
            assert.deepEqual(seen, [adds ? [[1], [3]] : [[3]], [[1]]], JSON.stringify(config));
          } else {
            await assert.rejects(built, refused);
            assert.deepEqual(seen, [adds ? [[1], [2]] : [[2]], [[1]]], JSON.stringify(config));
            assert.deepEqual(await rowsOf(other, "shop.orders"), [[1]]);
          }
          assert.deepEqual(Array.from((await session.listRelations("shop")).keys()), ["orders"]);
        }
        await session.run(`drop ${config.materialized === "view" ? "view" : "table"} shop.orders`);
      }
      await other.close();
    },
  },
  {
    title: "a snapshot that an audit refuses keeps the history that it had",
    async body(session, db) {
      const node = snapshotNode("orders", { unique_key: ["a"], strategy: "check", check_cols: ["b"] });
      const take = async (b: number, accepts: boolean): Promise<unknown> =>
        buildSnapshot(node, `select 1 as a, ${b} as b`, Date.UTC(2024, 0, b), {
          ...(await context(session, db)),
          audit: () => (accepts ? Promise.resolve() : Promise.reject(refused)),
        });
      await take(1, true);
      await assert.rejects(take(2, false), refused);
      assert.deepEqual((await session.query("select b, dbt_valid_to from shop.orders")).rows, [[1, null]]);
      await take(3, true);
      assert.deepEqual((await session.query("select count(*) from shop.orders")).rows, [["2"]]);
    },
  },
  {
    title: "an audit in which the engine refuses a test is built again without it, and only errors hold up",
    async body(session, db) {
      const test = await plain();
      const node = modelNode("orders");
      const tests: readonly AuditTest[] = [
        asked(test, "passes", "select a from shop.orders where a > 5"),
        asked(test, "warns", "select a from shop.orders", { severity: "warn" }),
        asked(test, "nonsense", "select nope from shop.orders", { severity: "warn" }),
      ];
      const audit = auditOf(db.dialect);
      let built = 0;
      for (let again = true; again;) {
        try {
          built++;
          await buildModel(node, "select 1 as a", {
            ...(await context(session, db)),
            audit: () => audit.run(tests, session),
          });
          again = false;
        } catch (error) {
          if (!(error instanceof AuditAgain)) throw error;
        }
      }
      assert.equal(built, 3, "once as it is, once without a pass, once without what is nonsense");
      assert.deepEqual(
        [...audit.outcomes].map(([id, outcome]) => [
          id,
          outcome instanceof QueryError ? "error" : "status" in outcome && outcome.status,
        ]),
        [
          ["passes", "pass"],
          ["warns", "warn"],
          ["nonsense", "error"],
        ],
      );
      assert.deepEqual(await rowsOf(session, "shop.orders"), [[1]]);
      await assert.rejects(
        auditOf(db.dialect).run([asked(test, "fails", "select a from shop.orders")], session),
        (error) =>
          error instanceof OperationError &&
          error.code === "AUDIT_FAILED" &&
          error.message.includes('"fails" (1 result)'),
      );
    },
  },
];
