import assert from "node:assert/strict";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { BuildContext } from "../../../runner/execute/build-node.ts";
import type { NodeHooks } from "../../../runner/plan/hooks.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";

async function withHooks(session: Session, db: Adapter, hooks: Partial<NodeHooks>): Promise<BuildContext> {
  const id = modelNode("orders").uniqueId;
  return { ...(await context(session, db)), hooks: new Map([[id, { pre: [], post: [], ...hooks }]]) };
}

const count = async (session: Session, from: string): Promise<unknown> =>
  (await session.query(`select count(*) from ${from}`)).rows[0]?.[0];

export const hookCases: readonly ContractCase[] = [
  {
    title: "hooks inside the transaction go with it when one fails, those outside stay",
    async body(session, db) {
      const inside = { sql: "insert into shop.log values (1)", transaction: true };
      const outside = { ...inside, transaction: false };
      const broken = { sql: "select * from shop.nowhere", transaction: true };
      for (const materialized of ["table", "view", "incremental"] as const) {
        const node = modelNode("orders", { materialized });
        const good = await withHooks(session, db, { pre: [inside, outside], post: [inside, outside] });
        await session.run("drop table if exists shop.log");
        await session.run("create table shop.log (n integer)");
        await buildModel(node, "select 1 as a", good);
        assert.equal(await count(session, "shop.log"), "4");
        const bad = await withHooks(session, db, { pre: [inside, outside], post: [broken, outside] });
        await assert.rejects(
          buildModel(node, "select 2 as a", bad),
          /post-hook 1 failed \(select.*nowhere\)/,
        );
        assert.equal(await count(session, "shop.log"), "5");
        assert.deepEqual((await session.query("select a from shop.orders")).rows, [[1]]);
        await session.run(db.dialect.drop(node.relation, materialized === "view" ? "view" : "table"));
      }
    },
  },
  {
    title: "a hook may be several statements, which in the transaction hold together",
    async body(session, db) {
      const node = modelNode("orders", { materialized: "table" });
      const two = "insert into shop.log values (1, 'a;b');\ninsert into shop.log values (2, 'c'); -- two";
      const header = "insert into shop.log values (7, ''); insert into shop.log values (8, '')";
      const broken = "insert into shop.log values (3, 'd'); select * from shop.nowhere";
      await context(session, db);
      await session.run("create table shop.log (n integer, words varchar)");
      const good = { pre: [true, false].map((transaction) => ({ sql: two, transaction })), header };
      await buildModel(node, "select 1 as a", await withHooks(session, db, good));
      assert.deepEqual((await session.query("select n, words from shop.log order by n")).rows, [
        [1, "a;b"],
        [1, "a;b"],
        [2, "c"],
        [2, "c"],
        [7, ""],
        [8, ""],
      ]);
      const bad = (transaction: boolean, sql = broken): Promise<unknown> =>
        withHooks(session, db, { post: [{ sql, transaction }] }).then((build) =>
          buildModel(node, "select 2 as a", build),
        );
      await assert.rejects(bad(true), /post-hook failed \(insert .*nowhere\)/);
      const kept = "shop.log where n = 3";
      assert.equal(await count(session, kept), "0");
      assert.deepEqual((await session.query("select a from shop.orders")).rows, [[1]]);
      await assert.rejects(bad(false), /post-hook failed \(insert .*nowhere\)/);
      assert.equal(await count(session, kept), db.dialect.name === "duckdb" ? "1" : "0");
      await assert.rejects(bad(false, `begin; ${broken}; commit`), /post-hook failed/);
      assert.equal(await count(session, kept), db.dialect.name === "duckdb" ? "1" : "0");
      assert.deepEqual((await session.query("select a from shop.orders")).rows, [[2]]);
    },
  },
  {
    title: "what cannot stand in a transaction can be a hook outside of it",
    async body(session, db) {
      const node = modelNode("orders", { materialized: "table" });
      const vacuum = { sql: "vacuum shop.orders;", transaction: false };
      await buildModel(node, "select 1 as a", await withHooks(session, db, { post: [vacuum] }));
      assert.deepEqual((await session.query("select a from shop.orders")).rows, [[1]]);
    },
  },
];
