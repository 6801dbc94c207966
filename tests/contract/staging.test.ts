import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { listLanded, observationFiles, readVintages } from "../../runner/project/landing.ts";
import { connect, postgresForTests } from "../support/postgres.ts";
import { writeFiles } from "../support/temp.ts";
import { ingest, toy } from "../unit/ingest/cli/recorded.ts";
import { query } from "../unit/ingest/landing/edition.ts";

const server = await postgresForTests();
const sample = join(import.meta.dirname, "../../ingest/sample");

describe("ingest into PostgreSQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);
  const schema = `contract_${process.pid}`;
  let project: string;
  beforeEach(() => {
    project = writeFiles(mkdtempSync(join(tmpdir(), "statloom-staging-")), {
      "sql_project.yaml": [
        "name: demo",
        "target: dev",
        "targets: {dev: {type: duckdb, path: data/w.duckdb}}",
        "ingest:",
        `  staging: {url: "\${STAGING_URL:-}", schema: ${schema}}`,
      ].join("\n"),
      "toy.json": toy(),
    });
  });
  afterEach(async () => {
    rmSync(project, { recursive: true, force: true });
    await sql.unsafe(`drop schema if exists "${schema}" cascade`);
  });

  const run = (words: readonly string[], url = server.url, now?: string) =>
    ingest(words, { cwd: project, env: { STAGING_URL: url }, ...(now !== undefined && { now }) });
  const parsed = (out: string) => JSON.parse(out) as Record<string, unknown>[];
  const tables = () => sql`select table_name from information_schema.tables where table_schema = ${schema}`;

  test("brings every dataset to the very rows of its newest vintage, edition after edition", async () => {
    const documents = readdirSync(sample).sort();
    for (const document of documents) {
      const { code, err } = await run(["file", join(sample, document)]);
      assert.equal(code, 0, err);
    }
    const landing = join(project, "data/landing");
    const landed = listLanded(landing);
    assert.ok(landed.length > 1 && landed.length < documents.length, "no dataset has two editions");
    for (const { publisher, dataset } of landed) {
      const vintage = readVintages(landing, publisher, dataset).at(-1)!;
      const files = observationFiles(landing, publisher, dataset, vintage).map((path) => `'${path}'`);
      const parquet = await query(
        `select * exclude (_vintage, _extracted_at, _source, _batch_id) replace (period_start::text as period_start, period_end::text as period_end) from read_parquet([${files.join()}])`,
      );
      const staged = await sql.unsafe(
        `select t.*, period_start::text, period_end::text from "${schema}"."${publisher}__${dataset}" t`,
      );
      const columns = Object.keys(parquet[0]!);
      const texts = (rows: readonly Record<string, unknown>[]): string[] =>
        rows.map((row) => JSON.stringify(columns.map((name) => row[name]))).sort();
      assert.deepEqual(texts(staged), texts(parquet));
    }
    const [revisions] = await sql.unsafe(
      `select count(*) filter (where "_change" = 'revised')::int as n from "${schema}"."eurostat__hlth_silc_13__revisions"`,
    );
    assert.ok(revisions!["n"] > 0, "the second edition of the sample revises nothing");
  });

  test("tells what changed, as text and as JSON, and nothing when there is nothing to do", async () => {
    const first = await run(["file", "toy.json"]);
    assert.match(
      first.out,
      new RegExp(`\nstaged ${schema}.eurostat__toy_1: 4 rows new, 0 revised, 0 deleted, 0 as before in \\d`),
    );
    const again = await run(["file", "toy.json"]);
    assert.doesNotMatch(again.out, /staged/);
    writeFiles(project, {
      "toy.json": toy({ updated: "2025-05-04T23:00:00+0200", values: [1, 2, 3.5, 4] }),
    });
    const next = await run(["file", "toy.json", "--output", "json"]);
    const [facts] = parsed(next.out) as [{ staging: Record<string, unknown> }];
    assert.deepEqual(
      { ...facts.staging, seconds: 0 },
      {
        outcome: "loaded",
        table: `${schema}.eurostat__toy_1`,
        rows: 4,
        inserted: 0,
        updated: 1,
        deleted: 0,
        unchanged: 3,
        seconds: 0,
      },
    );
  });

  test("does nothing where no address is given", async () => {
    const { code, out } = await run(["file", "toy.json", "--output", "json"], "");
    assert.equal(code, 0);
    assert.ok(!("staging" in parsed(out)[0]!));
    assert.deepEqual([...(await tables())], []);
  });

  test("fails when the server is away, keeps the vintage, and catches up with it later", async () => {
    const away = server.url.replace(/\/\/.*$/, "//me:secret@127.0.0.1:1/x");
    const failed = await run(["file", "toy.json"], away);
    assert.equal(failed.code, 1);
    assert.match(
      failed.err,
      /^error STAGING_FAILED toy\.json: cannot connect to PostgreSQL at 127\.0\.0\.1:1: .*\(ECONNREFUSED\)\n {4}is the server up/,
    );
    assert.doesNotMatch(failed.err + failed.out, /secret/);
    assert.equal(readVintages(join(project, "data/landing"), "eurostat", "toy_1").length, 1);
    const later = await run(["file", "toy.json"]);
    assert.equal(later.code, 0);
    assert.match(later.out, /same .*\nstaged .*: 4 rows new/);
  });

  test("never stages an edition that is not the newest", async () => {
    writeFiles(project, { "newer.json": toy({ updated: "2025-05-04T23:00:00+0200", values: [9, 9, 9, 9] }) });
    await run(["file", "newer.json"], "");
    const { code } = await run(["file", "toy.json"]);
    assert.equal(code, 0);
    assert.deepEqual([...(await tables())], []);
  });

  test("refuses an address that is none, without saying it", async () => {
    const { code, err } = await run(["file", "toy.json"], "mysql://me:secret@host/x");
    assert.equal(code, 2);
    assert.match(err, /STAGING_URL .*not the address of a PostgreSQL database/);
    assert.doesNotMatch(err, /secret/);
  });
});
