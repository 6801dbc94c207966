import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { openAdapter } from "../../runner/adapters/open.ts";
import { buildModel } from "../../runner/execute/build-node.ts";
import { modelNode } from "../unit/runner/plan/nodes.ts";
import { adapterContract } from "./adapter-contract.ts";
import { MATERIALIZED } from "./cases/materialized.ts";
import { context } from "./cases/builds.ts";

const target = {
  type: "duckdb",
  name: "dev",
  path: ":memory:",
  schema: "main",
  threads: 4,
  settings: {},
} as const;

adapterContract("DuckDB", () => openAdapter(target), {
  "grants are given, and what is no longer granted is taken": "DuckDB knows no users",
  ...Object.fromEntries(
    Object.values(MATERIALIZED).map((title) => [title, "DuckDB has no materialized views"]),
  ),
});

test("DuckDB reads landed Parquet: hostile paths, columns united by name, partitions as text", async () => {
  await using db = await openAdapter(target);
  const session = await db.session();
  const folder = mkdtempSync(join(tmpdir(), "statloom-parquet-"));
  const write = async (name: string, query: string): Promise<string> => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    await session.run(`copy (${query}) to ${db.dialect.literal(path)} (format parquet)`);
    return path;
  };
  try {
    const odd = await write("a=b/it's [x]*?/one.parquet", "select 1 as a, 'x' as b");
    const more = await write("a=b/two.parquet", "select true as c, 2 as a");
    const plain = await session.query(`select * from ${db.dialect.readParquet([odd])} order by a`);
    assert.deepEqual([plain.columns.map(({ name }) => name), plain.rows], [["a", "b"], [[1, "x"]]]);
    const united = await session.query(`select a, b from ${db.dialect.readParquet([odd, odd])}`);
    assert.deepEqual(united.rows, [
      [1, "x"],
      [1, "x"],
    ]);
    const parts = [
      await write("v/geo=01/part-0.parquet", "select 1 as n"),
      await write("v/geo=AT/part-0.parquet", "select 2 as n, 'late' as added"),
    ];
    const found = await session.query(
      `select geo, n, added from ${db.dialect.readParquet(parts)} order by geo`,
    );
    assert.deepEqual(found.rows, [
      ["01", 1, null],
      ["AT", 2, "late"],
    ]);
    assert.ok(more);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("DuckDB builds what is peculiar to it: PIVOT without a list, FROM first, VALUES", async () => {
  await using db = await openAdapter(target);
  const session = await db.session();
  const build = await context(session, db);
  await session.run(
    "create table shop.long as select * from (values (1, 'a', 10), (1, 'b', 20)) t(id, name, value)",
  );
  const pivot = "pivot shop.long on name using sum(value) group by id";
  for (const query of [pivot, "from shop.long select id", "values (1)"]) {
    for (const config of [{}, { materialized: "incremental" }, { full_refresh: true }] as const) {
      await buildModel(modelNode("wide", config), query, { ...build, fullRefresh: true });
    }
    await buildModel(modelNode("wide", { materialized: "incremental" }), query, build);
    assert.equal((await session.query("select * from shop.wide")).rows.length % 2, 0, query);
    await buildModel(modelNode("wide", { materialized: "view" }), "select 1 as a", build);
    await buildModel(modelNode("wide"), query, build);
  }
});
