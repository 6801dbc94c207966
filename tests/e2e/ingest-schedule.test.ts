import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { Library } from "../support/publisher/library.ts";
import { startPublisher } from "../support/publisher/start.ts";
import { spawnIngest, start } from "../support/spawn-models.ts";
import type { Spawned } from "../support/spawn-models.ts";
import { tempFolder, writeFiles } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { edition } from "../unit/ingest/sync/tiny.ts";

describe("ingest schedule, as a user has it", () => {
  test("is started, left, killed and started again, while another process reads what is published", async () => {
    const library = new Library();
    const publish = (year: number): void =>
      library.publish("toy_a", edition("toy_a", `${year}-01-01T11:00:00+0100`, year), new Date());
    publish(2020);
    const publisher = await startPublisher({ eurostat: library });
    const cwd = writeFiles(tempFolder(), {
      "sql_project.yaml": `name: t
target: dev
targets: {dev: {type: duckdb, path: data/w.duckdb, publish: data/published.duckdb}}
ingest:
  schedule: {feed: "*/2 * * * * *", jitter_seconds: 0}
  datasets: [{publisher: eurostat, code: toy_a}]
`,
      "models/_s.yml": "sources: [{name: eurostat, landing: true, tables: [{name: toy_a}]}]",
      "models/seen.sql":
        "{{ config(materialized='table') }}\nselect max(_vintage) as v from {{ source('eurostat', 'toy_a') }}",
    });
    const alive: Spawned[] = [];
    after(async () => {
      for (const { child } of alive) child.kill("SIGKILL");
      await publisher.close();
    });
    const env = { ...publisher.env };
    const begin = (): Spawned & { said: () => string } => {
      const words = ["schedule", "--look-every", "1", "--log-format", "json", "--metrics-port", "0"];
      const spawned = start(cwd, words, { env }, "ingest");
      alive.push(spawned);
      let text = "";
      spawned.child.stdout!.on("data", (part: string) => (text += part));
      spawned.child.stderr!.on("data", (part: string) => (text += part));
      return { ...spawned, said: () => text };
    };
    /** What a reader in another process sees; it never finds the file locked or half written. */
    let reads = 0;
    const published = async (): Promise<string | null> => {
      const file = join(cwd, "data/published.duckdb");
      const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" }).catch(
        (error: unknown) => {
          if (/does not exist/.test(String(error))) return null;
          throw error;
        },
      );
      if (instance === null) return null;
      const connection = await instance.connect();
      const rows = (await connection.runAndReadAll("select v from seen")).getRows();
      connection.closeSync();
      instance.closeSync();
      reads++;
      return rows[0]![0] as string;
    };

    const first = begin();
    await until("the first edition", async () => (await published()) === "2020-01-01T100000Z", first.said);
    const second = await spawnIngest(cwd, ["schedule"], { env });
    assert.equal(second.code, 1);
    assert.match(second.err, /SCHEDULER_RUNNING another scheduler is at work on .*: process \d+ on/);

    publish(2021);
    await until("the second edition", async () => (await published()) === "2021-01-01T100000Z", first.said);
    first.child.kill("SIGKILL");
    await first.ended;
    publish(2022);
    const status = await spawnIngest(cwd, ["status", "--output", "json"], { env });
    assert.equal((JSON.parse(status.out) as { scheduler: { running: boolean } }).scheduler.running, false);

    const third = begin();
    await until("the third edition", async () => (await published()) === "2022-01-01T100000Z", third.said);
    assert.match(third.said(), /"event":"landed","run_id":"[0-9a-f-]+"/);
    const [, url] = /"url":"(http:\/\/127\.0\.0\.1:\d+)\/metrics"/.exec(third.said())!;
    assert.match(
      await (await fetch(`${url}/metrics`)).text(),
      /statloom_ingest_rows_total\{publisher="eurostat",dataset="toy_a"\} 6/,
    );
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    third.child.kill("SIGTERM");
    const { code, signal } = await third.ended;
    assert.deepEqual([code, signal], [0, null], third.said());
    assert.match(third.said(), /"event":"schedule-stopped"/);
    assert.ok(reads > 5);
  });
});
