import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { CatalogRelation } from "../../../../runner/adapters/adapter.ts";
import { catalog } from "../../../../runner/artifacts/catalog.ts";
import { runResults } from "../../../../runner/artifacts/run-results.ts";
import { SqlFolder } from "../../../../runner/artifacts/sql-folder.ts";
import { sources } from "../../../../runner/artifacts/sources.ts";
import { writeArtifact, writeSql } from "../../../../runner/artifacts/write-artifacts.ts";
import { OperationError } from "../../../../runner/base/errors.ts";
import type { FreshnessResult, NodeResult, RunResults } from "../../../../runner/execute/results.ts";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { makeGraph } from "../../../support/make-graph.ts";

const graph = makeGraph([
  { source: "raw.orders" },
  { seed: "codes" },
  { model: "stg_orders", parents: ["raw.orders"] },
  { model: "int_a", parents: ["stg_orders"], config: { materialized: "ephemeral" } },
  { model: "not_built" },
  { test: "unique_stg_orders_id", generic: "unique", column: "id", parents: ["stg_orders"] },
]);
const timing = [
  {
    name: "execute" as const,
    startedAt: "2026-01-02T03:04:05.100Z",
    completedAt: "2026-01-02T03:04:05.200Z",
  },
];
const done: NodeResult = {
  uniqueId: "model.shop.stg_orders",
  status: "success",
  message: "OK",
  failures: null,
  rows: 12,
  compiledCode: "select 1",
  relationName: '"main"."stg_orders"',
  timing,
  threadId: "Thread-1",
  executionTime: 0.1,
  adapterResponse: { code: "CREATE VIEW" },
};
const skipped: NodeResult = {
  ...done,
  uniqueId: "test.shop.unique_stg_orders_id",
  status: "skipped",
  rows: null,
  compiledCode: null,
  relationName: null,
  timing: [],
  executionTime: 0,
  adapterResponse: {},
};
const run: RunResults = {
  command: "build",
  args: { select: ["stg_orders"] },
  invocationId: "0b1f0f0e-0000-4000-8000-000000000001",
  startedAt: "2026-01-02T03:04:05.000Z",
  generatedAt: "2026-01-02T03:04:06.000Z",
  elapsedTime: 1,
  results: [
    done,
    { ...skipped, status: "fail", failures: 3, message: "Got 3 results" },
    skipped,
    { ...done, uniqueId: "seed.shop.codes", compiledCode: null },
  ],
};
const plain = (value: unknown): Record<string, never> =>
  JSON.parse(JSON.stringify(value)) as Record<string, never>;

test("run results are valid", { skip: withoutSchemas }, () => assertValid("run-results-v6", runResults(run)));

test("run results carry rows, SQL and the command", () => {
  const { results, args, metadata } = plain(runResults(run, { stage: "ci" })) as unknown as {
    results: Record<string, unknown>[];
    args: unknown;
    metadata: { env: unknown };
  };
  assert.deepEqual(args, { select: ["stg_orders"], which: "build" });
  assert.deepEqual(metadata.env, { stage: "ci" });
  assert.deepEqual(results[0]!["adapter_response"], { code: "CREATE VIEW", rows_affected: 12 });
  assert.deepEqual(
    results.map((result) => result["compiled"]),
    [true, false, false, null],
  );
  assert.deepEqual(
    results.map((result) => result["status"]),
    ["success", "fail", "skipped", "success"],
  );
  assert.deepEqual(results[0]!["timing"], [
    { name: "execute", started_at: "2026-01-02T03:04:05.100Z", completed_at: "2026-01-02T03:04:05.200Z" },
  ]);
});

const fresh: FreshnessResult = {
  uniqueId: "source.shop.raw.orders",
  status: "warn",
  maxLoadedAt: "2026-01-01T00:00:00.000Z",
  snapshottedAt: "2026-01-02T03:04:05.000Z",
  ageSeconds: 97_445,
  message: null,
  threadId: "Thread-1",
  executionTime: 0.01,
  timing,
};
const freshness = {
  ...run,
  results: [
    fresh,
    { ...fresh, status: "runtime error" as const, maxLoadedAt: null, ageSeconds: null, message: "no rows" },
  ],
};

test("freshness is valid, measured and failed", { skip: withoutSchemas }, () =>
  assertValid("sources-v3", sources(graph, freshness)),
);

test("freshness has an age, or an error", () => {
  const { results } = plain(sources(graph, freshness)) as unknown as { results: Record<string, unknown>[] };
  assert.equal(results[0]!["max_loaded_at_time_ago_in_s"], 97_445);
  assert.deepEqual(results[1], {
    unique_id: "source.shop.raw.orders",
    error: "no rows",
    status: "runtime error",
  });
});

const column = { name: "id", type: "INTEGER", index: 1, comment: "The key" };
const relations: CatalogRelation[] = [
  {
    relation: { database: "warehouse", schema: "MAIN", identifier: "stg_orders" },
    kind: "view",
    comment: null,
    columns: [column],
  },
  {
    relation: { database: "warehouse", schema: "main", identifier: "codes" },
    kind: "table",
    comment: "Codes",
    columns: [],
  },
  {
    relation: { database: "warehouse", schema: "main", identifier: "int_a" },
    kind: "table",
    comment: null,
    columns: [],
  },
  {
    relation: { database: "warehouse", schema: "main", identifier: "stranger" },
    kind: "table",
    comment: null,
    columns: [],
  },
  {
    relation: { database: "warehouse", schema: "raw", identifier: "orders" },
    kind: "table",
    comment: null,
    columns: [column],
  },
];
const listed = catalog(graph, relations, { ...run, env: {} });

test("the catalog is valid", { skip: withoutSchemas }, () => assertValid("catalog-v1", listed));

test("the catalog holds what the project and the warehouse both know", () => {
  const { nodes, sources: tables } = plain(listed) as unknown as Record<
    string,
    Record<string, Record<string, unknown>>
  >;
  assert.deepEqual(Object.keys(nodes!), ["model.shop.stg_orders", "seed.shop.codes"]);
  assert.deepEqual(Object.keys(tables!), ["source.shop.raw.orders"]);
  assert.deepEqual(nodes!["model.shop.stg_orders"]!["columns"], { id: column });
  assert.equal((nodes!["seed.shop.codes"]!["metadata"] as { type: string }).type, "BASE TABLE");
});

test("artifacts and SQL are written below the target folder, with nothing left beside", (t) => {
  const target = mkdtempSync(join(tmpdir(), "statloom-target-"));
  t.after(() => rmSync(target, { recursive: true }));
  writeArtifact(target, "run_results.json", runResults(run));
  writeArtifact(target, "run_results.json", runResults(run));
  writeSql(
    target,
    "compiled",
    graph,
    new Map([
      ["model.shop.stg_orders", "select 1"],
      ["test.shop.unique_stg_orders_id", "select 2"],
      ["model.shop.gone", "select 3"],
    ]),
  );
  writeSql(target, "run", graph, new Map([["model.shop.stg_orders", "create view"]]));
  assert.deepEqual(readdirSync(target).toSorted(), ["compiled", "run", "run_results.json"]);
  assert.deepEqual(readdirSync(join(target, "compiled/shop/models")).toSorted(), [
    "schema.yml",
    "stg_orders.sql",
  ]);
  assert.equal(
    readFileSync(join(target, "compiled/shop/models/schema.yml/unique_stg_orders_id.sql"), "utf8"),
    "select 2",
  );
  assert.equal(readFileSync(join(target, "run/shop/models/stg_orders.sql"), "utf8"), "create view");
  assert.equal(plain(JSON.parse(readFileSync(join(target, "run_results.json"), "utf8")))["elapsed_time"], 1);
});

test("SQL that is there is not written again, unless somebody touched it or its list", (t) => {
  const target = mkdtempSync(join(tmpdir(), "statloom-target-"));
  t.after(() => rmSync(target, { recursive: true }));
  const file = join(target, "compiled/shop/models/stg_orders.sql");
  const list = join(target, "compiled/.written.json");
  const written = (sql: string): string => {
    writeSql(target, "compiled", graph, new Map([["model.shop.stg_orders", sql]]));
    return readFileSync(file, "utf8");
  };
  assert.equal(written("select 1"), "select 1");
  const before = statSync(file).ino;
  assert.equal(written("select 1"), "select 1");
  assert.equal(statSync(file).ino, before);
  assert.equal(written("select 2"), "select 2");
  const later = new Date(Date.now() + 5000);
  writeFileSync(file, "by hand");
  utimesSync(file, later, later);
  assert.equal(written("select 2"), "select 2");
  rmSync(file);
  assert.equal(written("select 2"), "select 2");
  // What a power cut leaves of a file whose bytes had not come to the disk.
  const listed = statSync(list).mtime;
  writeFileSync(file, "");
  utimesSync(file, listed, listed);
  assert.equal(written("select 2"), "select 2");
  const broken = ["{", "[]", "null", '{"shop/models/stg_orders.sql": 5}', '{"files": ["x"], "hashes": []}'];
  for (const text of broken) {
    writeFileSync(list, text);
    writeFileSync(file, "not it");
    assert.equal(written("select 2"), "select 2", text);
  }
});

test("a file that was touched is written again, though the list is younger by then", (t) => {
  const target = mkdtempSync(join(tmpdir(), "statloom-target-"));
  t.after(() => rmSync(target, { recursive: true }));
  const put = (files: Readonly<Record<string, string>>): void => {
    const folder = new SqlFolder(target);
    for (const [name, text] of Object.entries(files)) folder.put(name, text);
    folder.save();
  };
  const back = (name: string, seconds: number): void => {
    const time = new Date(Date.now() - seconds * 1000);
    utimesSync(join(target, name), time, time);
  };
  put({ "a/x.sql": "select 1", "y.sql": "select 2" });
  for (const name of ["a/x.sql", "y.sql", ".written.json"]) back(name, 60);
  writeFileSync(join(target, "a/x.sql"), "SELECT 1");
  back("a/x.sql", 40);
  put({ "y.sql": "select 3" });
  back("y.sql", 30);
  back(".written.json", 20);
  put({ "y.sql": "select 4" });
  put({ "a/x.sql": "select 1", "y.sql": "select 4" });
  assert.equal(readFileSync(join(target, "a/x.sql"), "utf8"), "select 1");
  assert.equal(readFileSync(join(target, "y.sql"), "utf8"), "select 4");
});

test("SQL never leaves the target folder", (t) => {
  const target = mkdtempSync(join(tmpdir(), "statloom-target-"));
  t.after(() => rmSync(target, { recursive: true }));
  const node = { ...graph.nodes.get("model.shop.stg_orders")!, originalFilePath: "../../../../escaped.sql" };
  const hostile = { ...graph, nodes: new Map([[node.uniqueId, node]]) };
  assert.throws(
    () => writeSql(target, "run", hostile, new Map([[node.uniqueId, "select 1"]])),
    OperationError,
  );
  assert.equal(existsSync(join(target, "../escaped.sql")), false);
});

test("a file in the way of a folder is told in words", (t) => {
  const target = mkdtempSync(join(tmpdir(), "statloom-target-"));
  t.after(() => rmSync(target, { recursive: true }));
  writeArtifact(target, "manifest.json", {});
  assert.throws(
    () => writeArtifact(join(target, "manifest.json"), "catalog.json", {}),
    /cannot write .*catalog\.json/,
  );
});
