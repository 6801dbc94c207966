import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nodeEvent } from "../../../../ingest/observe/build-event.ts";
import { createMetrics } from "../../../../ingest/observe/metrics.ts";
import { serveMetrics } from "../../../../ingest/observe/serve-metrics.ts";

const done = {
  publisher: "eurostat",
  dataset: "a",
  at: "",
  seconds: 2,
  bytes: 100,
  retries: 1,
  updated: null,
};
const sources = {
  now: () => new Date(100_000),
  datasets: () => [
    { publisher: "eurostat", dataset: "a", landedAt: 40, checkedAt: null, isDue: false, isDead: true },
  ],
  tasks: () => [{ task: "feed:eurostat", lastAt: 50, nextAt: null, isRunning: false }],
};

describe("metrics", () => {
  test("count what is landed, fetched, rejected and failed, and tell ages when they are asked for", async () => {
    const metrics = createMetrics(sources);
    metrics.onSync({ ...done, kind: "landed", vintage: "v", rows: 7, rejected: 2, drift: [] });
    metrics.onSync({ ...done, kind: "unchanged", told: "probe" });
    metrics.onSync({
      ...done,
      kind: "failed",
      code: "HTTP_503",
      message: "",
      hint: null,
      attempts: 1,
      retryAt: null,
      dead: true,
    });
    metrics.onSync({ ...done, kind: "skipped", message: "" });
    const text = await metrics.text();
    const of = (name: string): string[] => text.split("\n").filter((line) => line.startsWith(name));
    const a = 'publisher="eurostat",dataset="a"';
    assert.deepEqual(of("statloom_ingest_rows_total"), [`statloom_ingest_rows_total{${a}} 7`]);
    assert.deepEqual(of("statloom_ingest_bytes_total"), [`statloom_ingest_bytes_total{${a}} 300`]);
    assert.deepEqual(of("statloom_ingest_retries_total"), [`statloom_ingest_retries_total{${a}} 3`]);
    assert.deepEqual(of("statloom_ingest_rejected_cells_total"), [
      `statloom_ingest_rejected_cells_total{${a}} 2`,
    ]);
    assert.deepEqual(of("statloom_ingest_failures_total"), [
      `statloom_ingest_failures_total{${a},code="HTTP_503"} 1`,
    ]);
    assert.equal(of("statloom_ingest_outcomes_total").length, 3);
    assert.deepEqual(of("statloom_dataset_age_seconds"), [`statloom_dataset_age_seconds{${a}} 60`]);
    assert.deepEqual(of("statloom_dataset_checked_age_seconds"), []);
    assert.deepEqual(of("statloom_dataset_dead"), [`statloom_dataset_dead{${a}} 1`]);
    assert.deepEqual(of("statloom_task_last"), [
      'statloom_task_last_run_timestamp_seconds{task="feed:eurostat"} 50',
    ]);
  });

  test("read what models says of its nodes, and nothing else", () => {
    const line = JSON.stringify({
      event: "node-finished",
      uniqueId: "test.shop.unique_a.x.1234",
      result: { status: "fail", executionTime: 0.5, rows: null },
    });
    const node = {
      kind: "node",
      resourceType: "test",
      node: "unique_a.x.1234",
      status: "fail",
      seconds: 0.5,
      rows: null,
    };
    assert.deepEqual(nodeEvent(line), node);
    for (const other of ["", "{", "1", '{"event":"node-started","uniqueId":"a"}'])
      assert.equal(nodeEvent(other), null);
  });

  test("are served on this machine alone, with health and readiness", async () => {
    let why: string | null = "the lock is not held";
    const server = await serveMetrics({ host: "127.0.0.1", port: 0 }, createMetrics(sources), {
      live: () => null,
      ready: () => why,
    });
    try {
      const ask = async (path: string, method = "GET"): Promise<[number, string]> => {
        const response = await fetch(server.url + path, { method });
        return [response.status, await response.text()];
      };
      assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const [status, text] = await ask("/metrics");
      assert.equal(status, 200);
      assert.match(text, /^# HELP statloom_ingest_rows_total/m);
      assert.match(text, /^process_cpu_seconds_total/m);
      assert.deepEqual(await ask("/healthz"), [200, "ok\n"]);
      assert.deepEqual(await ask("/readyz"), [503, "the lock is not held\n"]);
      why = null;
      assert.deepEqual(await ask("/readyz"), [200, "ok\n"]);
      assert.equal((await ask("/other"))[0], 404);
      assert.equal((await ask("/metrics", "POST"))[0], 405);
      const port = Number(new URL(server.url).port);
      await assert.rejects(
        serveMetrics({ host: "127.0.0.1", port }, createMetrics(sources), {
          live: () => null,
          ready: () => null,
        }),
        {
          code: "METRICS_PORT",
        },
      );
    } finally {
      await server.close();
    }
  });
});
