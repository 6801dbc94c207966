import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync, copyFileSync } from "node:fs";
import { statSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { settledStamp, stampOf } from "../../../../runner/adapters/duckdb/file-stamp.ts";
import { openAdapter } from "../../../../runner/adapters/open.ts";
import { buildNodes } from "../../../../runner/api/build-nodes.ts";
import { explainChanges } from "../../../../runner/api/explain-changes.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import { withSession } from "../../../../runner/api/with-session.ts";
import { realEffects } from "../../../../runner/base/effects.ts";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { besideRelation } from "../../../../runner/plan/swap.ts";
import { appendBatch } from "../../../../runner/project/batch-log.ts";
import { createRandom } from "../../../../scripts/sample/random.ts";
import { makeProject, models, rowsOf, statuses } from "../../../support/models.ts";
import { tempFolder } from "../../../support/temp.ts";

const table = "{{ config(materialized='table') }} ";
const files = {
  "sql_project.yaml":
    "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, threads: 2}\n  prod: {type: duckdb, path: data/p.duckdb, threads: 2}\n  other: {type: duckdb, path: data/w.duckdb, schema: other, threads: 2}\n",
  "seeds/codes.csv": "id,name\n1,a\n",
  "models/a.sql": `${table}select 1 as id`,
  "models/b.sql": `${table}select id from {{ ref('a') }}`,
  "models/c.sql": "select id from {{ ref('codes') }}",
  "models/s.yml": "models: [{name: b, columns: [{name: id, data_tests: [not_null]}]}]",
};
const everything = "a b c codes not_null_b_id";
const warehouse = (cwd: string): string => join(cwd, "data", "w.duckdb");
const noteIn = (cwd: string): string => {
  const folder = join(cwd, "target", "parsed");
  const [name, ...others] = readdirSync(folder).filter((each) => each.startsWith("warehouse-"));
  assert.ok(name !== undefined && others.length === 0);
  return join(folder, name);
};

async function build(cwd: string, ...words: string[]): Promise<string> {
  const ran = await models(cwd, ["build", "--changed", "--lock-timeout", "0", ...words]);
  assert.equal(ran.code, 0, ran.out + ran.err);
  return Object.entries(statuses(cwd))
    .flatMap(([name, status]) => (status === "no-op" ? [] : [name]))
    .toSorted()
    .join(" ");
}

async function change(cwd: string, sql: string): Promise<void> {
  const { project } = await openProject({ projectDir: cwd }, realEffects());
  await withSession(project.target, undefined, (session) => session.run(sql));
}

/** Another process that has the warehouse open, after these statements; it commits and ends when it is told something. */
async function holder(path: string, ...statements: string[]): Promise<ChildProcess> {
  const script = `import { DuckDBInstance } from ${JSON.stringify(import.meta.resolve("@duckdb/node-api"))};
    const instance = await DuckDBInstance.create(${JSON.stringify(path)});
    const connection = await instance.connect();
    for (const sql of ${JSON.stringify(statements)}) await connection.run(sql);
    console.log("ready");
    process.stdin.once("data", async () => {
      await connection.run("commit");
      connection.closeSync();
      instance.closeSync();
      process.exit();
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("a warehouse that is known without being opened", () => {
  test("is not opened where nothing has changed, and nothing that is not committed counts", async () => {
    const cwd = makeProject(files);
    assert.equal(await build(cwd), everything);
    const child = await holder(warehouse(cwd), "begin", "drop table main.b");
    try {
      assert.equal(await build(cwd), "");
      assert.equal(await build(cwd, "-s", "+b"), "");
      const opening = await models(cwd, ["build", "--changed", "--no-partial-parse", "--lock-timeout", "0"]);
      assert.match(opening.err, /is in use/, "who asks for nothing that is kept opens it");
      writeFileSync(join(cwd, "models/c.sql"), "select id + 0 as id from {{ ref('codes') }}");
      const changed = await models(cwd, ["build", "--changed", "--lock-timeout", "0"]);
      assert.match(changed.err, /is in use/, "something is to be built");
    } finally {
      await kill(child);
    }
    assert.equal(await build(cwd), "c");
  });

  test("is opened where another process has committed something, killed or not", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    const forgotten = "update meta.statloom_builds set sql_hash = null where node_id = 'model.shop.b'";
    const child = await holder(warehouse(cwd), forgotten);
    try {
      const { code, err } = await models(cwd, ["build", "--changed", "--lock-timeout", "0"]);
      assert.equal(code, 1, err);
      assert.match(err, /is in use/);
    } finally {
      await kill(child);
    }
    assert.equal(await build(cwd), "b not_null_b_id");
    assert.equal(await build(cwd), "");
  });

  test("is looked at again where it has changed before it could be opened", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    const child = await holder(warehouse(cwd), "begin", "drop table main.b");
    writeFileSync(join(cwd, "models/c.sql"), "select id + 0 as id from {{ ref('codes') }}");
    const open = await openProject({ projectDir: cwd }, realEffects());
    const { results } = await buildNodes(open, {
      command: "build",
      select: [],
      exclude: [],
      changed: true,
      lockTimeout: 60,
      onEvent: (event) => {
        if (event.kind === "warning" && event.code === "WAREHOUSE_LOCKED") child.stdin?.write("commit");
      },
    });
    const built = results.flatMap(({ uniqueId, status }) => (status === "reused" ? [] : [uniqueId]));
    assert.deepEqual(built.toSorted().slice(0, 2), ["model.shop.b", "model.shop.c"]);
  });

  test("is another when an older copy takes its place, with the same name, size and times", async () => {
    const cwd = makeProject(files);
    const path = warehouse(cwd);
    await build(cwd);
    const old = readFileSync(path);
    writeFileSync(join(cwd, "models/b.sql"), `${table}select id + 1 as id from {{ ref('a') }}`);
    assert.equal(await build(cwd), "b not_null_b_id");
    utimesSync(path, 1e9, 1e9);
    assert.equal(await build(cwd), "", "this is noted");
    const { size } = statSync(path);
    assert.ok(old.length <= size);
    writeFileSync(path, Buffer.concat([old], size));
    utimesSync(path, 1e9, 1e9);
    assert.equal(await build(cwd), "b not_null_b_id");
    rmSync(path);
    assert.equal(await build(cwd), everything);
  });

  test("is one for each file and schema", async () => {
    const cwd = makeProject(files);
    const prod = ["--target", "prod"];
    const other = ["--target", "other"];
    assert.equal(await build(cwd), everything);
    assert.equal(await build(cwd, ...prod), everything);
    assert.equal(await build(cwd, ...other), everything);
    assert.equal(await build(cwd), "");
    assert.equal(await build(cwd, ...prod), "");
    await change(cwd, "drop table other.b");
    assert.equal(await build(cwd), "");
    assert.equal(await build(cwd, ...prod), "");
    assert.equal(await build(cwd, ...other), "b not_null_b_id");
  });

  test("is opened where what is noted of it was cut off, altered, or written by another version", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    const note = readFileSync(noteIn(cwd), "utf8");
    await change(cwd, "drop table main.b");
    writeFileSync(noteIn(cwd), note.slice(0, -5));
    assert.equal(await build(cwd), "b not_null_b_id");
    writeFileSync(noteIn(cwd), note.replace('"form":1', '"form":0'));
    assert.equal(await build(cwd), "");
  });

  test("is opened for what ingestion did, for hooks, and for what a killed run left", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    const nothing = {
      vintage: null,
      source: null,
      published_at: null,
      bytes: null,
      code: null,
      message: null,
    };
    appendBatch(join(cwd, "data", "landing"), {
      ...nothing,
      batch_id: null,
      publisher: "p",
      dataset: "d",
      outcome: "unchanged",
      finished_at: "2025-05-01T00:00:00Z",
      seconds: 1,
      retries: 0,
      rows: null,
      rejected: null,
    });
    assert.equal(await build(cwd), "");
    assert.deepEqual(await rowsOf(cwd, "select dataset from meta.ingest_batches"), [{ dataset: "d" }]);
    const left = besideRelation({ database: null, schema: "main", identifier: "b" }, duckdb);
    await change(cwd, `create table ${duckdb.quoteRelation(left)} as select 1 as id`);
    assert.equal(await build(cwd), "");
    const hooked = "select table_name from duckdb_tables() where table_name = 'hooked'";
    const gone = `select count(*)::int as n from duckdb_tables() where table_name = ${duckdb.literal(left.identifier)}`;
    assert.deepEqual(await rowsOf(cwd, gone), [{ n: 0 }]);
    writeFileSync(
      join(cwd, "sql_project.yaml"),
      `${files["sql_project.yaml"]}on-run-end: create or replace table main.hooked as select 7 as n\n`,
    );
    assert.equal(await build(cwd), "");
    assert.deepEqual(await rowsOf(cwd, hooked), [], "nothing is built, nothing stands at its end");
    writeFileSync(join(cwd, "models/b.sql"), `${table}select 2 as id`);
    await build(cwd);
    assert.deepEqual(await rowsOf(cwd, hooked), [{ table_name: "hooked" }]);
  });

  test("is published where its copy is gone, and not again where it is there", async () => {
    const cwd = makeProject({
      ...files,
      "sql_project.yaml":
        "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, publish: data/published.duckdb, threads: 2}\n",
    });
    const copy = join(cwd, "data", "published.duckdb");
    assert.equal(await build(cwd), everything);
    const { ino } = statSync(copy);
    assert.equal(await build(cwd), "");
    assert.equal(statSync(copy).ino, ino);
    rmSync(copy);
    assert.equal(await build(cwd), "");
    assert.ok(existsSync(copy));
    writeFileSync(join(cwd, "models/b.sql"), `${table}select 'x'::int as id`);
    assert.equal((await models(cwd, ["build", "--changed", "-s", "b"])).code, 1);
    const { code, err } = await models(cwd, ["build", "--changed", "-s", "a"]);
    assert.equal(code, 0, err);
    assert.match(
      err,
      /stays as it was: 2 nodes did not succeed in this run or one before it \(b, not_null_b_id\)/,
    );
  });

  test("is not taken for the one in memory in which unit tests alone run", async () => {
    const cwd = makeProject({
      ...files,
      "models/u.yml":
        "unit_tests: [{name: u, model: b, given: [{input: ref('a'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}]",
    });
    await build(cwd);
    await models(cwd, ["test", "-s", "test_type:unit"]);
    assert.equal(await build(cwd), "");
    await models(cwd, ["build", "--changed", "-s", "test_type:unit"]);
    assert.equal(await build(cwd), "");
  });

  test("decides as a warehouse that is opened does, whatever happens to it", async () => {
    const cwd = makeProject(files);
    const random = createRandom(20);
    const body = (n: number): string => `${table}select id + ${n} - ${n} as id from {{ ref('a') }}`;
    const path = warehouse(cwd);
    const happenings: (() => unknown)[] = [
      () => undefined,
      () => writeFileSync(join(cwd, "models/b.sql"), body(Math.floor(random() * 3))),
      () => change(cwd, "drop table if exists main.b"),
      () => change(cwd, "drop view if exists main.c"),
      () => change(cwd, "delete from meta.statloom_builds where node_id like '%a'"),
      () => models(cwd, ["run", "-q", "-s", "a"]),
      () => models(cwd, ["build", "-q", "--target", "other"]),
      () => copyFileSync(path, `${path}.old`),
      () => copyFileSync(`${path}.old`, path),
      () => utimesSync(path, 1e9, 1e9),
    ];
    await build(cwd);
    copyFileSync(path, `${path}.old`);
    for (let step = 0; step < 8; step++) {
      await happenings[Math.floor(random() * happenings.length)]!();
      const open = await openProject({ projectDir: cwd }, realEffects());
      const all = await explainChanges(open, { select: [], exclude: [] }, () => undefined);
      const due = all.filter(({ reasons }) => reasons.length > 0).map(({ node }) => node.name);
      assert.equal(await build(cwd), due.toSorted().join(" "), `step ${step}`);
    }
  });
});

test("a stamp is of one state of a file: what is written right after it was told has another", async () => {
  const path = join(tempFolder(), "w.duckdb");
  const target = { name: "t", type: "duckdb", path, schema: "main", threads: 1, settings: {} } as const;
  const adapter = await openAdapter(target);
  const session = await adapter.session();
  await session.run("create table t as select 0 as n");
  assert.equal(stampOf(path), null, "a log is beside it");
  for (let n = 0; n < 5; n++) {
    await session.run(`update t set n = ${n + 1}`);
    const stamp = await settledStamp(session, path);
    assert.notEqual(stamp, null);
    // As quick as nobody else could be: in its place, and of the same size.
    const handle = openSync(path, "r+");
    writeSync(handle, readFileSync(path).subarray(0, 1), 0, 1, 0);
    assert.notEqual(stampOf(path), stamp);
    closeSync(handle);
  }
  await adapter.close();
});
