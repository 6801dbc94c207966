import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Session } from "../../runner/adapters/adapter.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { replaceRelation } from "../../runner/adapters/postgres/replace-relation.ts";
import type { Question } from "../../runner/dialects/dialect.ts";
import type { PostgresSession } from "../../runner/adapters/postgres/session.ts";
import { cellText } from "../../runner/adapters/cell-text.ts";
import { retryConflicts } from "../../runner/adapters/retry-conflicts.ts";
import { buildModel } from "../../runner/execute/build-node.ts";
import type { Relation } from "../../runner/graph/types.ts";
import { connect, databaseForTests } from "../support/postgres.ts";
import { modelNode } from "../unit/runner/plan/nodes.ts";
import { context } from "./cases/builds.ts";
import { failure } from "./cases/errors.ts";
import { ordersIn } from "./postgres-orders.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();

describe("two tables that one view reads, replaced at once", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);

  test("do not wait for each other, nor fail of what they find changed", { timeout: 60_000 }, async () => {
    await sql.unsafe(`create schema shop;
      create table shop.left_one as select 1 as id; create table shop.right_one as select 1 as id;
      create view shop.both as select l.id from shop.left_one l join shop.right_one r using (id)`);
    await using db = await openAdapter({ ...postgresTarget(server.url), settings: { lock_timeout: "5s" } });
    const [one, other] = [await db.session(), await db.session()];
    // Both have looked at who reads theirs before either locks anything.
    let arrived = 0;
    let go = (): void => undefined;
    const bothThere = new Promise<void>((resolve) => (go = resolve));
    const replace = async (session: Session, name: string): Promise<void> => {
      const relation = (identifier: string): Relation => ({ database: null, schema: "shop", identifier });
      let isFirst = true;
      const talk = {
        query: (text: string) => session.query(text),
        run: (text: string) => session.run(text),
        ask: (asked: Question) => session.ask(asked),
        runEach: (all: readonly string[]) => session.runEach(all),
        asking: (...query: Parameters<PostgresSession["asking"]>) =>
          (session as PostgresSession).asking(...query),
        async script(statements: readonly string[]) {
          if (isFirst && statements[0]?.startsWith("set local lock_timeout")) {
            isFirst = false;
            if (++arrived === 2) go();
            await bothThere;
          }
          return (session as PostgresSession).script(statements);
        },
      };
      await retryConflicts(() =>
        session.transaction(async () => {
          await session.run(`create table shop.${name}_new as select 2 as id`);
          const beside = relation(`${name}_new`);
          await replaceRelation(talk, { target: relation(name), beside, is: "table" });
        }),
      );
    };
    await Promise.all([replace(one, "left_one"), replace(other, "right_one")]);
    assert.deepEqual([...(await sql.unsafe("select * from shop.both"))], [{ id: 2 }]);
  });
});

describe("what reads a relation that is replaced in PostgreSQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url, 3);
  const { target, run, scalar, build, fresh } = ordersIn(server.url, sql);
  before(() => run("create role one_who_reads"));

  test("gives a view its new query where its columns allow it, and makes it anew where they do not", async () => {
    await fresh();
    const view = (query: string): Promise<void> => build(query, { materialized: "view" });
    await view("select 1 as id, 'a'::text as part");
    await run(`create view other.direct as select id from shop.orders; create view other.second as select id from other.direct;
      comment on view shop.orders is 'mine'; comment on column shop.orders.part is 'which'; grant select on shop.orders to one_who_reads`);
    const ids = `select json_agg(oid order by relname) as ids from pg_class where relname in ('orders', 'direct', 'second')`;
    const said = `select json_build_array(obj_description('shop.orders'::regclass), col_description('shop.orders'::regclass, 2),
      (select relacl::text like '%one_who_reads=r/%' from pg_class where oid = 'shop.orders'::regclass))`;
    const before = await scalar(ids);
    await view("select 2 as id, 'b'::text as part, true as more");
    assert.deepEqual(await scalar(ids), before);
    assert.deepEqual(await scalar(said), ["mine", "which", true]);
    assert.deepEqual(await run("select * from other.second"), [{ id: 2 }]);
    // It reads no column that is not there, and what was there stays.
    const error = await failure(build("select 3 as id,\n  nothing as part", { materialized: "view" }));
    assert.match(error.message, /column "nothing" does not exist/);
    assert.deepEqual([error.line, error.column], [2, 3]);
    assert.deepEqual(await run("select * from shop.orders"), [{ id: 2, part: "b", more: true }]);
    for (const query of [
      "select 'c'::text as part, 3::bigint as id",
      "select 4::bigint as id",
      "select 5::integer as id, 'd'::text as other",
    ]) {
      await view(query);
      assert.deepEqual(
        await run("select id::int from other.second"),
        await run("select id::int from shop.orders"),
      );
    }
    assert.deepEqual(await scalar(said), ["mine", null, true]);
    // What stands there is a table, which the run was not told.
    await run("drop view shop.orders cascade; create table shop.orders as select 1 as id");
    await using db = await openAdapter(target);
    const session = await db.session();
    const build2 = await context(session, db);
    build2.warehouse.note(modelNode("orders").relation, "view");
    await buildModel(modelNode("orders", { materialized: "view" }), "select 6 as id", build2);
    assert.equal(await scalar("select relkind::text from pg_class where oid = 'shop.orders'::regclass"), "v");
    assert.equal(await scalar("select count(*)::int from pg_class where relname like '%statloom%'"), 0);
  });

  test("leaves views of views alone where those that read it can be kept", async () => {
    await fresh();
    await run(`create view other.direct as select * from shop.orders; create view other.second as select * from other.direct;
      create view other.third as select s.id, o.part from other.second s join shop.orders o using (id);
      create view other.fourth as select id from other.second`);
    const rules = `select json_object_agg(c.relname, r.xmin::text) as rules from pg_rewrite r join pg_class c on c.oid = r.ev_class
      where c.relnamespace = 'other'::regnamespace`;
    const before = (await scalar(rules)) as Record<string, string>;
    // Whoever holds no more than a view of the view stands in nobody's way.
    const long = await sql.reserve();
    await long.unsafe("begin; alter view other.fourth owner to current_user");
    await build("select 2 as id, 'b'::text as part");
    await long.unsafe("commit");
    long.release();
    assert.deepEqual(await run("select * from other.third"), [{ id: 2, part: "b" }]);
    const now = (await scalar(rules)) as Record<string, string>;
    assert.equal(now["second"], before["second"]);
    assert.notEqual(now["direct"], before["direct"]);
    assert.notEqual(now["third"], before["third"]);
  });

  test("gets on where the server keeps none of the queries that it was to keep", async () => {
    await fresh();
    await run("create view other.direct as select * from shop.orders");
    const sees = async (id: number): Promise<void> =>
      assert.deepEqual(await run("select id from other.direct"), [{ id }]);
    await using db = await openAdapter(target);
    const session = await db.session();
    const build = await context(session, db);
    const make = (id: number): Promise<unknown> =>
      buildModel(modelNode("orders"), `select ${id} as id, 'a'::text as part`, build);
    await make(2);
    await session.run("deallocate all");
    await make(3);
    await sees(3);
    await make(4);
    await sees(4);
    // Where columns are asked for in no transaction, too.
    const grown = modelNode("grown", { materialized: "incremental" });
    const grow = async (): Promise<void> =>
      void (await buildModel(grown, "select 1 as id", await context(another, db)));
    const another = await db.session();
    await grow();
    await grow();
    await another.run("deallocate all");
    await grow();
    await grow();
    assert.deepEqual(await run("select count(*)::int as rows from shop.grown"), [{ rows: 4 }]);
    // Behind a pool, another's of the same name is there.
    const first = await db.session();
    await buildModel(modelNode("orders"), "select 4 as id, 'a'::text as part", { ...build, session: first });
    const names = (await first.query("select name from pg_prepared_statements where name like 'statloom%'"))
      .rows;
    assert.ok(names.length >= 3);
    const other = await db.session();
    for (const [name] of names) await other.run(`prepare ${cellText(name)}(text) as select 'none'`);
    await buildModel(modelNode("orders"), "select 5 as id, 'a'::text as part", { ...build, session: other });
    await sees(5);
  });
});
