import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../../../runner/adapters/adapter.ts";
import { retryConflicts } from "../../../runner/adapters/retry-conflicts.ts";
import { createSchemas } from "../../../runner/execute/warehouse-state.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { failure } from "./errors.ts";

/** Takes minutes when nobody stops it; no engine answers it from statistics. */
export const slowQuery =
  "select count(*) from generate_series(1, 300000) a(i), generate_series(1, 300000) b(j) where (i * j) % 7 = -1";

/** Interrupts until the work is over: between two statements there is nothing to stop, and on a busy machine the moment is anybody's guess. */
export async function interruptUntil(session: Session, over: Promise<unknown>): Promise<void> {
  const isOver = over.then(() => true);
  while (!(await Promise.race([isOver, sleep(20, false)]))) session.interrupt();
}

export const sessionCases: readonly ContractCase[] = [
  {
    title: "interrupt stops the running statement, and the session works on",
    async body(session) {
      const running = failure(session.query(slowQuery));
      await interruptUntil(session, running);
      assert.equal((await running).kind, "cancelled");
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
    },
  },
  {
    title: "interrupt reaches a statement that was handed over this very moment",
    async body(session) {
      const running = failure(session.query(slowQuery));
      session.interrupt();
      assert.equal((await running).kind, "cancelled");
      // It is the last thing that is stopped of this session in no case.
      const later = failure(session.query(slowQuery));
      await interruptUntil(session, later);
      assert.equal((await later).kind, "cancelled");
    },
  },
  {
    title: "interrupt without a running statement harms no later one",
    async body(session) {
      session.interrupt();
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
    },
  },
  {
    title: "a stream gives all rows in pieces",
    async body(session) {
      await session.run("create table t as select * from generate_series(1, 12000) as t(i)");
      const stream = session.stream("select i from t -- all\norder by i");
      const first = await stream.next();
      assert.ok(!first.done && first.value.length < 12_000);
      let rows = first.value.length;
      for await (const more of stream) rows += more.length;
      assert.equal(rows, 12_000);
    },
  },
  {
    title: "a stream that is left, or fails, leaves the session as it was",
    async body(session) {
      for await (const rows of session.stream("select * from generate_series(1, 12000) as t(i)")) {
        assert.ok(rows.length > 0);
        break;
      }
      const all = async (sql: string): Promise<void> => {
        for await (const rows of session.stream(sql)) assert.ok(rows.length > 0);
      };
      assert.equal((await failure(all("select nothing_of_this"))).kind, "sql");
      await failure(
        all(
          "select cast(case when i = 11999 then 'x' else '1' end as integer) from generate_series(1, 12000) as t(i)",
        ),
      );
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
    },
  },
  {
    title: "interrupt stops a stream",
    async body(session) {
      const running = failure(session.stream(slowQuery).next());
      await interruptUntil(session, running);
      assert.equal((await running).kind, "cancelled");
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
    },
  },
  {
    title: "an interrupted transaction leaves what was there",
    async body(session) {
      await session.run("create table t as select 1 as a");
      const running = failure(
        session.transaction(async () => {
          await session.run("drop table t");
          await session.run(`create table t as ${slowQuery}`);
        }),
      );
      await interruptUntil(session, running);
      assert.equal((await running).kind, "cancelled");
      assert.deepEqual((await session.query("select a from t")).rows, [[1]]);
    },
  },
  {
    title: "more statements than the engine has threads can all be interrupted",
    async body(_, db) {
      const sessions = await Promise.all(Array.from({ length: 10 }, () => db.session()));
      const running = sessions.map((each) => failure(each.query(slowQuery)));
      await Promise.all(sessions.map((each, i) => interruptUntil(each, running[i]!)));
      assert.deepEqual(new Set((await Promise.all(running)).map(({ kind }) => kind)), new Set(["cancelled"]));
    },
  },
  {
    title: "two sessions work at once, each on its own table",
    async body(_, db) {
      const build = async (table: string): Promise<void> => {
        const session = await db.session();
        await session.transaction(async () => {
          await session.run(`create table ${table} as select i from generate_series(1, 1000) s(i)`);
          await session.run(`insert into ${table} select i from ${table}`);
        });
      };
      await Promise.all(["t1", "t2", "t3", "t4"].map(build));
      const { rows } = await (
        await db.session()
      ).query("select count(*) from (select * from t1 union all select * from t4) t");
      assert.deepEqual(rows, [["4000"]]);
    },
  },
  {
    title: "statements of one session run one after the other",
    async body(session) {
      await session.run("create table t (a integer)");
      await Promise.all(Array.from({ length: 50 }, (_, i) => session.run(`insert into t values (${i})`)));
      assert.deepEqual((await session.query("select count(distinct a) from t")).rows, [["50"]]);
    },
  },
  {
    title: "many sessions can make the same schema at once",
    async body(_, db) {
      const sessions = await Promise.all(Array.from({ length: 8 }, () => db.session()));
      for (let round = 0; round < 5; round++) {
        const names = [`s${round}`, `S${round}`];
        await Promise.all(sessions.map((session) => createSchemas(session, db.dialect, names)));
      }
    },
  },
  {
    title: "many sessions can replace the same table at once, and one of them wins",
    async body(session, db) {
      const target = { database: null, schema: "main", identifier: "t" };
      await session.run(db.dialect.createSchema("main"));
      const sessions = await Promise.all(Array.from({ length: 6 }, () => db.session()));
      await Promise.all(
        sessions.map((each, i) =>
          retryConflicts(() =>
            each.transaction(async () => {
              for (const sql of db.dialect.replaceTable(target, `select ${i} as a`)) await each.run(sql);
            }),
          ),
        ),
      );
      assert.equal((await session.query("select a from main.t")).rows.length, 1);
    },
  },
  {
    title: "a closed session says so, and closing stops what runs",
    async body(_, db) {
      const session = await db.session();
      const running = failure(session.query(slowQuery));
      await session.close();
      assert.equal((await running).kind, "cancelled");
      assert.equal((await failure(session.query("select 1"))).kind, "lost");
      await session.close();
    },
  },
  {
    title: "the version names the engine",
    async body(_, db) {
      assert.match(await db.version(), /^[A-Z]\w+ v?\d+\.\d+/);
    },
  },
];
