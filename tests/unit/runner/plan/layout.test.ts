import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { postgres } from "../../../../runner/dialects/postgres.ts";
import { modelConfigSchema } from "../../../../runner/project/config-schemas.ts";
import { modelConfig } from "../../../../runner/graph/complete-config.ts";
import { checkLayout } from "../../../../runner/plan/layout.ts";
import { checkMaterialized } from "../../../../runner/plan/materialized/check-materialized.ts";
import { modelNode } from "./nodes.ts";

const codes = (problems: readonly { code: string; message: string }[]): string[] =>
  problems.map(({ code, message }) => `${code} ${message}`);

test("ways to keep a table are refused of what is none, and a unique index that lacks the field", () => {
  const partitioning = modelConfig({ partition_by: { type: "list", field: "geo" } }).partitioning!;
  const indexes = [{ columns: ["id"], unique: true, type: null }];
  assert.deepEqual(
    codes(checkLayout(modelNode("a", { materialized: "view", unlogged: true, partitioning }), duckdb)),
    [
      'CONFIG_UNUSED unlogged has no meaning with materialized "view"',
      'CONFIG_UNUSED partition_by with type "list" has no meaning with materialized "view"',
    ],
  );
  assert.deepEqual(codes(checkLayout(modelNode("a", { partitioning, indexes }), postgres)), [
    'CONFIG_CONFLICT the unique index on "id" lacks "geo", by which the table is divided',
  ]);
  assert.deepEqual(checkLayout(modelNode("a", { partitioning, indexes, unlogged: true }), duckdb), []);
});

test("a materialized view is refused where the engine has none, with a way to say both", () => {
  const node = modelNode("a", { materialized: "materialized_view" });
  assert.deepEqual(codes(checkMaterialized(node, duckdb)), [
    "MATERIALIZED_UNSUPPORTED duckdb has no materialized views",
  ]);
  assert.deepEqual(checkMaterialized(node, postgres), []);
});

test("partition_by says columns, or how the engine divides the table, and nothing half", () => {
  const accepts = (partition_by: unknown): boolean => modelConfigSchema.safeParse({ partition_by }).success;
  for (const good of [
    "geo",
    ["geo", "year(day)"],
    { type: "list", field: "geo" },
    { type: "range", field: "day", granularity: "month" },
    { type: "range", field: "n", interval: 10, default_partition: false },
  ])
    assert.ok(accepts(good), JSON.stringify(good));
  for (const bad of [
    { type: "range", field: "day" },
    { type: "range", field: "day", granularity: "month", interval: 3 },
    { type: "list", field: "geo", interval: 3 },
    { type: "hash", field: "geo" },
    { field: "day" },
  ])
    assert.ok(!accepts(bad), JSON.stringify(bad));
});
