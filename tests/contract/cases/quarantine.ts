import assert from "node:assert/strict";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { OperationError } from "../../../runner/base/errors.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { BuildContext, Built } from "../../../runner/execute/build-node.ts";
import type { ModelNode } from "../../../runner/graph/types.ts";
import type { RowTest } from "../../../runner/plan/quarantine.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";

const rows = (name: string, fails: string, where: string | null = null): RowTest => ({
  name,
  rows: { relation: "shop.orders", where, scan: { kind: "rows", fails, counts: true } },
});
const TESTS: readonly RowTest[] = [
  rows("not_null_b", "b is null -- nothing"),
  rows("small_a", "a > 100 and b > 0"),
  rows("even", "b / 0 = 1", "a < 0"),
  {
    name: "unique_a",
    rows: { relation: "shop.orders", where: "a < 50", scan: { kind: "key", key: "a" } },
  },
  { name: "of_all", rows: { relation: "shop.orders", where: null, scan: null } },
];

async function build(
  session: Session,
  db: Adapter,
  node: ModelNode,
  query: string,
  full = false,
): Promise<Built> {
  const own: BuildContext = {
    ...(await context(session, db, full)),
    failing: { testsOn: () => TESTS, runId: "run", now: Date.UTC(2024, 0, 1) },
  };
  return buildModel(node, query, own);
}
const query = (...values: string[]): string => `select * from (values ${values.join(", ")}) as given (a, b)`;
const read = async (session: Session, sql: string): Promise<unknown> => (await session.query(sql)).rows;
const left = (session: Session): Promise<unknown> =>
  read(session, "select a, b from shop.orders order by a, b");
const moved = (session: Session): Promise<unknown> =>
  read(session, "select a, b, _failed_tests from shop.orders__quarantine order by a, b nulls last");

export const quarantineCases: readonly ContractCase[] = [
  {
    title: "rows that tests find go to quarantine with their reasons, and the rest through",
    async body(session, db) {
      const node = modelNode("orders", { quarantine: { max_share: 0.8 } });
      for (const _ of ["first", "again"]) {
        const built = await build(
          session,
          db,
          node,
          query("(1, 1)", "(2, 2)", "(2, 3)", "(3, null)", "(200, 1)"),
        );
        assert.deepEqual([built.rows, built.moved], [1, 4]);
        assert.deepEqual(await left(session), [[1, 1]]);
        assert.deepEqual(await moved(session), [
          [2, 2, "unique_a"],
          [2, 3, "unique_a"],
          [3, null, "not_null_b"],
          [200, 1, "small_a"],
        ]);
      }
      assert.deepEqual(
        await read(session, "select distinct _run_id, _quarantined_at from shop.orders__quarantine"),
        [["run", "2024-01-01 00:00:00"]],
      );
      await build(session, db, node, "select 7 as a, 1 as b, 'new' as c");
      assert.deepEqual(await read(session, "select a, c from shop.orders"), [[7, "new"]]);
      assert.deepEqual(
        await read(session, "select c from shop.orders__quarantine"),
        [],
        "with the column that is new",
      );
    },
  },
  {
    title: "a row of a table in parts goes, and its twins in other parts stay",
    async body(session, db) {
      const partitioning = {
        type: "list",
        field: "a",
        granularity: null,
        interval: null,
        default_partition: false,
      } as const;
      const node = modelNode("orders", { quarantine: { max_share: 0.5 }, partitioning });
      for (const _ of ["first", "again"]) {
        await build(session, db, node, query("(1, 1)", "(2, null)", "(3, 3)"));
        assert.deepEqual(await left(session), [
          [1, 1],
          [3, 3],
        ]);
        assert.deepEqual(await moved(session), [[2, null, "not_null_b"]]);
      }
    },
  },
  {
    title: "more rows than may go to quarantine leave everything as it was",
    async body(session, db) {
      const node = modelNode("orders", { quarantine: { max_share: 0.5 } });
      await build(session, db, node, query("(1, 1)", "(2, null)"));
      await assert.rejects(
        build(session, db, node, query("(1, null)", "(2, null)", "(3, 3)")),
        (error) =>
          error instanceof OperationError &&
          error.code === "QUARANTINE_FULL" &&
          /rows_that_fail = 2, rows_in_all = 3, tests = not_null_b/.test(error.message),
      );
      assert.deepEqual(await left(session), [[1, 1]]);
      assert.deepEqual(await moved(session), [[2, null, "not_null_b"]]);
    },
  },
  {
    title: "what is added to a table is looked at alone, and a key that comes again leaves the quarantine",
    async body(session, db) {
      for (const strategy of ["append", "merge", "delete+insert"] as const) {
        const node = modelNode("orders", {
          quarantine: { max_share: 0.5 },
          materialized: "incremental",
          incremental_strategy: strategy,
          unique_key: strategy === "append" ? [] : ["a"],
        });
        await build(session, db, node, query("(1, 1)", "(2, null)"), true);
        const second = await build(session, db, node, query("(1, null)", "(3, 3)"));
        assert.deepEqual([second.rows, second.moved], [1, 1]);
        assert.deepEqual(await left(session), [
          [1, 1],
          [3, 3],
        ]);
        assert.deepEqual(await moved(session), [
          [1, null, "not_null_b"],
          [2, null, "not_null_b"],
        ]);
        await build(session, db, node, query("(2, 2)"));
        const still =
          strategy === "append"
            ? [
                [1, null, "not_null_b"],
                [2, null, "not_null_b"],
              ]
            : [[1, null, "not_null_b"]];
        assert.deepEqual(await moved(session), still);
        assert.deepEqual(await left(session), [
          [1, 1],
          [2, 2],
          [3, 3],
        ]);
        await session.run("drop table shop.orders");
        await session.run("drop table shop.orders__quarantine");
      }
    },
  },
];
