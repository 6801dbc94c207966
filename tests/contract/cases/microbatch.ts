import assert from "node:assert/strict";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { buildMicrobatch } from "../../../runner/execute/build-microbatch.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { BuildContext } from "../../../runner/execute/build-node.ts";
import { createMetaTables } from "../../../runner/execute/warehouse-state.ts";
import type { ModelConfig } from "../../../runner/graph/types.ts";
import { batchName, instantText } from "../../../runner/plan/microbatch/batches.ts";
import type { Span } from "../../../runner/plan/microbatch/batches.ts";
import { isMicrobatch } from "../../../runner/plan/microbatch/plan-microbatch.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";

type Options = {
  readonly config?: Partial<ModelConfig>;
  /** Days for which the query fails. */
  readonly failing?: readonly string[];
  readonly window?: readonly [string, string];
  readonly fullRefresh?: boolean;
  readonly more?: BuildContext["more"];
  readonly ownViews?: BuildContext["ownViews"];
  /** What the query gives of its input. */
  readonly select?: string;
};

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

/** Runs a daily model of `shop.events` as of a day; the days it did and those that failed. */
async function run(
  session: Session,
  db: Adapter,
  today: string,
  options: Options = {},
): Promise<{ done: string[]; failed: string[]; messages: string[] }> {
  await createMetaTables(session, db.dialect);
  const node = modelNode("orders", {
    materialized: "incremental",
    incremental_strategy: "microbatch",
    event_time: "happened",
    begin: "2024-03-01",
    batch_size: "day",
    ...options.config,
  });
  assert.ok(isMicrobatch(node));
  const { fullRefresh = false, failing = [], window, select = "id, happened" } = options;
  const build = await context(session, db, fullRefresh);
  const { results } = await buildMicrobatch(
    node,
    {
      now: Date.parse(`${today}T12:00:00Z`),
      window: window ? { start: day(window[0]), end: day(window[1]) } : null,
      compile: (batch) =>
        failing.includes(batchName(batch, "day"))
          ? "select nope from shop.events"
          : `select ${select} from shop.events where happened >= '${instantText(batch.start)}' and happened < '${instantText(batch.end)}'`,
    },
    {
      ...build,
      ...(options.more && { more: options.more }),
      ...(options.ownViews && { ownViews: options.ownViews }),
    },
  );
  const names = (isDone: boolean): string[] =>
    results.filter(({ error }) => (error === null) === isDone).map(({ batch }) => batchName(batch, "day"));
  return {
    done: names(true),
    failed: names(false),
    messages: results.flatMap(({ error }) => (error ? [error.message] : [])),
  };
}

async function events(session: Session, ...list: readonly string[]): Promise<void> {
  await session.run("create schema if not exists shop");
  await session.run("drop table if exists shop.events");
  const rows = list.map((at, i) => `(${i + 1}, cast('${at}' as timestamp))`).join(", ");
  await session.run(`create table shop.events as select * from (values ${rows}) as t(id, happened)`);
}

const ids = async (session: Session): Promise<unknown> =>
  (await session.query("select id from shop.orders order by id")).rows.flat();

export const microbatchCases: readonly ContractCase[] = [
  {
    title: "a view of the project's own that reads a column which goes is no obstacle to a batch",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00");
      const config = { on_schema_change: "sync_all_columns" } as const;
      await run(session, db, "2024-03-01", { config, select: "id, happened, 1 as extra" });
      await session.run("create view shop.reading as select id, extra from shop.orders");
      const ownViews = () => [{ database: null, schema: "shop", identifier: "reading" }];
      const { done, messages } = await run(session, db, "2024-03-02", { config, ownViews });
      assert.deepEqual([done, messages], [["2024-03-01", "2024-03-02"], []]);
      assert.deepEqual(await ids(session), [1, 2]);
    },
  },
  {
    title: "an event_time that is a text is refused: a day would be before its own hours",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00");
      const select = "id, cast(cast(happened as date) as varchar) as happened";
      const { failed, messages } = await run(session, db, "2024-03-01", { select });
      assert.deepEqual(failed, ["2024-03-01"]);
      assert.match(
        messages.join(),
        /CONFIG_CONFLICT event_time "happened" is \w.*neither a date nor a timestamp/,
      );
    },
  },
  {
    title: "microbatch builds everything since begin, then what is new and the lookback",
    async body(session, db) {
      await events(
        session,
        "2024-02-29 10:00:00",
        "2024-03-01 10:00:00",
        "2024-03-02 23:59:59",
        "2024-03-03 00:00:00",
      );
      const first = await run(session, db, "2024-03-03");
      assert.deepEqual(first.done, ["2024-03-01", "2024-03-02", "2024-03-03"]);
      assert.deepEqual(await ids(session), [2, 3, 4]);
      await session.run("update shop.events set id = id * 10");
      assert.deepEqual((await run(session, db, "2024-03-03")).done, ["2024-03-02", "2024-03-03"]);
      assert.deepEqual(await ids(session), [2, 30, 40]);
      const late = await run(session, db, "2024-03-05", { config: { lookback: 0 } });
      assert.deepEqual(late.done, ["2024-03-03", "2024-03-04", "2024-03-05"], "the day that was not over");
      assert.deepEqual(Array.from((await session.listRelations("shop")).keys()).toSorted(), [
        "events",
        "orders",
      ]);
    },
  },
  {
    title: "batches at once give what batches in turn give, whether the table is new, there or rebuilt",
    async body(session, db) {
      const days = Array.from({ length: 9 }, (_, i) => `2024-03-0${i + 1}`);
      await events(session, ...days.map((each) => `${each} 10:00:00`));
      let opened = 0;
      const open = (): Promise<Session> => {
        opened++;
        return db.session();
      };
      const options: Options = {
        config: { concurrent_batches: true, lookback: 0 },
        more: { atOnce: 3, open },
      };
      const failing = await run(session, db, "2024-03-09", { ...options, failing: ["2024-03-05"] });
      assert.deepEqual(
        failing.done,
        days.filter((each) => each !== "2024-03-05"),
      );
      assert.equal(opened, 2);
      assert.deepEqual(await ids(session), [1, 2, 3, 4, 6, 7, 8, 9]);
      assert.deepEqual((await run(session, db, "2024-03-09", options)).done, ["2024-03-05", "2024-03-09"]);
      await session.run("update shop.events set id = id * 10");
      const broken = await run(session, db, "2024-03-09", {
        ...options,
        fullRefresh: true,
        failing: ["2024-03-05"],
      });
      assert.deepEqual(broken.failed, ["2024-03-05"]);
      assert.deepEqual(await ids(session), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const again = await run(session, db, "2024-03-09", { ...options, fullRefresh: true });
      assert.deepEqual([again.done, again.failed], [days, []]);
      assert.deepEqual(await ids(session), [10, 20, 30, 40, 50, 60, 70, 80, 90]);
    },
  },
  {
    title: "a batch that fails leaves the others, and the next run fills the gap",
    async body(session, db) {
      await events(
        session,
        "2024-03-01 10:00:00",
        "2024-03-02 10:00:00",
        "2024-03-03 10:00:00",
        "2024-03-04 10:00:00",
      );
      const broken = await run(session, db, "2024-03-04", { failing: ["2024-03-01", "2024-03-02"] });
      assert.deepEqual(broken.failed, ["2024-03-01", "2024-03-02"]);
      assert.match(broken.messages[0]!, /nope/);
      assert.deepEqual(await ids(session), [3, 4]);
      const config = { lookback: 0 };
      assert.deepEqual((await run(session, db, "2024-03-04", { config })).done, [
        "2024-03-01",
        "2024-03-02",
        "2024-03-04",
      ]);
      assert.deepEqual(await ids(session), [1, 2, 3, 4]);
    },
  },
  {
    title: "a batch that fails leaves its own old rows too",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00");
      await run(session, db, "2024-03-02");
      const again = await run(session, db, "2024-03-02", { failing: ["2024-03-01"] });
      assert.deepEqual([again.done, again.failed], [["2024-03-02"], ["2024-03-01"]]);
      assert.deepEqual(await ids(session), [1, 2]);
    },
  },
  {
    title: "a window builds its batches and no others, done or not",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00", "2024-03-03 10:00:00");
      const window = ["2024-03-02", "2024-03-03"] as const;
      assert.deepEqual((await run(session, db, "2024-03-03", { window })).done, ["2024-03-02"]);
      assert.deepEqual(await ids(session), [2]);
      assert.deepEqual((await run(session, db, "2024-03-03", { config: { lookback: 0 } })).done, [
        "2024-03-01",
        "2024-03-03",
      ]);
      assert.deepEqual((await run(session, db, "2024-03-03", { window })).done, ["2024-03-02"]);
      assert.deepEqual(await ids(session), [1, 2, 3]);
    },
  },
  {
    title: "a full refresh in batches replaces the table at the end, or not at all",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00");
      await run(session, db, "2024-03-02");
      await session.run("update shop.events set id = id + 10");
      const select = "id, happened, 'x' as more";
      const failed = await run(session, db, "2024-03-02", {
        fullRefresh: true,
        failing: ["2024-03-02"],
        select,
      });
      assert.deepEqual([failed.done, failed.failed], [[], ["2024-03-02"]]);
      assert.deepEqual(await ids(session), [1, 2]);
      await run(session, db, "2024-03-02", { fullRefresh: true, select });
      assert.deepEqual((await session.query("select id, more from shop.orders order by id")).rows, [
        [11, "x"],
        [12, "x"],
      ]);
      assert.deepEqual(Array.from((await session.listRelations("shop")).keys()).toSorted(), [
        "events",
        "orders",
      ]);
      assert.deepEqual((await run(session, db, "2024-03-02", { select })).done, ["2024-03-01", "2024-03-02"]);
    },
  },
  {
    title: "a table that is gone is built anew, and one in place of a view",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00");
      await run(session, db, "2024-03-03");
      await session.run("drop table shop.orders");
      assert.equal((await run(session, db, "2024-03-03")).done.length, 3);
      await session.run("drop table shop.orders");
      await buildModel(
        modelNode("orders", { materialized: "view" }),
        "select 9 as id",
        await context(session, db),
      );
      assert.equal((await run(session, db, "2024-03-03")).done.length, 3);
      assert.deepEqual(await ids(session), [1, 2]);
    },
  },
  {
    title: "rows that a batch gives outside its time are left out, and come once",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00");
      const node = modelNode("orders", {
        materialized: "incremental",
        incremental_strategy: "microbatch",
        event_time: "happened",
        begin: "2024-03-01",
        batch_size: "day",
      });
      assert.ok(isMicrobatch(node));
      await createMetaTables(session, db.dialect);
      const input = {
        now: day("2024-03-03"),
        window: null,
        compile: () => "select id, happened from shop.events",
      };
      for (let i = 0; i < 2; i++) await buildMicrobatch(node, input, await context(session, db));
      assert.deepEqual(await ids(session), [1, 2]);
    },
  },
  {
    title: "batches follow on_schema_change, and dates have no hours",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00");
      await run(session, db, "2024-03-02");
      const more = "id, happened, 'x' as more";
      await run(session, db, "2024-03-02", {
        select: more,
        config: { on_schema_change: "fail", lookback: 0 },
      }).then(({ messages }) => assert.match(messages[0]!, /SCHEMA_CHANGED/));
      await run(session, db, "2024-03-02", {
        select: more,
        config: { on_schema_change: "append_new_columns", lookback: 0 },
      });
      assert.deepEqual((await session.query("select id, more from shop.orders order by id")).rows, [
        [1, null],
        [2, "x"],
      ]);
      await session.run("drop table shop.orders");
      const hours = await run(session, db, "2024-03-01", {
        select: "id, cast(happened as date) as happened",
        config: { batch_size: "hour" },
      });
      assert.match(hours.messages[0]!, /CONFIG_CONFLICT batch_size "hour"/);
    },
  },
  {
    title: "a window never takes the place of the whole table",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00");
      await run(session, db, "2024-03-02");
      const config = { full_refresh: true };
      assert.deepEqual(
        (await run(session, db, "2024-03-02", { window: ["2024-03-01", "2024-03-02"], config })).done,
        ["2024-03-01"],
      );
      assert.deepEqual(await ids(session), [1, 2]);
      const protectedModel = { full_refresh: false, lookback: 0 };
      const kept = await run(session, db, "2024-03-02", { fullRefresh: true, config: protectedModel });
      assert.deepEqual(kept.done, ["2024-03-02"]);
    },
  },
  {
    title: "a run that is stopped keeps the batches that were done, and the next goes on",
    async body(session, db) {
      await events(session, "2024-03-01 10:00:00", "2024-03-02 10:00:00", "2024-03-03 10:00:00");
      await createMetaTables(session, db.dialect);
      const node = modelNode("orders", {
        materialized: "incremental",
        incremental_strategy: "microbatch",
        event_time: "happened",
        begin: "2024-03-01",
        batch_size: "day",
      });
      assert.ok(isMicrobatch(node));
      const stop = new AbortController();
      const compile = (batch: Span): string => {
        if (batchName(batch, "day") === "2024-03-02") stop.abort();
        return "select id, happened from shop.events";
      };
      const input = { now: day("2024-03-03"), window: null, compile };
      const build = { ...(await context(session, db)), signal: stop.signal };
      const { results } = await buildMicrobatch(node, input, build);
      assert.deepEqual(
        results.map(({ error }) => error?.message ?? "done"),
        ["done", "cancelled"],
      );
      assert.deepEqual(await ids(session), [1]);
      assert.deepEqual((await run(session, db, "2024-03-03", { config: { lookback: 0 } })).done, [
        "2024-03-02",
        "2024-03-03",
      ]);
    },
  },
];
