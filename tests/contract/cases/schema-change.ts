import assert from "node:assert/strict";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { ModelConfig } from "../../../runner/graph/types.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context, otherCase } from "./builds.ts";

type Config = Partial<ModelConfig>;
const strategies: readonly Config[] = [
  { incremental_strategy: "append" },
  { incremental_strategy: "delete+insert", unique_key: ["id"] },
  { incremental_strategy: "merge", unique_key: ["id"] },
  { incremental_strategy: "insert_overwrite", partition_by: ["id"] },
];

async function grow(
  session: Session,
  db: Adapter,
  config: Config,
  queries: readonly string[],
): Promise<{ readonly columns: readonly string[]; readonly rows: unknown }> {
  const node = modelNode("orders", { materialized: "incremental", ...config });
  const build = await context(session, db);
  for (const query of queries) await buildModel(node, query, build);
  const columns = (await session.columnsOf(node.relation)).map(({ name }) => name);
  const { rows } = await session.query("select * from shop.orders order by id");
  assert.deepEqual(Array.from((await session.listRelations("shop")).keys()), ["orders"]);
  return { columns, rows };
}

const before = "select 1 as id, 'a' as part, 1 as value";
const added = "select 'late' as more, 2 as id, 2 as value";

export const schemaChangeCases: readonly ContractCase[] = [
  {
    title: "on_schema_change append_new_columns adds what is new and fills what is gone with nulls",
    async body(session, db) {
      for (const strategy of strategies) {
        const config = { ...strategy, on_schema_change: "append_new_columns" } as const;
        const { columns, rows } = await grow(session, db, config, [before, added]);
        assert.deepEqual(columns, ["id", "part", "value", "more"], String(strategy.incremental_strategy));
        assert.deepEqual(rows, [
          [1, "a", 1, null],
          [2, null, 2, "late"],
        ]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "on_schema_change sync_all_columns adds, drops and changes types",
    async body(session, db) {
      for (const strategy of strategies) {
        const config = { ...strategy, on_schema_change: "sync_all_columns" } as const;
        const value = db.dialect.quoteIdentifier(otherCase(db.dialect, "value"));
        const retyped = `select 'late' as more, 2 as id, cast(2.5 as double precision) as ${value}`;
        const { columns, rows } = await grow(session, db, config, [before, retyped]);
        assert.deepEqual(columns, ["id", "value", "more"], String(strategy.incremental_strategy));
        assert.deepEqual(rows, [
          [1, 1, null],
          [2, 2.5, "late"],
        ]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "a column that a merge excludes may be gone from the query",
    async body(session, db) {
      const node = modelNode("orders", {
        materialized: "incremental",
        incremental_strategy: "merge",
        unique_key: ["id"],
        merge_exclude_columns: ["note"],
        on_schema_change: "append_new_columns",
      });
      for (const query of ["select 1 as id, 'a' as part, 'x' as note", "select 1 as id, 'b' as part"])
        await buildModel(node, query, await context(session, db));
      assert.deepEqual((await session.query("select id, part, note from shop.orders")).rows, [[1, "b", "x"]]);
    },
  },
  {
    title: "views that read a table are no obstacle to a column that changes its type, or goes",
    async body(session, db) {
      for (const strategy of strategies) {
        const node = modelNode("orders", {
          materialized: "incremental",
          on_schema_change: "sync_all_columns",
          indexes: [{ columns: ["id"], unique: false, type: null }],
          ...strategy,
        });
        const build = await context(session, db);
        await buildModel(node, before, build);
        await session.run("create view shop.reading as select id, value from shop.orders");
        const query = "select 2 as id, cast(2.5 as double precision) as value";
        await buildModel(node, query, await context(session, db));
        const read = async (from: string): Promise<unknown> =>
          (await session.query(`select * from shop.${from} order by 1`)).rows;
        const grown = [
          [1, 1],
          [2, 2.5],
        ];
        assert.deepEqual([await read("orders"), await read("reading")], [grown, grown]);
        await session.run("drop view shop.reading");
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title:
      "a text that has become longer is taken up whatever is said of changes, and what is cut is warned of",
    async body(session, db) {
      for (const on_schema_change of ["ignore", "fail", "append_new_columns"] as const) {
        const node = modelNode("orders", { materialized: "incremental", on_schema_change });
        const build = async (part: string, value: string): Promise<readonly string[]> => {
          const query = `select cast('${part}' as varchar(${part.length})) as part, ${value} as value`;
          const { plan } = await buildModel(node, query, await context(session, db));
          return (plan.warnings ?? []).map(({ code, message }) => `${code} ${message}`);
        };
        assert.deepEqual(await build("a", "1"), []);
        assert.deepEqual(await build("long", "2"), []);
        if (on_schema_change !== "fail") {
          const [warning, ...more] = await build("x", "cast(2.4 as decimal(3,1))");
          assert.match(
            warning!,
            /COLUMN_TYPE_KEPT "value" of "orders" is \w+\(3,1\) in the query and stays integer/i,
          );
          assert.deepEqual(more, []);
        }
        const { rows } = await session.query("select part, value from shop.orders order by value, part");
        assert.deepEqual(rows.slice(0, 2), [
          ["a", 1],
          ["long", 2],
        ]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "on_schema_change fail names every difference, and nothing changes",
    async body(session, db) {
      const config = { on_schema_change: "fail" } as const;
      await assert.rejects(
        grow(session, db, config, [before, "select 2 as id, 'x' as value, true as more"]),
        /SCHEMA_CHANGED .*new column "more" \(\w+\); it no longer gives "part"; "value" is \w+ in the query and \w+ in the table\n.*sync_all_columns/,
      );
      assert.deepEqual((await session.query("select * from shop.orders")).rows, [[1, "a", 1]]);
      const same = await grow(session, db, config, ["select 3 as value, 'c' as part, 3 as id"]);
      assert.deepEqual(same.rows, [
        [1, "a", 1],
        [3, "c", 3],
      ]);
    },
  },
  {
    title: "a query that may read its own table does so before its columns change",
    async body(session, db) {
      const config = { on_schema_change: "sync_all_columns" } as const;
      const own = "select id + 1 as id, part || '!' as renamed, value from shop.orders";
      const { rows } = await grow(session, db, config, [before, own]);
      assert.deepEqual(rows, [
        [1, 1, null],
        [2, 1, "a!"],
      ]);
    },
  },
  {
    title: "a failure after the columns changed leaves table and columns as they were",
    async body(session, db) {
      const node = modelNode("orders", {
        materialized: "incremental",
        incremental_strategy: "append",
        on_schema_change: "sync_all_columns",
      });
      await context(session, db);
      await session.run(
        "create table shop.orders (id integer, part text, value integer check (value < 100))",
      );
      await session.run("insert into shop.orders values (1, 'a', 1)");
      const build = await context(session, db);
      await assert.rejects(buildModel(node, "select 2 as id, 1000 as value, 'x' as more", build));
      const { columns, rows } = await session.query("select * from shop.orders");
      assert.deepEqual([columns.map(({ name }) => name), rows], [["id", "part", "value"], [[1, "a", 1]]]);
    },
  },
  {
    title: "a column whose rows do not fit its new type is told with both types, and nothing changes",
    async body(session, db) {
      for (const indexes of [[], [{ columns: ["id"], unique: false, type: null }]]) {
        const config = { on_schema_change: "sync_all_columns", indexes } as const;
        await assert.rejects(
          grow(session, db, config, [before, "select true as more, 2 as id, 5 as part, 2 as value"]),
          /models\/orders\.sql:1:1 COLUMN_UNCHANGEABLE the table of "orders" stays as it was, as the column "part" from (VARCHAR|text) to (INTEGER|integer) could not be changed: .*[^]*--full-refresh/,
        );
        const { columns, rows } = await session.query("select * from shop.orders");
        assert.deepEqual([columns.map(({ name }) => name), rows], [["id", "part", "value"], [[1, "a", 1]]]);
        await session.run("drop table shop.orders");
      }
    },
  },
  {
    title: "a key that the query no longer gives is named before anything changes",
    async body(session, db) {
      const config = {
        incremental_strategy: "merge",
        unique_key: ["id"],
        on_schema_change: "sync_all_columns",
      } as const;
      await assert.rejects(
        grow(session, db, config, [before, "select 2 as value"]),
        /COLUMN_UNKNOWN unique_key names "id"/,
      );
      assert.deepEqual((await session.query("select * from shop.orders")).rows, [[1, "a", 1]]);
    },
  },
  {
    title:
      "a column that the model has got since, and that it asks its old table for, is named with the way out",
    async body(session, db) {
      const whole = "select 2 as id, 'b' as part, 2 as value, 5 as seen";
      const asks = [
        `select * from (${whole}) n where n.seen > (select coalesce(max(seen), 0) from shop.orders)`,
        `select n.* from (${whole}) n left join shop.orders o on o.seen = n.seen`,
      ].map((sql) => sql.replaceAll("shop.orders", db.dialect.quoteRelation(modelNode("orders").relation)));
      const config = { on_schema_change: "append_new_columns" } as const;
      const node = modelNode("orders", { materialized: "incremental", ...config });
      const build = { ...(await context(session, db)), wholeSql: () => Promise.resolve(whole) };
      await buildModel(node, before, build);
      for (const sql of asks)
        await assert.rejects(
          buildModel(node, sql, build),
          /COLUMN_MISSING what "orders" adds asks its own table for "seen", which the table .*orders"? does not have yet\n.*--full-refresh/,
          sql,
        );
      // What is wrong with it besides is the engine's to say.
      const wrong = asks[1]!.replace("n.*", "n.*, o.nope");
      await assert.rejects(buildModel(node, wrong, build), { code: "QUERY_FAILED" });
      const keyed = modelNode("orders", { ...node.config, on_schema_change: "ignore", unique_key: ["seen"] });
      await assert.rejects(
        buildModel(keyed, whole, build),
        /COLUMN_MISSING unique_key names "seen", which the table .* does not have yet\n.*--full-refresh/,
      );
      assert.deepEqual((await session.query("select * from shop.orders")).rows, [[1, "a", 1]]);
    },
  },
];
