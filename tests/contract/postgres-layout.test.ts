import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openAdapter } from "../../runner/adapters/open.ts";
import { buildModel, planBuild } from "../../runner/execute/build-node.ts";
import { executePlan } from "../../runner/execute/execute-plan.ts";
import type { ModelConfig } from "../../runner/graph/types.ts";
import { connect, databaseForTests } from "../support/postgres.ts";
import { modelNode } from "../unit/runner/plan/nodes.ts";
import { context } from "./cases/builds.ts";
import { failure } from "./cases/errors.ts";
import { byGeo, byNumber, monthly, rows } from "./cases/layout.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();

describe("how PostgreSQL keeps a table", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);
  const target = postgresTarget(server.url);
  const build = async (query: string, config: Partial<ModelConfig>, name = "orders"): Promise<void> => {
    await using db = await openAdapter(target);
    const session = await db.session();
    await buildModel(modelNode(name, config), query, await context(session, db));
  };
  const fresh = (): Promise<unknown> => sql.unsafe("drop schema if exists shop cascade");
  const partitions = async (name = "orders"): Promise<string[]> =>
    (
      await sql`select c.relname || ': ' || pg_get_expr(c.relpartbound, c.oid) as it, c.relpersistence::text
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = ${`shop.${name}`}::regclass order by c.relname`
    ).map(({ it }) => String(it));

  test("in ranges of time, made as rows come; what fits none has one of its own", async () => {
    await fresh();
    const config = { partitioning: monthly, indexes: [{ columns: ["geo"], unique: false, type: null }] };
    await build(rows([1, "2024-01-15", "a"], [2, "2023-12-31", "b"]), config);
    await build(rows([1, "2024-01-15", "a"], [2, "2023-12-31", "b"]), config);
    assert.deepEqual(await partitions(), [
      "orders__2023_12: FOR VALUES FROM ('2023-12-01') TO ('2024-01-01')",
      "orders__2024_01: FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')",
    ]);
    await build(rows([3, "2024-01-31", "a"], [4, null, "b"], [5, "infinity", "c"]), {
      ...config,
      materialized: "incremental",
    });
    assert.deepEqual((await partitions()).slice(2), ["orders__default: DEFAULT"]);
    await build(rows([6, "2024-02-01", "a"], [7, null, "c"]), { ...config, materialized: "incremental" });
    assert.equal((await partitions()).length, 4);
    const [found] = await sql`select (select count(*)::int from shop.orders__2024_01) as january,
      (select count(*)::int from pg_indexes where schemaname = 'shop') as indexes`;
    assert.deepEqual({ ...found }, { january: 2, indexes: 5 });
    await build(rows([1, "2024-05-15", "a"]), { ...config, materialized: "table", unlogged: true });
    assert.deepEqual(await partitions(), [
      "orders__2024_05: FOR VALUES FROM ('2024-05-01') TO ('2024-06-01')",
    ]);
    const kept =
      await sql`select relpersistence::text as kept from pg_class where relname = 'orders__2024_05'`;
    assert.equal(kept[0]?.["kept"], "u");
    const strict = { ...config, partitioning: { ...monthly, default_partition: false } };
    assert.match((await failure(build(rows([1, null, "a"]), strict))).message, /no partition of relation/);
    assert.equal((await partitions()).length, 1);
  });

  test("in instants and numbers, in values, with any name", async () => {
    await fresh();
    const name = "ö".repeat(31);
    const instants = "select timestamptz '2024-01-01 00:30:00+01' as day, 'x' as geo";
    await build(instants, { partitioning: { ...monthly, granularity: "hour" } }, name);
    assert.match((await partitions(name)).join(), /TO \('2024-01-01 00:00:00\+00'\)$/);
    await build(rows([-3, null, "DE"], [10, null, 'it\'s; "odd"'], [19, null, null], [0, null, "null"]), {
      partitioning: byNumber,
    });
    assert.deepEqual(await partitions(), [
      "orders__0: FOR VALUES FROM (0) TO (10)",
      "orders__10: FOR VALUES FROM (10) TO (20)",
      "orders__minus_10: FOR VALUES FROM ('-10') TO (0)",
    ]);
    await build(rows([-3, null, "DE"], [10, null, 'it\'s; "odd"'], [19, null, null], [0, null, "null"]), {
      partitioning: byGeo,
    });
    assert.deepEqual((await partitions()).map((each) => each.replace(/_[0-9a-f]{8}:/, "_#:")).sort(), [
      "orders__DE: FOR VALUES IN ('DE')",
      "orders__it_s_odd__#: FOR VALUES IN ('it''s; \"odd\"')",
      "orders__null: FOR VALUES IN (NULL)",
      "orders__null_#: FOR VALUES IN ('null')",
    ]);
  });

  test("batch by batch too, and refuses what it cannot add to", async () => {
    await fresh();
    await build(rows([1, "2024-01-15", "a"]), {});
    const adding = { materialized: "incremental", partitioning: monthly } as const;
    await assert.rejects(
      build(rows([1, "2024-01-15", "a"]), adding),
      /is not divided by range of "day": divided by = nothing/,
    );
    const many = "select i as n, null::date as day, 'x' as geo from generate_series(1, 1001) i";
    await assert.rejects(
      build(many, { partitioning: { ...byNumber, interval: 1 } }),
      /would need more than 1000 partitions: partitions = 1001/,
    );
    assert.deepEqual(
      [...(await sql`select relname::text from pg_class where relnamespace = 'shop'::regnamespace`)],
      [{ relname: "orders" }],
    );
  });

  test("takes another shape though views read it, with its partitions, indexes and rights", async () => {
    await fresh();
    const config = {
      partitioning: monthly,
      materialized: "incremental",
      incremental_strategy: "merge",
      unique_key: ["n"],
      on_schema_change: "sync_all_columns",
      indexes: [{ columns: ["n", "day"], unique: true, type: null }],
    } as const;
    await build(rows([1, "2024-01-15", "a"], [2, "2024-02-15", "b"], [3, null, "c"]), config);
    await sql.unsafe(`create view shop.reader as select n, day from shop.orders;
      grant select on shop.orders to public; comment on column shop.orders.day is 'when'`);
    await build(
      "select bigint '4000000000' as n, date '2024-03-01' as day, 'new' as note union all select 2, '2024-02-20', 'more'",
      config,
    );
    const [found] = await sql`select
      (select array_agg(o.n || ' ' || coalesce(o.day::text, '-') || ' ' || coalesce(o.note, '-') order by o.n) from shop.orders o) as rows,
      (select array_agg(r.n::text order by r.n) from shop.reader r) as read,
      (select array_agg(attname || ' ' || format_type(atttypid, atttypmod) order by attnum) from pg_attribute
        where attrelid = 'shop.orders'::regclass and attnum > 0 and not attisdropped) as columns,
      (select count(*)::int from pg_indexes where schemaname = 'shop') as indexes,
      has_table_privilege('public', 'shop.orders', 'select') as granted,
      col_description('shop.orders'::regclass, 2) as said`;
    assert.deepEqual(
      { ...found },
      {
        rows: ["1 2024-01-15 -", "2 2024-02-20 more", "3 - -", "4000000000 2024-03-01 new"],
        read: ["1", "2", "3", "4000000000"],
        columns: ["n bigint", "day date", "note text"],
        indexes: 5,
        granted: true,
        said: "when",
      },
    );
    assert.deepEqual(
      (await partitions()).map((each) => each.split(":")[0]),
      ["orders__2024_01", "orders__2024_02", "orders__2024_03", "orders__default"],
    );
    await build("select bigint '5' as n, date '2024-01-01' as day, 'x' as note", config);
    assert.equal((await sql`select * from shop.reader`).length, 5);
  });

  test("readers of the others go on while a partition is made", async () => {
    await fresh();
    await build(rows([1, "2024-01-15", "a"]), { partitioning: monthly });
    await using db = await openAdapter(target);
    const session = await db.session();
    const adding = modelNode("orders", { partitioning: monthly, materialized: "incremental" });
    const state = await context(session, db);
    const plan = await planBuild(adding, rows([2, "2024-02-15", "a"]), state);
    await session.transaction(async () => {
      await executePlan({ ...plan, transaction: false }, session);
      await sql`set lock_timeout = '1s'`;
      assert.equal((await sql`select n from shop.orders`).length, 1);
    });
    assert.equal((await sql`select n from shop.orders`).length, 2);
  });
});
