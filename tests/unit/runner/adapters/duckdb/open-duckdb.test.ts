import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { openAdapter } from "../../../../../runner/adapters/open.ts";
import type { DuckDbTarget } from "../../../../../runner/project/types.ts";

const folder = mkdtempSync(join(tmpdir(), "statloom-duckdb-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const target = (path: string, settings: DuckDbTarget["settings"] = {}): DuckDbTarget => ({
  type: "duckdb",
  name: "dev",
  path: path === ":memory:" ? path : join(folder, path),
  schema: "main",
  threads: 4,
  settings,
});

test("a file is opened again while it is being closed", async () => {
  const file = target("again.duckdb");
  const visit = async (name: string): Promise<void> => {
    for (let times = 0; times < 15; times++) {
      const db = await openAdapter(file);
      await (await db.session()).run(`create or replace table ${name} as select 1 as a`);
      await db.close();
      await wait(Math.random() * 5);
    }
  };
  await Promise.all(["a", "b", "c", "d"].map(visit));
});

test("the file and its folders are made, and what was written is there the next time", async () => {
  const file = target("new/folder/w.duckdb");
  const first = await openAdapter(file);
  await (await first.session()).run("create table t as select 1 as a");
  await first.close();
  await first.close();
  assert.ok(existsSync(file.path));
  await using again = await openAdapter(file);
  assert.deepEqual((await (await again.session()).query("select a from t")).rows, [[1]]);
});

test("a warehouse opened twice in one process is one warehouse", async () => {
  await using one = await openAdapter(target("twice.duckdb"));
  await using two = await openAdapter(target("twice.duckdb"));
  await (await one.session()).run("create table t as select 1 as a");
  assert.deepEqual((await (await two.session()).query("select a from t")).rows, [[1]]);
});

test("a warehouse that another process holds is locked, and the message says by whom", async () => {
  const { path } = target("locked.duckdb");
  const holder = spawn(process.execPath, [
    "-e",
    `require("@duckdb/node-api").DuckDBInstance.create(process.argv[1]).then((db) => {
       globalThis.db = db; console.log("open"); setInterval(() => {}, 1000); });`,
    path,
  ]);
  try {
    await once(holder.stdout, "data");
    await assert.rejects(openAdapter(target("locked.duckdb")), (error: Error & { kind: string }) => {
      assert.equal(error.kind, "locked");
      assert.ok(error.message.includes(path) && error.message.includes(String(holder.pid)), error.message);
      return true;
    });
  } finally {
    holder.kill("SIGKILL");
    await once(holder, "exit");
  }
  await using db = await openAdapter(target("locked.duckdb"));
  assert.match(await db.version(), /^DuckDB v\d/);
});

test("what is no warehouse is refused by name and left as it was", async () => {
  writeFileSync(join(folder, "text.duckdb"), "no database ".repeat(1000));
  await assert.rejects(
    openAdapter(target("text.duckdb")),
    /cannot open the warehouse .*text\.duckdb: .*not a valid DuckDB/,
  );
  await assert.rejects(openAdapter(target("text.duckdb/w.duckdb")), /text\.duckdb/);
});

test("settings are set, in every session, and a wrong one is named with what is near", async () => {
  await using db = await openAdapter(
    target(":memory:", { threads: 1, memory_limit: "500MB", preserve_insertion_order: false }),
  );
  await db.session();
  const { rows } = await (
    await db.session()
  ).query("select current_setting('threads'), current_setting('preserve_insertion_order')");
  assert.deepEqual(rows, [["1", false]]);
  await using misspelt = await openAdapter(target(":memory:", { memory_limits: "1GB" }));
  await assert.rejects(misspelt.session(), /the setting "memory_limits" is refused: .*memory_limit/s);
  await using wrong = await openAdapter(target(":memory:", { threads: "many; drop table t" }));
  await assert.rejects(wrong.session(), /the setting "threads" is refused/);
});
