import assert from "node:assert/strict";
import type { ContractCase } from "../adapter-contract.ts";
import { failure } from "./errors.ts";

export const transactionCases: readonly ContractCase[] = [
  {
    title: "a transaction that ends well is there for everyone",
    async body(session, db) {
      const result = await session.transaction(async () => {
        await session.run("create table t as select 1 as a");
        await session.run("insert into t values (2)");
        return "done";
      });
      assert.equal(result, "done");
      assert.deepEqual((await (await db.session()).query("select a from t order by a")).rows, [[1], [2]]);
    },
  },
  {
    title: "others see nothing of a transaction before it ends",
    async body(session, db) {
      const other = await db.session();
      await session.run("create table t as select 1 as a");
      await session.transaction(async () => {
        await session.run("insert into t values (2)");
        assert.deepEqual((await other.query("select count(*) from t")).rows, [["1"]]);
      });
      assert.deepEqual((await other.query("select count(*) from t")).rows, [["2"]]);
    },
  },
  {
    title: "a failing statement undoes the whole transaction, tables included",
    async body(session) {
      await session.run("create table t as select 1 as a");
      const error = await failure(
        session.transaction(async () => {
          await session.run("create table u as select 1 as a");
          await session.run("drop table t");
          await session.run("select nope");
        }),
      );
      assert.match(error.message, /nope/);
      assert.deepEqual((await session.query("select a from t")).rows, [[1]]);
      await failure(session.query("select a from u"));
    },
  },
  {
    title: "what the body throws is thrown on, and undone",
    async body(session) {
      await session.run("create table t as select 1 as a");
      const thrown = new Error("mine");
      await assert.rejects(
        session.transaction(async () => {
          await session.run("delete from t");
          throw thrown;
        }),
        thrown,
      );
      assert.deepEqual((await session.query("select count(*) from t")).rows, [["1"]]);
      await session.transaction(() => session.run("insert into t values (2)"));
      assert.deepEqual((await session.query("select count(*) from t")).rows, [["2"]]);
    },
  },
];
