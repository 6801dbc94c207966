import assert from "node:assert/strict";
import { QueryError } from "../../../runner/adapters/query-error.ts";
import { OperationError } from "../../../runner/base/errors.ts";
import { withRetries, withTimeout } from "../../../runner/execute/attempts.ts";
import { buildMicrobatch } from "../../../runner/execute/build-microbatch.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import { isMicrobatch } from "../../../runner/plan/microbatch/plan-microbatch.ts";
import { createMetaTables } from "../../../runner/execute/warehouse-state.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";
import { slowQuery } from "./sessions.ts";

const DAY = 86_400_000;

export const attemptCases: readonly ContractCase[] = [
  {
    title: "what takes longer than its timeout is stopped, leaves the old table, and the session works on",
    async body(session, db) {
      for (const config of [{}, { materialized: "incremental" }, { indexes: [] }] as const) {
        const node = modelNode("orders", config);
        await buildModel(node, "select 1 as n", await context(session, db, true));
        const build = await context(session, db);
        await assert.rejects(
          withTimeout(0.15, session, undefined, (signal) =>
            buildModel(node, slowQuery.replace("count(*)", "count(*) as n"), {
              ...build,
              ...(signal && { signal }),
            }),
          ),
          (error) => error instanceof OperationError && error.code === "TIMEOUT" && !error.retryable,
        );
        assert.deepEqual((await session.query("select n from shop.orders")).rows, [[1]]);
        assert.deepEqual(Array.from((await session.listRelations("shop")).keys()), ["orders"]);
      }
    },
  },
  {
    title: "a batch has its own timeout, the others are built",
    async body(session, db) {
      await createMetaTables(session, db.dialect);
      const node = modelNode("orders", {
        materialized: "incremental",
        incremental_strategy: "microbatch",
        event_time: "at",
        begin: "2024-01-01",
        batch_size: "day",
      });
      assert.ok(isMicrobatch(node));
      const { results } = await buildMicrobatch(
        node,
        {
          now: Date.UTC(2024, 0, 3, 12),
          window: null,
          compile: ({ start }) =>
            `select cast('${new Date(start).toISOString().slice(0, 10)}' as date) as at, n from (${
              start === Date.UTC(2024, 0, 1) + DAY
                ? slowQuery.replace("count(*)", "count(*) as n")
                : "select 1 as n"
            }) s`,
        },
        {
          ...(await context(session, db)),
          attempt: (own, work) => withTimeout(2, own, undefined, work),
        },
      );
      assert.deepEqual(
        results.map(({ error }) => error?.code ?? null),
        [null, "TIMEOUT", null],
      );
      assert.equal((await session.query("select * from shop.orders")).rows.length, 2);
    },
  },
  {
    title: "a build that failed in a way that passes is whole after another try",
    async body(session, db) {
      const build = await context(session, db);
      const node = modelNode("orders", { materialized: "incremental" });
      await buildModel(node, "select 1 as n", build);
      let waits = 0;
      await withRetries(
        { count: 2, delay: 0.001 },
        undefined,
        () => void waits++,
        async (attempt) => {
          const hooks = new Map([
            [
              node.uniqueId,
              {
                pre: [],
                post: [{ sql: attempt < 3 ? "select * from nowhere" : "select 1", transaction: true }],
              },
            ],
          ]);
          await buildModel(node, "select 2 as n", { ...build, hooks }).catch((error: unknown) => {
            throw new QueryError({ message: "gone", kind: "lost", sql: "" }, error);
          });
        },
      );
      assert.equal(waits, 2);
      assert.deepEqual((await session.query("select n from shop.orders order by n")).rows, [[1], [2]]);
    },
  },
];
