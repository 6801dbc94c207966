import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { publishWarehouse } from "../../../../runner/adapters/publish.ts";
import { tempFolder } from "../../../support/temp.ts";

test("a log that closing left beside the warehouse is brought into it and published; what cannot be is told", async () => {
  const folder = tempFolder();
  const [path, publish] = [join(folder, "w.duckdb"), join(folder, "published.duckdb")];
  const target = {
    type: "duckdb",
    name: "dev",
    path,
    publish,
    schema: "main",
    threads: 1,
    settings: {},
  } as const;
  const writer = await DuckDBInstance.create(path);
  const connection = await writer.connect();
  await connection.run("pragma disable_checkpoint_on_shutdown; create table x as select 1 as n");
  connection.closeSync();
  writer.closeSync();
  assert.ok(existsSync(`${path}.wal`));
  assert.equal(await publishWarehouse(target), "published");
  assert.ok(!existsSync(`${path}.wal`));
  const reader = await DuckDBInstance.create(publish, { access_mode: "READ_ONLY" });
  const asking = await reader.connect();
  assert.deepEqual((await asking.runAndReadAll("from x")).getRows(), [[1]]);
  asking.closeSync();
  reader.closeSync();
  writeFileSync(path, "no database ".repeat(1000));
  writeFileSync(`${path}.wal`, "");
  await assert.rejects(publishWarehouse(target), { code: "DISK", message: /^cannot publish .*w\.duckdb/ });
});
