import { catalog } from "../../runner/artifacts/catalog.ts";
import { manifest } from "../../runner/artifacts/manifest.ts";
import { runResults } from "../../runner/artifacts/run-results.ts";
import { sources } from "../../runner/artifacts/sources.ts";
import type { ArtifactName } from "../../runner/artifacts/write-artifacts.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import type { NodeResult, NodeStatus } from "../../runner/execute/results.ts";
import { makeGraph } from "./make-graph.ts";

export const hostile = `<script>document.title = "taken"</script><img src=x onerror="document.title='taken'">'"&`;

const graph = makeGraph([
  { source: "raw.orders", description: hostile },
  { seed: "codes", tags: ["static"] },
  {
    model: "staging/stg_orders",
    parents: ["raw.orders"],
    description: hostile,
    columns: { ID: { description: "The key" }, gone: { dataType: "date", description: hostile } },
  },
  {
    model: "marts/fct_sales",
    parents: ["stg_orders", "codes"],
    config: { materialized: "table" },
    sql: "select 1 as one -- </script>",
  },
  { test: "unique_stg_orders_id", generic: "unique", column: "id", parents: ["stg_orders"] },
  { test: "stg_orders_related", generic: "relationships", column: "id", parents: ["stg_orders", "codes"] },
  { test: "sales_add_up", parents: ["fct_sales", "stg_orders"] },
  { exposure: "board", parents: ["fct_sales"], label: "The board" },
]);
const head = {
  invocationId: "0b1f0f0e-0000-4000-8000-000000000001",
  startedAt: "2026-01-02T03:04:05.000Z",
  generatedAt: "2026-01-02T03:04:06.000Z",
  env: {},
};
const result = (uniqueId: string, status: NodeStatus, more: Partial<NodeResult> = {}): NodeResult => ({
  uniqueId,
  status,
  message: null,
  failures: null,
  rows: null,
  compiledCode: null,
  relationName: null,
  timing: [],
  threadId: "1",
  executionTime: 0.25,
  adapterResponse: {},
  ...more,
});
const run = { command: "build", args: {}, ...head, elapsedTime: 1.5 };

/** All artifacts of a small project, one hostile text in every place that a user or publisher can write to. */
export const siteArtifacts: Readonly<Record<ArtifactName, JsonObject>> = {
  "manifest.json": manifest(
    graph,
    new Map([["model.shop.fct_sales", { compiledCode: "select 1 as one", ctes: [] }]]),
    {
      ...head,
      adapterType: "duckdb",
      targetPath: "target",
      quoteRelation: ({ schema, identifier }) => `"${schema}"."${identifier}"`,
    },
  ),
  "catalog.json": catalog(
    graph,
    [
      {
        relation: { database: null, schema: "main", identifier: "stg_orders" },
        kind: "view",
        comment: null,
        columns: [
          { name: "late", type: "DATE", index: 2, comment: null },
          { name: "id", type: "INTEGER", index: 1, comment: null },
        ],
      },
    ],
    head,
  ),
  "run_results.json": runResults({
    ...run,
    results: [
      result("model.shop.stg_orders", "success"),
      result("model.shop.fct_sales", "success", { rows: 1234 }),
      result("test.shop.unique_stg_orders_id", "fail", { failures: 3, message: `Got 3 results ${hostile}` }),
      result("test.shop.sales_add_up", "pass", { failures: 0 }),
    ],
  }),
  "sources.json": sources(graph, {
    ...run,
    results: [
      {
        uniqueId: "source.shop.raw.orders",
        status: "warn",
        maxLoadedAt: "2026-01-01T00:00:00.000Z",
        snapshottedAt: head.generatedAt,
        ageSeconds: 97_446,
        message: null,
        threadId: "1",
        executionTime: 0.1,
        timing: [],
      },
    ],
  }),
};
