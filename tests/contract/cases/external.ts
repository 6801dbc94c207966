import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { Built } from "../../../runner/execute/build-node.ts";
import type { ModelConfig } from "../../../runner/graph/types.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";
import { failure } from "./errors.ts";

type Config = Partial<ModelConfig>;
type Build = (config: Config, query: string, fullRefresh?: boolean) => Promise<Built>;

/** Runs `body` with a project folder of its own, in which `out/` holds what is written. */
const inFolder =
  (body: (build: Build, folder: string, session: Session) => Promise<void>) =>
  async (session: Session, db: Adapter): Promise<void> => {
    const root = mkdtempSync(join(tmpdir(), "statloom it's [x]*-"));
    const externals = { root, folder: join(root, "out") };
    try {
      await body(
        async (config, query, fullRefresh = false) => {
          const node = modelNode("orders", {
            materialized: "external",
            incremental_strategy: null,
            ...config,
          });
          return buildModel(node, query, { ...(await context(session, db, fullRefresh)), externals });
        },
        join(root, "out"),
        session,
      );
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  };

const rows = (...list: readonly string[]): string =>
  `select * from (values ${list.map((row) => `(${row})`).join(", ")}) as t(id, part, value)`;
const read = async (session: Session): Promise<unknown> =>
  (await session.query("select id, part, value from shop.orders order by id, part, value")).rows;
const typed =
  "select 1 as id, '01' as part, cast(1.5 as double precision) as value, date '2024-01-31' as day";

export const externalCases: readonly ContractCase[] = [
  {
    title: "an external model is a file with a view of it, types and texts kept",
    body: inFolder(async (build, folder, session) => {
      for (const format of ["parquet", "csv", "json"] as const) {
        const { rows: count } = await build({ format }, `${typed} union all select 2, '', null, null`);
        assert.equal(count, 2, format);
        assert.deepEqual(Array.from(await session.listRelations("shop")), [["orders", "view"]]);
        const { columns, rows: found } = await session.query("select * from shop.orders order by id");
        assert.deepEqual(
          columns.map(({ type }) => type),
          ["INTEGER", "VARCHAR", "DOUBLE", "DATE"],
          format,
        );
        assert.deepEqual(found, [
          [1, "01", 1.5, "2024-01-31"],
          [2, "", null, null],
        ]);
        await build({ format }, `${typed} limit 0`);
        assert.deepEqual((await session.query("select * from shop.orders")).rows, []);
      }
      assert.deepEqual(readdirSync(folder), ["orders.csv", "orders.json", "orders.parquet"]);
    }),
  },
  {
    title: "an external model lies where it says, written as it says",
    body: inFolder(async (build, folder, session) => {
      await build(
        { location: "out/deep/er/it's.csv", options: { delimiter: ";", header: false } },
        rows("1, 'a', 2"),
      );
      assert.equal(readFileSync(join(folder, "deep/er/it's.csv"), "utf8"), "1;a;2\n");
      assert.deepEqual(await read(session), [[1, "a", 2]]);
      await build({ options: { compression: "zstd", row_group_size: 2048 } }, rows("1, 'a', 2"));
      assert.deepEqual(await read(session), [[1, "a", 2]]);
    }),
  },
  {
    title: "a partitioned external model is a folder; values keep their types, nulls too",
    body: inFolder(async (build, folder, session) => {
      for (const format of ["parquet", "csv"] as const) {
        const config = { format, partition_by: ["part"] };
        await build(config, rows("1, '01', 1", "2, null, 2", "3, '1', 3"));
        assert.deepEqual(await read(session), [
          [1, "01", 1],
          [2, null, 2],
          [3, "1", 3],
        ]);
        assert.ok(existsSync(join(folder, "orders/part=01")));
        await build(config, rows("9, '9', 9"));
        assert.deepEqual(await read(session), [[9, "9", 9]], "what was there before is gone");
        await build(config, `${rows("9, '9', 9")} where false`);
        assert.deepEqual(await read(session), []);
        assert.deepEqual(readdirSync(folder), ["orders"]);
      }
    }),
  },
  {
    title: "a partitioned external model that is added to replaces the partitions that the query gives",
    body: inFolder(async (build, folder, session) => {
      const config: Config = { partition_by: ["part"], incremental_strategy: "insert_overwrite" };
      await build(config, rows("1, 'a', 1", "2, 'b', 2", "3, 'b', 3"));
      const { plan } = await build(config, rows("9, 'b', 9", "4, 'c', 4"));
      assert.equal(plan.description, "external (insert_overwrite)");
      const expected = [
        [1, "a", 1],
        [4, "c", 4],
        [9, "b", 9],
      ];
      assert.deepEqual(await read(session), expected);
      await build(config, `${rows("9, 'b', 9")} where false`);
      assert.deepEqual(await read(session), expected);
      await build(config, rows("5, 'd', 5"), true);
      assert.deepEqual(await read(session), [[5, "d", 5]]);
      assert.deepEqual(readdirSync(folder), ["orders"]);
    }),
  },
  {
    title: "an external model of one file is added to by key or by appending",
    body: inFolder(async (build, folder, session) => {
      for (const format of ["parquet", "csv"] as const) {
        const keyed: Config = { format, incremental_strategy: "delete+insert", unique_key: ["id"] };
        await build(keyed, rows("1, 'a', 1", "2, 'b', 2"), true);
        await build(keyed, rows("2, 'c', 20", "3, 'd', 30"));
        await build(
          { format, incremental_strategy: "append" },
          "select id + 10 as id, part, value from shop.orders where id = 1",
        );
        assert.deepEqual(await read(session), [
          [1, "a", 1],
          [2, "c", 20],
          [3, "d", 30],
          [11, "a", 1],
        ]);
      }
      assert.deepEqual(readdirSync(folder), ["orders.csv", "orders.parquet"]);
      await assert.rejects(
        build(
          { incremental_strategy: "append", on_schema_change: "append_new_columns" },
          "select 1 as id, 2 as more",
        ),
        /SCHEMA_CHANGED an external model cannot add the column "more"/,
      );
    }),
  },
  {
    title: "a build that fails leaves the old file and view, and nothing beside",
    body: inFolder(async (build, folder, session) => {
      const late =
        "select cast(case when i = 200000 then 'x' else '1' end as integer) as id, 'a' as part, 1 as value from generate_series(1, 200000) s(i)";
      for (const config of [{}, { partition_by: ["part"] }]) {
        await build(config, rows("1, 'a', 1"));
        await failure(build(config, late));
        await failure(build(config, "select nope"));
        assert.deepEqual(await read(session), [[1, "a", 1]]);
      }
      assert.deepEqual(readdirSync(folder).toSorted(), ["orders", "orders.parquet"]);
      writeFileSync(join(folder, "orders.parquet.statloom_tmp"), "left by a crash");
      await build({}, rows("2, 'a', 1"));
      assert.deepEqual(readdirSync(folder).toSorted(), ["orders", "orders.parquet"]);
    }),
  },
  {
    title: "an external model takes the place of a table and gives it back",
    body: inFolder(async (build, _folder, session) => {
      await build({ materialized: "table" }, rows("1, 'a', 1"));
      await build({}, "select id + 1 as id, part, value from shop.orders");
      assert.deepEqual(await read(session), [[2, "a", 1]]);
      await build({ materialized: "table" }, "select id + 1 as id, part, value from shop.orders");
      assert.deepEqual(await read(session), [[3, "a", 1]]);
      assert.deepEqual(Array.from(await session.listRelations("shop")), [["orders", "table"]]);
    }),
  },
];
