import assert from "node:assert/strict";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { ModelConfig } from "../../../runner/graph/types.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context, otherCase } from "./builds.ts";
import { failure } from "./errors.ts";

/** Builds the model once for each query, in order, and gives back its rows. */
async function grow(
  session: Session,
  db: Adapter,
  config: Partial<ModelConfig>,
  queries: readonly string[],
): Promise<unknown> {
  const node = modelNode("orders", { materialized: "incremental", ...config });
  const build = await context(session, db);
  for (const query of queries) await buildModel(node, query, build);
  const { rows } = await session.query("select * from shop.orders order by 1, 2, 3");
  assert.deepEqual(Array.from((await session.listRelations("shop")).keys()), ["orders"]);
  return rows;
}

const rows = (...list: readonly string[]): string =>
  `select * from (values ${list.map((row) => `(${row})`).join(", ")}) as t(id, part, value)`;

const keyed = ["delete+insert", "merge"] as const;

export const incrementalCases: readonly ContractCase[] = [
  {
    title: "append adds rows, also those that are there",
    async body(session, db) {
      const found = await grow(session, db, { incremental_strategy: "append" }, [
        rows("1, 'a', 1"),
        rows("1, 'a', 1", "2, 'b', 2"),
      ]);
      assert.deepEqual(found, [
        [1, "a", 1],
        [1, "a", 1],
        [2, "b", 2],
      ]);
    },
  },
  {
    title: "append may read its own table",
    async body(session, db) {
      const again = "select id + 1 as id, part, value from shop.orders";
      assert.deepEqual(await grow(session, db, {}, [rows("1, 'a', 1"), again, again]), [
        [1, "a", 1],
        [2, "a", 1],
        [2, "a", 1],
        [3, "a", 1],
      ]);
    },
  },
  {
    title: "delete+insert and merge replace by key and add the rest",
    async body(session, db) {
      for (const incremental_strategy of keyed) {
        const config = { incremental_strategy, unique_key: ["id"] };
        const found = await grow(session, db, config, [
          rows("1, 'a', 1", "2, 'b', 2"),
          rows("2, 'c', 20", "3, 'd', 30"),
        ]);
        assert.deepEqual(
          found,
          [
            [1, "a", 1],
            [2, "c", 20],
            [3, "d", 30],
          ],
          incremental_strategy,
        );
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "keys of several columns are compared as rows, and nulls are equal",
    async body(session, db) {
      for (const incremental_strategy of keyed) {
        const config = { incremental_strategy, unique_key: ["id", "part"] };
        const before = rows("1, 'a', 1", "2, 'b', 2", "1, null, 3", "cast(null as integer), 'x', 4");
        // Column by column, (1, 'b') and (2, 'a') would take all of the first two.
        const after = rows("1, 'b', 10", "2, 'a', 20", "1, null, 30", "cast(null as integer), 'x', 40");
        const { dialect } = db;
        const node = modelNode("orders", { materialized: "incremental", ...config });
        const build = await context(session, db);
        await buildModel(node, before, build);
        await buildModel(node, after, build);
        const found = await session.query(
          `select value from ${dialect.quoteRelation(node.relation)} order by 1`,
        );
        assert.deepEqual(found.rows.flat(), [1, 2, 10, 20, 30, 40], incremental_strategy);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "without a key every strategy appends",
    async body(session, db) {
      for (const incremental_strategy of keyed) {
        const found = await grow(session, db, { incremental_strategy }, [
          rows("1, 'a', 1"),
          rows("1, 'a', 1"),
        ]);
        assert.deepEqual(found, [
          [1, "a", 1],
          [1, "a", 1],
        ]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "merge writes only the columns that it may",
    async body(session, db) {
      const merge = { incremental_strategy: "merge", unique_key: ["id"] } as const;
      const queries = [rows("1, 'a', 1"), rows("1, 'b', 2", "2, 'c', 3")];
      for (const [more, expected] of [
        [{ merge_update_columns: [otherCase(db.dialect, "value")] }, [1, "a", 2]],
        [{ merge_exclude_columns: ["value"] }, [1, "b", 1]],
        [{ merge_exclude_columns: ["part", "value"] }, [1, "a", 1]],
      ] as const) {
        assert.deepEqual(await grow(session, db, { ...merge, ...more }, queries), [expected, [2, "c", 3]]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "predicates of delete+insert without a table's name are on the rows that are there",
    async body(session, db) {
      const config = {
        incremental_strategy: "delete+insert",
        unique_key: ["id", "part"],
        incremental_predicates: ["value > 1 -- new ones", "dbt_internal_dest.id < 3"],
      } as const;
      const found = await grow(session, db, config, [
        rows("1, 'a', 1", "2, 'b', 2", "2, null, 2", "3, 'c', 3"),
        rows("1, 'a', 0", "2, 'b', 0", "2, null, 0", "3, 'c', 0"),
      ]);
      assert.deepEqual((found as unknown[][]).map((row) => row.join(" ")).toSorted(), [
        "1 a 0",
        "1 a 1",
        "2  0",
        "2 b 0",
        "3 c 0",
        "3 c 3",
      ]);
    },
  },
  {
    title: "predicates narrow what may be replaced",
    async body(session, db) {
      for (const incremental_strategy of keyed) {
        const config = {
          incremental_strategy,
          unique_key: ["id"],
          incremental_predicates: [
            "DBT_INTERNAL_DEST.value > 1 -- new ones",
            "DBT_INTERNAL_SOURCE.value < 1000",
          ],
        };
        const found = await grow(session, db, config, [
          rows("1, 'a', 1", "2, 'b', 2"),
          rows("1, 'x', 10", "2, 'y', 20"),
        ]);
        assert.deepEqual(
          found,
          [
            [1, "a", 1],
            [1, "x", 10],
            [2, "y", 20],
          ],
          incremental_strategy,
        );
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "merge conditions hold back updates and inserts",
    async body(session, db) {
      const found = await grow(
        session,
        db,
        {
          incremental_strategy: "merge",
          unique_key: ["id"],
          merge_update_condition: "DBT_INTERNAL_SOURCE.value > DBT_INTERNAL_DEST.value -- newer",
          merge_insert_condition: "DBT_INTERNAL_SOURCE.part is not null",
        },
        [rows("1, 'a', 5", "2, 'b', 5"), rows("1, 'x', 4", "2, 'y', 6", "3, 'z', 1", "4, null, 1")],
      );
      assert.deepEqual(found, [
        [1, "a", 5],
        [2, "y", 6],
        [3, "z", 1],
      ]);
    },
  },
  {
    title: "insert_overwrite replaces exactly the partitions that the query gives",
    async body(session, db) {
      const first = rows("1, 'a', 1", "2, 'a', 2", "3, 'b', 3", "4, null, 4", "5, 'c', 5");
      const second = rows("9, 'a', 9", "8, null, 8");
      const strategy = { incremental_strategy: "insert_overwrite" } as const;
      for (const [partition_by, expected] of [
        [[otherCase(db.dialect, "part")], [3, 5, 8, 9]],
        [["upper(part) -- in capitals"], [3, 5, 8, 9]],
        [
          ["part", "id % 2"],
          [2, 3, 5, 8, 9],
        ],
        [["id"], [1, 2, 3, 4, 5, 8, 9]],
      ] as const) {
        const found = await grow(session, db, { ...strategy, partition_by }, [first, second]);
        assert.deepEqual(
          (found as unknown[][]).map(([id]) => id),
          expected,
          partition_by.join(),
        );
        const same = await grow(session, db, { ...strategy, partition_by }, [`${first} where false`]);
        assert.deepEqual(same, found, "a query without rows replaces nothing");
        await session.run("drop table shop.orders");
      }
      await assert.rejects(
        grow(session, db, { ...strategy, partition_by: ["prat"] }, [first]),
        /COLUMN_UNKNOWN partition_by names "prat"[\s\S]*did you mean "part"/,
      );
    },
  },
  {
    title: "columns are matched by name, and new ones of the query are left out",
    async body(session, db) {
      for (const incremental_strategy of ["append", ...keyed] as const) {
        const config = { incremental_strategy, unique_key: incremental_strategy === "append" ? [] : ["id"] };
        const value = db.dialect.quoteIdentifier(otherCase(db.dialect, "value"));
        const other = `select 30 as ${value}, true as more, 3 as id, 'c' as part`;
        const found = await grow(session, db, config, [rows("1, 'a', 1"), other]);
        assert.deepEqual(found, [
          [1, "a", 1],
          [3, "c", 30],
        ]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "a column of the table that the query no longer gives is named, and nothing changes",
    async body(session, db) {
      const queries = [rows("1, 'a', 1"), "select 2 as id, 2 as value"];
      await assert.rejects(grow(session, db, {}, queries), /COLUMN_MISSING the query gives no column "part"/);
      assert.deepEqual((await session.query("select count(*) from shop.orders")).rows, [["1"]]);
    },
  },
  {
    title: "two new rows that would update one are refused by merge; two of a new key are added",
    async body(session, db) {
      const merge = { incremental_strategy: "merge", unique_key: ["id", "part"] } as const;
      const first = rows("1, 'a', 1", "2, null, 2");
      for (const twice of [
        rows("1, 'a', 3", "1, 'a', 4"),
        rows("2, cast(null as varchar), 3", "2, null, 4"),
      ]) {
        await assert.rejects(
          grow(session, db, merge, [first, twice]),
          /would update the same row: id = \d, part = (a|null), copies = 2|cannot affect row a second time/,
        );
        assert.deepEqual((await session.query("select * from shop.orders order by 1")).rows, [
          [1, "a", 1],
          [2, null, 2],
        ]);
        await session.run("drop table shop.orders");
      }
      const held = { ...merge, merge_update_condition: "DBT_INTERNAL_SOURCE.value > 3" };
      assert.deepEqual(
        await grow(session, db, held, [first, rows("1, 'a', 3", "1, 'a', 4", "3, 'c', 5", "3, 'c', 6")]),
        [
          [1, "a", 4],
          [2, null, 2],
          [3, "c", 5],
          [3, "c", 6],
        ],
      );
    },
  },
  {
    title: "a key that the model does not have is named at the first build",
    async body(session, db) {
      const config = { incremental_strategy: "merge", unique_key: ["idd"] } as const;
      await assert.rejects(
        grow(session, db, config, [rows("1, 'a', 1")]),
        /COLUMN_UNKNOWN unique_key names "idd"[\s\S]*"id"/,
      );
    },
  },
  {
    title: "a full refresh and a view in its place are built whole; full_refresh false protects",
    async body(session, db) {
      const build = await context(session, db, true);
      const at = (config: Partial<ModelConfig>) =>
        modelNode("orders", { materialized: "incremental", ...config });
      await buildModel(modelNode("orders", { materialized: "view" }), rows("9, 'v', 9"), build);
      await buildModel(at({}), rows("1, 'a', 1"), { ...build, fullRefresh: false });
      const count = async (): Promise<unknown> =>
        (await session.query("select count(*) from shop.orders")).rows[0]?.[0];
      assert.equal(await count(), "1");
      await buildModel(at({ full_refresh: false }), rows("2, 'b', 2"), build);
      assert.equal(await count(), "2");
      await buildModel(at({}), "select 3 as only", build);
      assert.equal(await count(), "1");
      await buildModel(at({ full_refresh: true }), "select 4 as only union all select 5", {
        ...build,
        fullRefresh: false,
      });
      assert.equal(await count(), "2");
    },
  },
  {
    title: "a step that fails after the delete leaves every row",
    async body(session, db) {
      for (const config of [
        { incremental_strategy: "delete+insert", unique_key: ["id"] },
        { incremental_strategy: "insert_overwrite", partition_by: ["id"] },
      ] as const) {
        const node = modelNode("orders", { materialized: "incremental", ...config });
        const build = await context(session, db);
        await session.run("create table shop.orders (id integer, value integer check (value < 100))");
        await session.run("insert into shop.orders values (1, 1)");
        const fresh = { ...build, warehouse: (await context(session, db)).warehouse };
        await failure(buildModel(node, "select 1 as id, 1000 as value", fresh));
        assert.deepEqual((await session.query("select id, value from shop.orders")).rows, [[1, 1]]);
        await buildModel(node, "select 1 as id, 2 as value", fresh);
        assert.deepEqual((await session.query("select id, value from shop.orders")).rows, [[1, 2]]);
        await session.run("drop table shop.orders");
      }
    },
  },
];
