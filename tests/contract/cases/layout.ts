import assert from "node:assert/strict";
import type { Session } from "../../../runner/adapters/adapter.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import { literal } from "../../../runner/dialects/standard.ts";
import type { ModelConfig, Partitioning } from "../../../runner/graph/types.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";

const rest = { granularity: null, interval: null, default_partition: true };
export const monthly: Partitioning = { ...rest, type: "range", field: "day", granularity: "month" };
export const byGeo: Partitioning = { ...rest, type: "list", field: "geo" };
export const byNumber: Partitioning = { ...rest, type: "range", field: "n", interval: 10 };

const rowsOf = async (session: Session): Promise<unknown> =>
  (await session.query("select n, geo, cast(day as varchar) from shop.orders order by n")).rows;

/** Rows of `n, day, geo`. */
export const rows = (...list: readonly (readonly [number, string | null, string | null])[]): string =>
  `select n, cast(day as date) as day, geo from (values ${list
    .map(([n, day, geo]) => `(${n}, ${literal(day)}, ${literal(geo)})`)
    .join(", ")}) t(n, day, geo)`;

const first = rows([1, "2024-01-15", "DE"], [2, "2024-02-15", "it's"], [3, null, null]);
const second = rows([2, "2024-02-20", "FR"], [14, "2024-03-01", "DE"]);

export const layoutCases: readonly ContractCase[] = [
  {
    title: "a table that is divided, or unlogged, holds the same rows, and is added to as any other",
    async body(session, db) {
      for (const partitioning of [monthly, byGeo, byNumber]) {
        const build = async (query: string, config: Partial<ModelConfig> = {}): Promise<unknown> => {
          await buildModel(
            modelNode("orders", { partitioning, unlogged: true, ...config }),
            query,
            await context(session, db),
          );
          return rowsOf(session);
        };
        const before = [
          [1, "DE", "2024-01-15"],
          [2, "it's", "2024-02-15"],
          [3, null, null],
        ];
        const after = [before[0], [2, "FR", "2024-02-20"], before[2], [14, "DE", "2024-03-01"]];
        for (const strategy of ["merge", "delete+insert"] as const) {
          const keyed = {
            materialized: "incremental",
            unique_key: ["n"],
            incremental_strategy: strategy,
          } as const;
          assert.deepEqual(await build(first), before);
          assert.deepEqual(await build(first), before);
          assert.deepEqual(await build(second, keyed), after);
        }
        assert.deepEqual(await build(first), before);
        const append = { materialized: "incremental", incremental_strategy: "append" } as const;
        assert.deepEqual(await build(rows([24, "2025-01-01", "XX"]), append), [
          ...before,
          [24, "XX", "2025-01-01"],
        ]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "insert_overwrite replaces the partitions by which a table is divided",
    async body(session, db) {
      const config = { materialized: "incremental", incremental_strategy: "insert_overwrite" } as const;
      const node = modelNode("orders", { ...config, partitioning: monthly });
      await buildModel(
        node,
        rows([1, "2024-01-15", "a"], [2, "2024-01-20", "b"], [3, "2024-02-01", "c"]),
        await context(session, db),
      );
      await buildModel(
        node,
        rows([4, "2024-01-01", "d"], [5, "2024-03-01", "e"]),
        await context(session, db),
      );
      assert.deepEqual(await rowsOf(session), [
        [3, "c", "2024-02-01"],
        [4, "d", "2024-01-01"],
        [5, "e", "2024-03-01"],
      ]);
    },
  },
];
