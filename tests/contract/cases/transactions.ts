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
  {
    title: "statements that are handed over together run in their order, up to the one that fails",
    async body(session) {
      const counts = async (statements: readonly string[]): Promise<(number | null)[]> => {
        const found: (number | null)[] = [];
        for await (const count of session.runEach(statements)) found.push(count);
        return found;
      };
      const all = ["create table t as select 1 as a", "insert into t values (2), (3)", "delete from t"];
      assert.deepEqual((await session.transaction(() => counts(all))).slice(1), [2, 3]);
      assert.deepEqual((await counts(["insert into t values (1)", "drop table t"])).slice(0, 1), [1]);
      await session.run("create table t as select 1 as a");
      const failing = [
        "insert into t values (2)",
        "insert into t\n values (nope)",
        "create table u as select 1 as a",
      ];
      const error = await failure(session.transaction(() => counts(failing)));
      assert.deepEqual([error.kind, error.sql, error.line], ["sql", failing[1], 2]);
      assert.deepEqual((await session.query("select a from t")).rows, [[1]]);
      await failure(counts(failing));
      // Each is a transaction of its own there.
      assert.deepEqual((await session.query("select count(*) from t")).rows, [["2"]]);
      await failure(session.query("select * from u"));
    },
  },
  {
    title: "a transaction in which nothing was asked leaves the session as it was",
    async body(session) {
      assert.equal(await session.transaction(() => Promise.resolve(7)), 7);
      await assert.rejects(
        session.transaction(() => Promise.reject(new Error("mine"))),
        /mine/,
      );
      await session.run("create table t as select 1 as a");
      assert.deepEqual((await session.query("select a from t")).rows, [[1]]);
    },
  },
];
