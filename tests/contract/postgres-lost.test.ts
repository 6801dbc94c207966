import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { dial } from "../../runner/adapters/postgres/line.ts";
import type { Adapter } from "../../runner/adapters/adapter.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { OperationError } from "../../runner/base/errors.ts";
import { connectionFromUrl } from "../../runner/project/postgres-target.ts";
import { openStaging } from "../../ingest/landing/postgres/open-staging.ts";
import { makeProject, models } from "../support/models.ts";
import { askOnce, connect, databaseForTests } from "../support/postgres.ts";
import { startProxy } from "../support/postgres-proxy.ts";
import { start } from "../support/spawn-models.ts";
import { until } from "../support/until.ts";
import { editionOf } from "../unit/ingest/landing/postgres/editions.ts";
import { editionHeld, manyRows } from "../unit/ingest/landing/postgres/many-rows.ts";
import { failure } from "./cases/errors.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();

const CLOSED = { code: /^(ECONNRESET|EPIPE|CONNECTION_CLOSED)$/ };

describe("a connection to PostgreSQL that breaks", { skip: server.skip }, async () => {
  if (server.skip !== false) return;
  const proxy = await startProxy(server.url);
  const to = connectionFromUrl(proxy.url, "/", {})!;
  const sql = connect(server.url);
  afterEach(async () => {
    proxy.cutAfter(Infinity);
    proxy.thaw();
    await proxy.reopen();
  });
  const active = async (what: string): Promise<number> =>
    (
      await sql`select 1 from pg_stat_activity where state = 'active' and position(${what} in query) > 0 and pid <> pg_backend_pid()`
    ).length;

  test("fails what runs, and what is asked in the moment in which only the error is known", async () => {
    for (let i = 0; i < 10; i++) {
      const line = await dial(to);
      const running = line.send("select pg_sleep(60)", "one");
      setTimeout(() => proxy.cut(), 5);
      await assert.rejects(running, CLOSED);
      await assert.rejects(line.send("select 1", "one"), CLOSED);
      await assert.rejects(line.send("select 1", "script"), CLOSED);
      assert.equal(line.isLost(), true);
      await assert.rejects(line.copy("copy t from stdin", []), CLOSED);
      await line.hangUp();
    }
  });

  test("fails what is asked when it broke between two statements", async () => {
    for (let i = 0; i < 10; i++) {
      const line = await dial(to);
      await line.send("select 1", "one");
      proxy.cut();
      for (let wait = 0; wait < i % 3; wait++) await new Promise(setImmediate);
      await assert.rejects(line.send("select 1", "one"), CLOSED);
      await line.hangUp();
    }
  });

  test("is given up when the server hangs up on it, not made again and again", async () => {
    proxy.hangUpOn(2);
    await assert.rejects(dial(to), CLOSED);
    proxy.hangUpOn(0);
  });

  test("is made anew where nothing hangs on it", async () => {
    await using db = await openAdapter({ ...postgresTarget(proxy.url), threads: 1 });
    const session = await db.session();
    for (let i = 0; i < 5; i++) {
      const asked = session.query("select pg_sleep(60)");
      setTimeout(() => proxy.cut(), 5);
      await assert.rejects(asked, { kind: "lost" });
      proxy.hangUpOn(2);
      assert.deepEqual((await session.query("select 2")).rows, [[2]]);
    }
  });

  test("leaves one table or the other when it is cut anywhere in a build, and the next build is whole", async () => {
    const rows = "select i as id, {{ var('n') }} as n from generate_series(1, 100) s(i)";
    const kept = (how: string): string =>
      `{{ config(materialized='incremental', unique_key='id'${how}) }} ${rows}`;
    const cwd = makeProject({
      "sql_project.yaml": `name: shop\ntarget: dev\nvars: {n: 0}\ntargets:\n  dev: {type: postgres, url: "${proxy.url}", schema: cut, threads: 2}\n`,
      "models/made.sql": `{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}]) }} ${rows}`,
      "models/seen.sql": "select id, n from {{ ref('made') }}",
      "models/stored.sql":
        "{{ config(materialized='materialized_view') }} select id, n from {{ ref('made') }}",
      "models/merged.sql": kept(", incremental_strategy='merge'"),
      "models/replaced.sql": kept(", incremental_strategy='delete+insert'"),
      "models/_m.yml":
        "snapshots: [{name: history, relation: ref('made'), config: {unique_key: id, strategy: check, check_cols: [n]}}]",
      "seeds/codes.csv": `id,n\n${Array.from({ length: 100 }, (_, i) => `${i},7`).join("\n")}\n`,
    });
    let n = 0;
    const build = () => models(cwd, ["build", "--vars", `{n: ${++n}}`]);
    const held = async (): Promise<Record<string, string>> => {
      const found: Record<string, string> = {};
      for (const { name } of await askOnce(
        server.url,
        "select relname::text as name from pg_class where relnamespace = 'cut'::regnamespace and relkind in ('r', 'v', 'm') order by 1",
      )) {
        const now = name === "history" ? " where dbt_valid_to is null" : "";
        const [row] = await askOnce(
          server.url,
          `select count(*) || ' of ' || count(distinct n) as it from cut."${name}"${now}`,
        );
        found[String(name)] = String(row!["it"]);
      }
      return found;
    };
    assert.equal((await build()).code, 0);
    const whole = await held();
    assert.deepEqual(new Set(Object.values(whole)), new Set(["100 of 1"]));
    assert.equal(Object.keys(whole).length, 7);
    for (const from of [4000, 20_000]) {
      proxy.cutAfter(from + Math.random() * 16_000);
      const { code, out, err } = await build();
      if (code !== 0)
        assert.match(
          out + err,
          /(the connection was lost: .*|it hung up) \((ECONNRESET|EPIPE|CONNECTION_CLOSED)\)/,
        );
      proxy.cutAfter(Infinity);
      assert.deepEqual(await held(), whole, out + err);
    }
    assert.equal((await build()).code, 0);
    assert.deepEqual(await held(), whole);
  });

  describe("whose server cannot be reached", () => {
    const settled = { ...postgresTarget(proxy.url), threads: 1 };

    test("is closed by Ctrl-C, which the server does not hear of", async () => {
      await using db = await openAdapter(settled);
      const session = await db.session();
      const running = failure(session.query("select pg_sleep(60)"));
      await until("the statement runs", async () => (await active("pg_sleep(60)")) > 0);
      proxy.freeze();
      proxy.shut();
      session.interrupt();
      const { kind, message } = await running;
      assert.deepEqual(
        [kind, message],
        [
          "cancelled",
          "the statement was cancelled: the server could not be asked to stop it, and the connection was closed",
        ],
      );
      proxy.thaw();
      await proxy.reopen();
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
    });

    test("is not made anew after Ctrl-C", async () => {
      await using db = await openAdapter(settled);
      const session = await db.session();
      proxy.shut();
      proxy.cut();
      assert.equal((await failure(session.query("select 1"))).kind, "lost");
      const asked = failure(session.query("select 1"));
      // It tries for half a minute otherwise.
      setTimeout(() => session.interrupt(), 20);
      assert.equal((await asked).kind, "cancelled");
      await proxy.reopen();
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
    });

    test("is given up by Ctrl-C while the server takes its time to answer, of a run and of staging", async () => {
      proxy.freeze();
      const before = proxy.callers();
      const stop = new AbortController();
      const wait = { seconds: 60, onWait: () => undefined, signal: stop.signal };
      const opening = failure(openAdapter(settled, wait));
      const staging = openStaging({
        url: proxy.url,
        schema: "s",
        keepDocuments: "none",
        signal: stop.signal,
      });
      const loading = assert.rejects(staging.stage(editionOf(1, manyRows(1, 10))), { name: "AbortError" });
      await until("both are there", () => proxy.callers() === before + 2);
      stop.abort();
      const { kind, message } = await opening;
      assert.equal(kind, "cancelled");
      assert.match(message, /^stopped while connecting to PostgreSQL at 127\.0\.0\.1:/);
      await loading;
      proxy.thaw();
    });

    test("is waited for no longer than until Ctrl-C by what only reads", async () => {
      proxy.freeze();
      const cwd = makeProject({
        "sql_project.yaml": `name: shop\ntarget: pg\ntargets: {pg: {type: postgres, url: "${proxy.url}?connect_timeout=60", schema: kept}}\n`,
        "models/a.sql": "select {{#each run_query('select 1 as n') as r}}{{ r.n }}{{/each}} as n",
      });
      for (const words of [["show", "-s", "a"], ["compile"], ["docs", "generate"]]) {
        const before = proxy.callers();
        const { child, ended } = start(cwd, words);
        await until(`${words.join(" ")} is there`, () => proxy.callers() > before);
        const begin = performance.now();
        child.kill("SIGINT");
        const { code, err } = await ended;
        assert.equal(code, 1);
        assert.match(err, /stopped while connecting to PostgreSQL at 127\.0\.0\.1:/);
        assert.ok(performance.now() - begin < 30_000, words.join(" "));
      }
    });

    test("is told as such when it never answers", async () => {
      proxy.freeze();
      const url = new URL(proxy.url);
      url.searchParams.set("connect_timeout", "1");
      const { kind, message } = await failure(openAdapter(postgresTarget(url.href)));
      assert.equal(kind, "lost");
      assert.match(message, /it does not answer within 1 s \(CONNECT_TIMEOUT\)\ncheck host and port/);
      proxy.thaw();
    });
  });

  describe("that keeps other runs away", () => {
    const wait = { seconds: 0, onWait: () => undefined };
    const target = { ...postgresTarget(proxy.url), schema: "kept", threads: 1 };
    const other = { ...postgresTarget(server.url), schema: "kept" };
    const locks = async (): Promise<number[]> =>
      (
        await sql`select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`
      ).map(({ pid }) => Number(pid));

    test("is made anew at once, and the run goes on", async () => {
      await using db = await openAdapter(target, wait);
      const session = await db.session();
      for (let i = 0; i < 3; i++) {
        const [before] = await locks();
        await sql`select pg_terminate_backend(${before!})`;
        // Nobody asks for it meanwhile.
        await until("the lock is held again", async () => (await locks()).some((pid) => pid !== before));
        assert.deepEqual((await session.query("select 1")).rows, [[1]]);
      }
      assert.equal((await failure(openAdapter(other, wait))).kind, "locked");
    });

    test("is made anew where its server does not know yet that it was lost", async () => {
      await using db = await openAdapter(target, wait);
      const session = await db.session();
      const [before] = await locks();
      proxy.abandon();
      // It may have been the first to notice.
      await session.query("select 1").catch(() => undefined);
      assert.deepEqual((await session.query("select 1")).rows, [[1]]);
      await until("the lock is held again", async () => (await locks()).some((pid) => pid !== before));
      assert.equal((await failure(openAdapter(other, wait))).kind, "locked");
    });

    test("ends the run when another has begun meanwhile, which is told, and commits nothing more", async () => {
      await using db = await openAdapter(target, wait);
      const session = await db.session();
      await session.run("create schema if not exists kept");
      await session.run("create table kept.t as select 1 as a");
      let second: Adapter | undefined;
      const lost = await failure(
        session.transaction(async () => {
          await session.run("update kept.t set a = 2");
          proxy.shut();
          await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
          second = await openAdapter(other, { ...wait, seconds: 10 });
          await proxy.reopen();
        }),
      );
      assert.equal(lost.kind, "locked");
      assert.match(
        lost.message,
        /^the connection that kept other runs away was lost, and one has begun: the schema "kept" of .* is being built by statloom \(process/,
      );
      await second?.close();
      // It may have changed anything.
      assert.equal((await failure(session.query("select 1"))).kind, "locked");
      assert.deepEqual([...(await sql`select a from kept.t`)], [{ a: 1 }]);
    });
  });

  test("fails a load into staging wherever it is cut, in words that allow a retry, and leaves the edition before", async () => {
    const stage = async (n: number, url: string): Promise<unknown> => {
      const staging = openStaging({ url, schema: "staged", keepDocuments: "header" });
      try {
        return await staging.stage(editionOf(n, manyRows(n, 3000))).then(
          () => undefined,
          (error: unknown) => error,
        );
      } finally {
        await staging.close();
      }
    };
    const held = async (): Promise<string> =>
      String((await sql.unsafe(editionHeld('"staged"."shop__toy"')))[0]!["edition"]);
    assert.equal(await stage(0, server.url), undefined);
    let cut = 0;
    for (let n = 1; n < 6; n++) {
      const before = await held();
      proxy.cutAfter(n * 20_000);
      const error = await stage(n, proxy.url);
      proxy.cutAfter(Infinity);
      if (error === undefined) continue;
      cut++;
      assert.ok(error instanceof OperationError && error.retryable, String((error as Error).stack));
      assert.match(error.message, /ECONNRESET|CONNECTION_CLOSED/);
      assert.ok([before, String(n)].includes(await held()));
    }
    assert.ok(cut >= 2, `only ${cut} of 5 were cut`);
    assert.equal(await stage(20, proxy.url), undefined);
    assert.equal(await held(), "20");
  });
});
