import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { appendBatch } from "../../../../runner/project/batch-log.ts";
import type { Batch } from "../../../../runner/project/batch-log.ts";
import { makeProject, models, rowsOf } from "../../../support/models.ts";
import { connect, databaseForTests } from "../../../support/postgres.ts";
import { writeFiles } from "../../../support/temp.ts";

const at = (time: string) => ({ now: `2025-05-0${time}` });
const table = "{{ config(materialized='table') }}\n";
const batch = (more: Partial<Batch> = {}): Batch => ({
  batch_id: "b1",
  publisher: "eurostat",
  dataset: "hlth_silc_13",
  outcome: "landed",
  vintage: "2025-04-04T210000Z",
  source: "https://ec.europa.eu/x",
  published_at: "2025-04-04T21:00:00Z",
  finished_at: "2025-05-01T09:00:00Z",
  seconds: 1.5,
  bytes: 1000,
  retries: 1,
  rows: 10,
  rejected: 0,
  code: null,
  message: null,
  ...more,
});

describe("the history of runs", () => {
  test("is kept for as long as the project says, and ingestion is not read twice", async () => {
    const cwd = makeProject({
      "sql_project.yaml":
        "name: shop\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\nhistory: {keep: {count: 36, period: hour}}\n",
      "models/a.sql": `${table}select 'no'::int as x`,
      "models/b.sql": "select * from {{ ref('a') }}",
      "models/_m.yml": "models: [{name: b, columns: [{name: x, data_tests: [unique]}]}]",
      "tests/data/t.sql": "select 1 as x",
    });
    appendBatch(join(cwd, "data/landing"), batch());
    appendBatch(join(cwd, "data/landing"), batch({ batch_id: "b2" }));
    const counts = async (): Promise<unknown> =>
      rowsOf(
        cwd,
        `select (select count(*)::int from meta.runs) as runs, (select count(distinct run_id)::int from meta.run_results) as results,
  (select count(distinct run_id)::int from meta.test_results) as tests, (select string_agg(batch_id, ' ') from meta.ingest_batches) as batches`,
      );
    for (const day of [1, 2]) await models(cwd, ["build", "-q"], at(`${day}T10:00:00Z`));
    assert.deepEqual(await counts(), [{ runs: 2, results: 2, tests: 2, batches: "b1 b2" }]);
    await models(cwd, ["build", "-q"], at("3T10:00:00Z"));
    assert.deepEqual(await counts(), [{ runs: 2, results: 2, tests: 2, batches: "b2" }]);
    await models(cwd, ["build", "-q"], at("9T10:00:00Z"));
    assert.deepEqual(await counts(), [{ runs: 1, results: 1, tests: 1, batches: "b2" }]);
  });

  test("is in the warehouse, one row a run and one a node, and models read it", async () => {
    const cwd = makeProject({
      "models/a.sql": `${table}select 1 as x union all select 2`,
      "models/b.sql": `${table}select 'no'::int as y from {{ ref('a') }}`,
      "models/c.sql": "select * from {{ ref('b') }}",
      "models/_m.yml": "models: [{name: a, columns: [{name: x, data_tests: [unique]}]}]",
    });
    assert.equal((await models(cwd, ["build"], at("1T10:00:00.500Z"))).code, 1);
    assert.deepEqual(
      await rowsOf(
        cwd,
        "select * exclude (run_id, statloom_version) replace (started_at::text as started_at, finished_at::text as finished_at) from meta.runs",
      ),
      [
        {
          command: "build",
          project: "shop",
          target: "dev",
          started_at: "2025-05-01 10:00:00.5",
          finished_at: "2025-05-01 10:00:00.5",
          seconds: 0,
          status: "failed",
          nodes: 4,
          ok: 2,
          warned: 0,
          failed: 1,
          skipped: 1,
        },
      ],
    );
    assert.deepEqual(
      await rowsOf(
        cwd,
        "select name, resource_type, status, rows::int as n, seconds is null as s, message like '%QUERY_FAILED%' as m from meta.run_results where resource_type = 'model' order by name",
      ),
      [
        { name: "a", resource_type: "model", status: "success", n: 2, s: false, m: false },
        { name: "b", resource_type: "model", status: "error", n: null, s: false, m: true },
        { name: "c", resource_type: "model", status: "skipped", n: null, s: false, m: false },
      ],
    );
    writeFiles(cwd, {
      "models/b.sql": "select 1 as y from {{ ref('a') }}",
      "models/_s.yml": "sources: [{name: meta, tables: [{name: runs}, {name: ingest_batches}]}]",
      "models/slow.sql": `${table}select count(*)::int as n from {{ source('meta', 'runs') }}`,
    });
    assert.equal((await models(cwd, ["build"], at("2T10:00:00Z"))).code, 0);
    assert.deepEqual(await rowsOf(cwd, "select * from {{ ref('slow') }}"), [{ n: 1 }], "the run before");
    assert.deepEqual(await rowsOf(cwd, "select status from meta.runs order by started_at"), [
      { status: "failed" },
      { status: "success" },
    ]);
  });

  test("holds what ingestion did, each batch once, also after a kill in the middle of a line", async () => {
    const cwd = makeProject({ "models/a.sql": "select 1 as x" });
    const landing = join(cwd, "data/landing");
    const ids = () => rowsOf(cwd, "select batch_id, log_file from meta.ingest_batches order by 1");
    appendBatch(landing, batch());
    appendFileSync(join(landing, ".ingest/_batches-2025-05.ndjson"), '{"batch_id":"torn","publ');
    await models(cwd, ["build"]);
    assert.deepEqual(await ids(), [{ batch_id: "b1", log_file: "_batches-2025-05.ndjson" }]);
    appendBatch(
      landing,
      batch({ batch_id: "b2", outcome: "failed", code: "HTTP_503", message: "x'\0y".repeat(500) }),
    );
    appendBatch(landing, batch({ batch_id: "b3", finished_at: "2025-06-01T00:00:00Z" }));
    await models(cwd, ["build"]);
    await models(cwd, ["build"]);
    assert.deepEqual(await ids(), [
      { batch_id: "b1", log_file: "_batches-2025-05.ndjson" },
      { batch_id: "b2", log_file: "_batches-2025-05.ndjson" },
      { batch_id: "b3", log_file: "_batches-2025-06.ndjson" },
    ]);
    assert.deepEqual(
      await rowsOf(
        cwd,
        "select published_at::text as p, rows::int as r, bytes::int as b, outcome, code from meta.ingest_batches where batch_id in ('b1', 'b2')",
      ),
      [
        { p: "2025-04-04 21:00:00", r: 10, b: 1000, outcome: "landed", code: null },
        { p: "2025-04-04 21:00:00", r: 10, b: 1000, outcome: "failed", code: "HTTP_503" },
      ],
    );
  });

  test("holds how old sources were", async () => {
    const source = `sources: [{name: shop, schema: main, loaded_at_field: t, freshness: {warn_after: {count: 1, period: day}}, tables: [{name: orders}]}]`;
    const cwd = makeProject({
      "models/orders.sql": "select timestamp '2025-05-01' as t",
      "models/_s.yml": source,
    });
    await models(cwd, ["build"]);
    await models(cwd, ["source", "freshness"], at("3T00:00:00Z"));
    assert.deepEqual(
      await rowsOf(
        cwd,
        "select source_name, table_name, status, age_seconds::int as age from meta.freshness",
      ),
      [{ source_name: "shop", table_name: "orders", status: "warn", age: 172_800 }],
    );
  });

  test("that cannot be written is told and fails no run", async () => {
    const cwd = makeProject({ "models/a.sql": "select 1 as x" });
    await models(cwd, ["run-operation", "spoil"]);
    writeFiles(cwd, {
      "macros/spoil.sql": "{{! macro spoil() }}\ncreate table meta.runs as select 1 as other",
    });
    writeFiles(cwd, {
      "sql_project.yaml": `name: shop\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\non-run-start: ["create schema if not exists meta", "drop table if exists meta.runs", "{{ spoil() }}"]\n`,
    });
    const { code, err } = await models(cwd, ["build"]);
    assert.equal(code, 0);
    assert.match(err, /META_NOT_WRITTEN the history of runs could not be noted/);
  });
});

test("the history of runs is the same in PostgreSQL", async (context) => {
  const server = await databaseForTests();
  if (server.skip !== false) return context.skip(server.skip);
  const cwd = makeProject({
    "sql_project.yaml": `name: shop\ntarget: dev\ntargets: {dev: {type: postgres, url: "${server.url}", schema: shop}}\nhistory: {keep: {count: 400, period: day}}\nalerts: {channels: [{name: h, type: webhook, url: "http://127.0.0.1:9"}]}\n`,
    "models/a.sql": `${table}select 1 as x`,
  });
  appendBatch(join(cwd, "data/landing"), batch());
  for (let i = 0; i < 2; i++) {
    const { code, out, err } = await models(cwd, ["build"]);
    assert.equal(code, 0, out + err);
    assert.doesNotMatch(err, /META_NOT_WRITTEN/);
  }
  const sql = connect(server.url);
  const [runs] = await sql`select count(*)::int as n, bool_and(status = 'success') as ok from meta.runs`;
  const [results] = await sql`select count(*)::int as n, max(rows)::int as rows from meta.run_results`;
  const batches = await sql`select batch_id, published_at::text as p from meta.ingest_batches`;
  await sql.end();
  assert.deepEqual({ ...runs }, { n: 2, ok: true });
  assert.deepEqual({ ...results }, { n: 2, rows: 1 });
  assert.deepEqual(
    [...batches].map((row) => ({ ...row })),
    [{ batch_id: "b1", p: "2025-04-04 21:00:00" }],
  );
});
