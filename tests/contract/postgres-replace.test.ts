import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openAdapter } from "../../runner/adapters/open.ts";
import { buildModel } from "../../runner/execute/build-node.ts";
import type { ModelConfig, ModelConstraint } from "../../runner/graph/types.ts";
import { connect, databaseForTests } from "../support/postgres.ts";
import { modelNode } from "../unit/runner/plan/nodes.ts";
import { context } from "./cases/builds.ts";
import { failure } from "./cases/errors.ts";
import { ordersIn } from "./postgres-orders.ts";

const server = await databaseForTests();

describe("a relation that takes another's place in PostgreSQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url, 6);
  const { target, run, scalar, build, fresh } = ordersIn(server.url, sql);
  before(async () => {
    await run("create role reader; create role writer; create role boss");
  });

  test("keeps views of it, views of those, and materialized ones, with all that was said of them", async () => {
    await fresh();
    await run(`create view other.direct with (security_barrier=true) as select id, part from shop.orders;
      create view other.second as select id * 10 as ten from other.direct;
      create materialized view other.held as select part, id from shop.orders;
      create unique index held_id on other.held (id);
      create view other.third as select h.part, s.ten from other.held h, other.second s;
      comment on view other.direct is 'it''s mine'; comment on column other.held.part is 'which';
      grant select on other.direct to reader with grant option; grant select (part) on other.held to reader;
      alter view other.third owner to boss; grant usage on schema other to boss;
      grant select on other.held, other.second to boss`);
    // The same columns, in another order, and a new one.
    await build("select 'b'::text as part, 2 as id, true as more");
    assert.deepEqual(await run("select * from other.third"), [{ part: "b", ten: 20 }]);
    assert.equal(await scalar("select obj_description('other.direct'::regclass)"), "it's mine");
    assert.equal(
      await scalar("select reloptions::text from pg_class where relname = 'direct'"),
      "{security_barrier=true}",
    );
    assert.match(
      String(await scalar("select relacl::text from pg_class where relname = 'direct'")),
      /reader=r\*\//,
    );
    // Another type: views of it cannot be kept, and are made anew.
    await build("select 'c'::text as part, 3::bigint as id");
    assert.deepEqual(await run("select * from other.third"), [{ part: "c", ten: "30" }]);
    assert.equal(await scalar("select obj_description('other.direct'::regclass)"), "it's mine");
    assert.match(
      String(await scalar("select relacl::text from pg_class where relname = 'direct'")),
      /reader=r\*\//,
    );
    assert.equal(
      await scalar("select pg_get_userbyid(relowner) from pg_class where relname = 'third'"),
      "boss",
    );
    assert.equal(await scalar("select col_description('other.held'::regclass, 1)"), "which");
    assert.equal(
      await scalar(
        "select count(*)::int from pg_index where indrelid = 'other.held'::regclass and indisunique",
      ),
      1,
    );
    assert.match(
      String(
        await scalar(
          "select attacl::text from pg_attribute where attrelid = 'other.held'::regclass and attname = 'part'",
        ),
      ),
      /reader=r\//,
    );
    // And the table may become a view, and a table again.
    await build("select 'd'::text as part, 4::bigint as id", { materialized: "view" });
    await build("select 'e'::text as part, 5::bigint as id");
    assert.deepEqual(await run("select * from other.direct"), [{ id: "5", part: "e" }]);
    await run("refresh materialized view other.held");
    assert.deepEqual(await run("select * from other.third"), [{ part: "e", ten: "50" }]);
    assert.equal(await scalar("select count(*)::int from pg_class where relname like '%statloom%'"), 0);
  });

  test("gives the new one the owner, rights and comments of the old one", async () => {
    await fresh();
    await run(`comment on table shop.orders is 'all orders'; comment on column shop.orders.part is 'which part';
      comment on column shop.orders.id is 'gone soon';
      grant select, insert on shop.orders to writer; grant select (part) on shop.orders to reader;
      alter default privileges in schema shop grant select on tables to public`);
    await build("select 'b'::text as part");
    assert.equal(await scalar("select obj_description('shop.orders'::regclass)"), "all orders");
    assert.equal(await scalar("select col_description('shop.orders'::regclass, 1)"), "which part");
    const rights = String(
      await scalar("select relacl::text from pg_class where oid = 'shop.orders'::regclass"),
    );
    assert.match(rights, /writer=ar\//);
    assert.doesNotMatch(rights, /[{,]=r\//, "what the old one did not have, the new one does not get");
    assert.match(
      String(
        await scalar(
          "select attacl::text from pg_attribute where attrelid = 'shop.orders'::regclass and attname = 'part'",
        ),
      ),
      /reader=r\//,
    );
    await run("alter table shop.orders owner to boss");
    await build("select 'c'::text as part");
    assert.equal(
      await scalar("select pg_get_userbyid(relowner) from pg_class where oid = 'shop.orders'::regclass"),
      "boss",
    );
  });

  test("gives the new one what people added: constraints, defaults, policies, triggers, publications and more", async () => {
    await fresh();
    const indexes = [{ columns: ["id"], unique: true, type: null }];
    const query = "select i as id, 'a'::text as part, i % 3 as up from generate_series(1, 9) i";
    await build(query, { indexes });
    const is15 = Number(await scalar("show server_version_num")) >= 150_000;
    await run(`alter table shop.orders add constraint key primary key (id), add constraint small check (id < 100),
        alter part set default 'none', alter part set statistics 1000, alter part set (n_distinct = 7), alter part set not null,
        add constraint once unique ${is15 ? "nulls not distinct" : ""} (part, id), add constraint self foreign key (up) references shop.orders (id) not valid,
        set (fillfactor = 70, toast.autovacuum_enabled = false), replica identity full, enable row level security, force row level security;
      create sequence shop.counter owned by shop.orders.id; alter table shop.orders alter id set default nextval('shop.counter');
      create function shop.touch() returns trigger language plpgsql as 'begin return new; end';
      create trigger touch before update of part on shop.orders for each row when (new.id > 3) execute function shop.touch();
      create trigger asleep after delete on shop.orders for each statement execute function shop.touch();
      alter table shop.orders disable trigger asleep;
      create policy mine on shop.orders as restrictive for update to reader, writer using (part = current_user) with check (id > 0);
      create policy "all of it" on shop.orders using (true);
      create rule ignored as on delete to shop.orders where old.id = 1 do instead nothing;
      create statistics shop.together (dependencies) on part, id from shop.orders;
      create publication news for table shop.orders ${is15 ? "(id, part) where (id > 5)" : ""};
      create table other.child (id integer, orders_id integer references shop.orders (id) on delete cascade deferrable);
      insert into other.child values (1, 2)`);
    const facts = `select json_build_object(
      'constraints', (select json_agg(conname || ' ' || pg_get_constraintdef(oid) order by conname) from pg_constraint where conrelid = 'shop.orders'::regclass),
      'children', (select json_agg(pg_get_constraintdef(oid)) from pg_constraint where confrelid = 'shop.orders'::regclass and conrelid = 'other.child'::regclass),
      'columns', (select json_agg(concat_ws(' ', attname, attnotnull, attstattarget, attoptions, pg_get_expr(adbin, adrelid)) order by attnum)
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 'shop.orders'::regclass and attnum > 0),
      'options', (select json_build_array(c.reloptions, t.reloptions, c.relreplident, c.relrowsecurity, c.relforcerowsecurity)
        from pg_class c join pg_class t on t.oid = c.reltoastrelid where c.oid = 'shop.orders'::regclass),
      'sequence', pg_get_serial_sequence('shop.orders', 'id'),
      'triggers', (select json_agg(concat(pg_get_triggerdef(oid), tgenabled) order by tgname) from pg_trigger where tgrelid = 'shop.orders'::regclass and not tgisinternal),
      'rules', (select json_agg(pg_get_ruledef(oid)) from pg_rewrite where ev_class = 'shop.orders'::regclass),
      'policies', (select json_agg(p order by policyname) from pg_policies p where schemaname = 'shop'),
      'statistics', (select json_agg(pg_get_statisticsobjdef(oid)) from pg_statistic_ext),
      'published', (select json_agg(p) from pg_publication_tables p)) as facts`;
    const before = (await run(facts))[0];
    for (let i = 0; i < 2; i++) {
      await build(query, { indexes });
      assert.deepEqual((await run(facts))[0], before);
    }
    assert.equal(await scalar("select count(*)::int from pg_class where relname like '%statloom%'"), 0);
    const bad = await failure(build("select 200 as id, 'a' as part, null::int as up", { indexes }));
    assert.match(
      bad.message,
      /what somebody added to this table does not fit[\s\S]*check constraint[\s\S]*id < 100/,
    );
    const orphans = await failure(build("select 1 as id, 'a' as part, null::int as up", { indexes }));
    assert.match(orphans.message, /foreign key constraint "child_orders_id_fkey"[\s\S]*nothing was changed/);
    assert.deepEqual((await run(facts))[0], before);
    await run("drop publication news");
  });

  test("refuses before building when something hangs on the very table, and says what", async () => {
    await fresh();
    const indexes = [{ columns: ["id"], unique: true, type: null }];
    await build("select 1 as id, 'a'::text as part", { indexes });
    await run(`create table other.child (orders_id integer references shop.orders (id));
      create function other.all_orders() returns setof shop.orders language sql as 'select * from shop.orders'`);
    await assert.rejects(
      build("select 1 as id from pg_sleep(60)", { indexes }),
      /no other table can take the place of "shop"."orders".*object = function other.all_orders\(\)/,
    );
    await run("drop function other.all_orders");
    await build("select 1 as id, 'b'::text as part", { indexes });
    await assert.rejects(
      build("select 1 as id from pg_sleep(60)"),
      /object = constraint child_orders_id_fkey on table other.child, why = a foreign key to columns that nothing will keep unique/,
    );
    await run("drop table other.child; create table other.heir () inherits (shop.orders)");
    await assert.rejects(
      build("select 1 as id from pg_sleep(60)"),
      /object = other.heir, why = a table that inherits from it/,
    );
    assert.deepEqual(await run("select * from shop.orders"), [{ id: 1, part: "b" }]);
    await run("drop table other.heir");
  });

  test("keeps triggers of views of it that are made anew", async () => {
    await fresh();
    await run(`create view other.direct as select id from shop.orders;
      create function other.touch() returns trigger language plpgsql as 'begin return new; end';
      create trigger instead instead of insert on other.direct for each row execute function other.touch()`);
    await build("select 'b'::text as part, 3::bigint as id");
    assert.equal(
      await scalar("select tgname from pg_trigger where tgrelid = 'other.direct'::regclass"),
      "instead",
    );
  });

  test("keeps declared constraints itself, as they are declared now, beside those of others", async () => {
    await fresh();
    const other = { database: null, schema: "shop", identifier: "parts" };
    const declared = (
      type: ModelConstraint["type"],
      columns: string[],
      more: Partial<ModelConstraint> = {},
    ): ModelConstraint => ({
      type,
      columns,
      expression: null,
      name: null,
      to: null,
      toColumns: [],
      warnUnenforced: true,
      warnUnsupported: true,
      other: null,
      pointsTo: { refs: [], sources: [] },
      ...more,
    });
    const key = declared("foreign_key", ["part"], { to: "ref('parts')", toColumns: ["part"], other });
    const check = declared("check", [], { expression: "id > 0 -- positive", name: "small" });
    const make = async (
      name: string,
      query: string,
      constraints: ModelConstraint[],
      config: Partial<ModelConfig> = {},
    ): Promise<void> => {
      await using db = await openAdapter(target);
      const session = await db.session();
      await buildModel({ ...modelNode(name, config), constraints }, query, await context(session, db));
    };
    const held = async (table: string): Promise<unknown[]> =>
      (
        await run(`select conname, pg_get_constraintdef(oid) as said from pg_constraint
        where conrelid = 'shop.${table}'::regclass order by conname`)
      )
        .map(({ conname, said }) => `${String(conname)} ${String(said)}`)
        // What is not null has a name of its own from PostgreSQL 18 on.
        .filter((line) => !/^(?:orders|parts)_(\w+)_not_null1? NOT NULL \1$/.test(line));
    const parts = (rows: string): Promise<void> =>
      make("parts", `select * from (values ${rows}) as t (part)`, [declared("primary_key", ["part"])]);
    await parts("('a'), ('b')");
    const all = [key, check, declared("not_null", ["id"]), declared("unique", ["id"])];
    const query = "select 1 as id, 'a'::text as part";
    const expected = [
      "orders_id_key UNIQUE (id)",
      "orders_id_not_null CHECK ((id IS NOT NULL))",
      "orders_part_fkey FOREIGN KEY (part) REFERENCES shop.parts(part)",
      "small CHECK ((id > 0))",
    ];
    for (const config of [{}, {}, { materialized: "incremental" as const }]) {
      await make("orders", config.materialized ? "select 2 as id, 'b'::text as part" : query, all, config);
      assert.deepEqual(await held("orders"), expected);
      assert.equal(
        await scalar(
          "select attnotnull from pg_attribute where attrelid = 'shop.orders'::regclass and attname = 'id'",
        ),
        true,
      );
    }
    // The server refuses what nobody looks at.
    await assert.rejects(run("insert into shop.orders values (3, 'z')"), /orders_part_fkey/);
    // The other table is made anew: the key stays where it fits, and goes until its own table is built where it does not.
    await parts("('a'), ('b'), ('c')");
    assert.deepEqual(await held("orders"), expected);
    await parts("('a')");
    assert.deepEqual(await held("orders"), expected.toSpliced(2, 1));
    await assert.rejects(
      make("orders", "select 1 as id, 'b'::text as part", all),
      /part is in ref\('parts'\) \(part\) is broken/,
    );
    await make("orders", query, all);
    assert.deepEqual(await held("orders"), expected);
    // What is declared no longer goes, what others added stays.
    await run("alter table shop.orders add constraint mine check (id < 100)");
    const fewer = [declared("not_null", ["part"])];
    const then = ["mine CHECK ((id < 100))", "orders_part_not_null CHECK ((part IS NOT NULL))"];
    await make("orders", "select 2 as id, 'q'::text as part", fewer, { materialized: "incremental" });
    assert.deepEqual(await held("orders"), then);
    await make("orders", "select null::int as id, 'q'::text as part", fewer);
    assert.deepEqual(await held("orders"), then);
    // Nothing keeps unique what it points to: it is looked at, and no more.
    await make("orders", "select 1 as id, 'a'::text as part", [
      { ...key, other: { ...other, identifier: "loose" } },
    ]).catch(() => undefined);
    await make("loose", "select 'a'::text as part", []);
    await make("orders", "select 1 as id, 'a'::text as part", [
      { ...key, other: { ...other, identifier: "loose" } },
    ]);
    assert.deepEqual(await held("orders"), ["mine CHECK ((id < 100))"]);
  });

  test("leaves everything as it was when somebody's view does not fit it, and says which", async () => {
    await fresh();
    await run(
      "create view other.direct as select id from shop.orders; create view other.second as select * from other.direct",
    );
    const error = await failure(build("select 'b'::text as part"));
    assert.match(error.message, /the view other\.direct reads this table[\s\S]*id[\s\S]*does not exist/);
    assert.deepEqual(await run("select * from other.second"), [{ id: 1 }]);
    assert.deepEqual(await run("select * from shop.orders"), [{ id: 1, part: "a" }]);
    await run("create table other.child (id integer)");
    await run("drop view other.second, other.direct");
    await build("select 'b'::text as part");
  });

  test("waits for a long reader without making others wait for it", async () => {
    await fresh();
    const long = await sql.reserve();
    await long.unsafe("begin");
    await long.unsafe("select * from shop.orders");
    const building = build("select 2 as id, 'b'::text as part");
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      const asked = performance.now();
      await run("select * from shop.orders");
      waits.push(performance.now() - asked);
      await sleep(50);
    }
    assert.ok(Math.max(...waits) < 20_000, `a reader waited ${Math.max(...waits)} ms`);
    assert.deepEqual(await run("select id from shop.orders"), [{ id: 1 }]);
    await long.unsafe("commit");
    long.release();
    await building;
    assert.deepEqual(await run("select id from shop.orders"), [{ id: 2 }]);
  });

  for (const materialized of ["table", "view"] as const)
    test(`gives up after lock_timeout, and leaves the old ${materialized}`, async () => {
      await fresh();
      const node = modelNode("orders", { materialized });
      await build("select 1 as id", { materialized });
      const long = await sql.reserve();
      await long.unsafe("begin");
      await long.unsafe("select * from shop.orders");
      await using db = await openAdapter({ ...target, settings: { lock_timeout: "200ms" } });
      const session = await db.session();
      const again = await context(session, db);
      const error = await failure(buildModel(node, "select 2 as id", again));
      assert.equal(error.kind, "locked");
      assert.equal(Object.values((await session.query("show lock_timeout")).rows[0]!)[0], "200ms");
      await long.unsafe("commit");
      long.release();
      assert.deepEqual(await run("select id from shop.orders"), [{ id: 1 }]);
      await buildModel(node, "select 2 as id", again);
    });

  test("readers in a loop see no error and no mixture while a table is replaced a hundred times, through views too, which every other time cannot be kept", async () => {
    await fresh();
    await run(
      "create view other.direct as select * from shop.orders; create view other.second as select id from other.direct",
    );
    let isBuilding = true;
    let reads = 0;
    const read = async (from: string): Promise<void> => {
      const reader = await sql.reserve();
      while (isBuilding) {
        const [row] = await reader.unsafe(
          `select count(*)::int as rows, count(distinct id)::int as ids from ${from}`,
        );
        assert.ok(row!["ids"] === 1 && (row!["rows"] === 1 || row!["rows"] === 500), JSON.stringify(row));
        reads++;
      }
      reader.release();
    };
    const reading = Promise.all([read("shop.orders"), read("other.second")]);
    await using db = await openAdapter(target);
    const session = await db.session();
    const build = await context(session, db);
    for (let i = 0; i < 100; i++)
      await buildModel(
        modelNode("orders"),
        `select ${i}::${i % 4 < 2 ? "integer" : "bigint"} as id, 'x'::text as part from generate_series(1, 500)`,
        build,
      );
    isBuilding = false;
    await reading;
    assert.ok(reads > 100, `${reads} reads`);
    assert.equal(await scalar("select min(id)::int from other.second"), 99);
  });

  test("a second run on the same schema is told who is at it; others, and whoever only reads, are let in", async () => {
    const wait = { seconds: 0, onWait: () => {} };
    await using _first = await openAdapter(target, wait);
    const error = await failure(openAdapter(target, wait));
    assert.equal(error.kind, "locked");
    assert.match(
      error.message,
      new RegExp(`is being built by statloom \\(process ${process.pid} on .+\\), user \\w+, since 20`),
    );
    await using _reader = await openAdapter(target);
    await using _other = await openAdapter({ ...target, schema: "else" }, wait);
  });
});
