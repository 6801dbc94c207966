import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { OperationError } from "../../../../../runner/base/errors.ts";
import { openStaging } from "../../../../../ingest/landing/postgres/open-staging.ts";
import { connect, postgresForTests } from "../../../../support/postgres.ts";
import { argumentsFor } from "../../../../support/script.ts";
import { until } from "../../../../support/until.ts";
import { editionOf } from "./editions.ts";
import { editionHeld, manyRows } from "./many-rows.ts";

const server = await postgresForTests();
/** More than a message of COPY holds; a load of them is long enough to be met anywhere by a kill. */
const ROWS = 6000;
const child = join(import.meta.dirname, "stage-in-child.ts");

describe("a load into PostgreSQL that is cut short", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const schema = `kill_${process.pid}`;
  // The server may be shared with other tests: these connections are known by a name of their own.
  const name = `statloom ${schema}`;
  const address = new URL(server.url);
  address.searchParams.set("application_name", name);
  const url = address.href;
  const sql = connect(server.url);
  const table = `"${schema}"."shop__toy"`;
  after(() => sql.end());
  afterEach(() => sql.unsafe(`drop schema if exists "${schema}" cascade`));

  const open = (signal?: AbortSignal) =>
    openStaging({ url, schema, keepDocuments: "header", ...(signal && { signal }) });
  async function stage(n: number): Promise<void> {
    const staging = open();
    try {
      await staging.stage(editionOf(n, manyRows(n, ROWS)));
    } finally {
      await staging.close();
    }
  }
  /** What the table holds, after checking that the account beside it agrees. */
  async function held(): Promise<string> {
    const [is] = await sql.unsafe<{ there: boolean }[]>(
      `select to_regclass('${table}') is not null as there`,
    );
    if (!is!.there) return "none";
    return sql.begin("isolation level repeatable read", async (tx) => {
      const [found] = await tx.unsafe<{ edition: string; rows: number }[]>(editionHeld(table));
      const [book] = await tx.unsafe<{ edition: string; lost: number }[]>(`
        select (select extract(day from edition_at at time zone 'UTC')::int - 1 from "${schema}".batches order by sequence desc limit 1)::text as edition,
          (select count(*)::int from "${schema}"."shop__toy__revisions" where "_replaced_by_batch" not in (select batch_id from "${schema}".batches)) as lost`);
      assert.deepEqual([found!.edition, book!.lost], [book!.edition, 0]);
      return found!.edition;
    });
  }
  const start = async (n: number): Promise<ChildProcess> => {
    const started = spawn(process.execPath, [...argumentsFor(child), url, schema, String(n), String(ROWS)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(started.stdout, "data");
    return started;
  };
  /** Has it load, and kills it after a while; whether it had ended by itself. */
  async function killAfter(loading: ChildProcess, milliseconds: number): Promise<boolean> {
    const gone = once(loading, "exit");
    loading.stdin?.write("go\n");
    const ended = await Promise.race([wait(milliseconds, false), gone.then(() => true)]);
    loading.kill("SIGKILL");
    await gone;
    return ended;
  }
  /** The backend of a killed process goes on until it next looks at its connection. */
  async function untilAlone(): Promise<void> {
    await until("the server works no more for a process that is gone", async () => {
      const others = await sql`select 1 from pg_stat_activity where application_name = ${name}`;
      return others.length === 0;
    });
  }

  test("by a kill at twenty random moments leaves the edition before, or the whole new one", async () => {
    await stage(0);
    let whole = await timed(async () => stage(1));
    let now = "1";
    let unfinished = 0;
    let next = start(2);
    for (let n = 2; n < 22; n++) {
      const loading = await next;
      const delay = Math.random() * whole * 1.1;
      next = n < 21 ? start(n + 1) : next;
      const begun = performance.now();
      // The first may have been measured while the machine had much else to do.
      if (await killAfter(loading, delay)) whole = performance.now() - begun;
      const seen = await held();
      assert.ok(seen === now || seen === String(n), `killed after ${delay} ms: ${seen}, not ${now} or ${n}`);
      await untilAlone();
      now = await held();
      assert.ok(now === seen || now === String(n), `killed after ${delay} ms, later: ${now}`);
      if (now !== String(n)) unfinished++;
    }
    assert.ok(unfinished >= 5, `only ${unfinished} of 20 were killed before their end: this tests nothing`);
    await stage(25);
    assert.equal(await held(), "25");
  });

  test("by a kill leaves nothing where there was nothing", async () => {
    const whole = await timed(async () => stage(1));
    await sql.unsafe(`drop schema "${schema}" cascade`);
    for (const share of [0.1, 0.3, 0.5, 0.7]) {
      await killAfter(await start(1), share * whole * 1.5);
      await untilAlone();
      assert.match(await held(), /^(?:none|1)$/);
      await stage(2);
      assert.equal(await held(), "2");
      await sql.unsafe(`drop schema "${schema}" cascade`);
    }
  });

  test("by the server leaves the edition before, and fails in words that allow a retry", async () => {
    await stage(0);
    let whole = await timed(async () => stage(1));
    let failed = 0;
    let now = "1";
    for (let n = 2; n < 14; n++) {
      const begun = performance.now();
      const loading = stage(n).then(
        () => void (whole = performance.now() - begun),
        (error: unknown) => error,
      );
      await wait(Math.random() * whole);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`;
      const error = await loading;
      const seen = await held();
      if (error === undefined) {
        assert.equal(seen, String(n));
      } else {
        assert.ok(error instanceof OperationError && error.retryable, String((error as Error).stack));
        // Cut off after the commit and before the answer to it, a load has failed and is there all the same.
        assert.ok(seen === now || seen === String(n), `${seen}, not ${now} or ${n}`);
        failed++;
      }
      now = seen;
    }
    assert.ok(failed >= 3, `only ${failed} of 12 were cut short`);
    await stage(20);
    assert.equal(await held(), "20");
  });

  test("by Ctrl-C stops at once and leaves the edition before", async () => {
    await stage(0);
    const stop = new AbortController();
    const staging = open(stop.signal);
    const onBatch = (given: number): void => {
      if (given > 5000) stop.abort();
    };
    await assert.rejects(staging.stage(editionOf(1, manyRows(1), { onBatch })), { name: "AbortError" });
    await staging.close();
    await untilAlone();
    assert.equal(await held(), "0");
  });

  test("by its own source leaves the edition before, and the connection good", async () => {
    await stage(0);
    const staging = open();
    let calls = 0;
    const onBatch = (given: number): void => {
      if (given > 15_000 && ++calls > 1) throw new TypeError("the document ends");
    };
    await assert.rejects(staging.stage(editionOf(1, manyRows(1), { onBatch })), { name: "TypeError" });
    assert.equal(await held(), "0");
    await staging.stage(editionOf(1, manyRows(1)));
    await staging.close();
    assert.equal(await held(), "1");
  });
});

describe("loads into PostgreSQL at the same time", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const { url } = server;
  const sql = connect(url);
  const schema = `together_${process.pid}`;
  afterEach(() => sql.unsafe(`drop schema if exists "${schema}" cascade`));

  test("of one dataset come one after the other, and readers see whole editions only", async () => {
    const seen = new Set<string>();
    let done = false;
    const reading = (async () => {
      while (!done) {
        try {
          const [row] = await sql.unsafe<{ edition: string }[]>(editionHeld(`"${schema}"."shop__toy"`));
          seen.add(row!.edition);
        } catch (error) {
          assert.equal((error as { code?: string }).code, "42P01", String(error));
        }
      }
    })();
    const outcomes = await Promise.all(
      [3, 1, 4, 2, 4].map(async (n) => {
        const staging = openStaging({ url, schema, keepDocuments: "none" });
        const staged = await staging.stage(editionOf(n, manyRows(n, 5000)));
        await staging.close();
        return staged.outcome;
      }),
    );
    done = true;
    await reading;
    assert.ok(!seen.has("mixed") && !seen.has("none"), [...seen].join());
    const [last] = await sql.unsafe<{ edition: string }[]>(editionHeld(`"${schema}"."shop__toy"`));
    assert.equal(last!.edition, "4");
    const batches = await sql.unsafe(`select 1 from "${schema}".batches`);
    assert.equal(batches.length, outcomes.filter((outcome) => outcome === "loaded").length);
  });

  test("of one dataset give up in time when the other does not end", async () => {
    const first = openStaging({ url, schema, keepDocuments: "none" });
    await first.stage(editionOf(1, manyRows(1, 100)));
    await first.close();
    const holder = await sql.reserve();
    await holder.unsafe(`begin; lock table "${schema}"."shop__toy" in access exclusive mode`);
    const second = openStaging({ url, schema, keepDocuments: "none", lockTimeout: 200 });
    await assert.rejects(second.stage(editionOf(2, manyRows(2, 100))), {
      code: "STAGING_FAILED",
      retryable: true,
      message: /55P03/,
    });
    await holder.unsafe("rollback");
    holder.release();
    assert.equal((await second.stage(editionOf(2, manyRows(2, 100)))).outcome, "loaded");
    await second.close();
  });
});

async function timed(body: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await body();
  return performance.now() - started;
}
