import { catalog } from "../../runner/artifacts/catalog.ts";
import { manifest } from "../../runner/artifacts/manifest.ts";
import { runResults } from "../../runner/artifacts/run-results.ts";
import { sources } from "../../runner/artifacts/sources.ts";
import type { ArtifactName } from "../../runner/artifacts/write-artifacts.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import type { Observed, PastResult } from "../../runner/docs/observed.ts";
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

const past = (
  run: string,
  id: string,
  second: number,
  word: PastResult["word"],
  status: PastResult["status"],
  seconds: number,
): PastResult => {
  const at = `${run === "second" ? "2026-01-02" : "2026-01-01"}T03:00:${String(Math.trunc(second)).padStart(2, "0")}.${second % 1 === 0 ? "000" : "500"}Z`;
  const rows = id.startsWith("model.") && status === "good" ? 1234 : null;
  return {
    run,
    id,
    at,
    ended: at,
    word,
    status,
    seconds,
    rows,
    failures: null,
    message: status === "bad" ? hostile : "",
  };
};
const summary = (id: string, at: string, failed: number): Observed["history"]["runs"][number] => ({
  id,
  command: "build",
  at,
  seconds: 8,
  status: failed > 0 ? "bad" : "good",
  nodes: 3,
  ok: 3 - failed,
  warned: 0,
  failed,
  skipped: 0,
});

/** What two runs, a profile and a landing zone would tell of the same project. */
export const siteObserved: Observed = {
  target: "dev",
  nodes: {
    "model.shop.fct_sales": {
      rows: 1234,
      columns: [
        {
          name: "amount",
          type: "DOUBLE",
          facts: {
            nullShare: 0.25,
            distinct: 7,
            min: "1",
            max: "2020",
            median: 4,
            top: [],
            histogram: [1, 5, 0, 2],
          },
        },
        {
          name: "label",
          type: "VARCHAR",
          facts: {
            nullShare: 0,
            distinct: 2,
            min: "a",
            max: "b",
            median: null,
            top: [
              [hostile, 1000],
              ["b", 234],
            ],
            histogram: null,
          },
        },
      ],
      example: {
        columns: ["amount", "label"],
        rows: [
          ["1", hostile],
          [null, "b"],
        ],
      },
    },
  },
  datasets: {
    "source.shop.raw.orders": {
      publisher: hostile,
      code: "orders",
      label: `Orders ${hostile}`,
      unit: "Number",
      pages: [{ label: "Page", text: "Their own page", href: "https://example.org/orders" }],
      notes: [hostile],
      rhythmDays: 182,
      dimensions: [
        {
          name: "geo",
          label: "Country",
          size: 14,
          codes: Array.from({ length: 14 }, (_, i) => [`C${i}`, i === 0 ? hostile : `Country ${i}`]),
        },
      ],
      flags: [["p", "provisional", 12]],
      vintages: [
        {
          vintage: "2026-01-01T000000Z",
          updated: "2026-01-01T00:00:00Z",
          landed: "2026-01-01T01:00:00Z",
          rows: 120,
          rejected: 1,
          source: hostile,
          revised: { added: 20, removed: 1, changed: 5 },
        },
        {
          vintage: "2025-07-01T000000Z",
          updated: null,
          landed: "2025-07-01T01:00:00Z",
          rows: 101,
          rejected: 0,
          source: "file",
          revised: null,
        },
      ],
    },
  },
  catalogues: [
    {
      publisher: "raw",
      loaded: "2026-01-01T00:00:00Z",
      entries: [
        {
          code: "orders",
          title: `Orders ${hostile}`,
          theme: "Trade / Orders",
          updated: "2026-01-01",
          first: "2000",
          last: "2025",
          values: 120,
          landed: "2026-01-01T000000Z",
          isDue: true,
          node: "source.shop.raw.orders",
        },
        {
          code: "stocks",
          title: "Stocks of goods",
          theme: "Trade",
          updated: null,
          first: null,
          last: null,
          values: null,
          landed: null,
          isDue: false,
          node: null,
        },
      ],
    },
  ],
  history: {
    runs: [summary("second", "2026-01-02T03:00:00.000Z", 1), summary("first", "2026-01-01T03:00:00.000Z", 2)],
    results: [
      past("first", "model.shop.stg_orders", 0.5, "success", "good", 1),
      past("first", "test.shop.unique_stg_orders_id", 1.5, "fail", "bad", 0.5),
      past("first", "model.shop.fct_sales", 2, "error", "bad", 2),
      { ...past("first", "seed.shop.codes", 0, "skipped", "skipped", 0), at: "", ended: null, seconds: null },
      past("second", "model.shop.stg_orders", 0.5, "success", "good", 1),
      past("second", "test.shop.unique_stg_orders_id", 1.5, "fail", "bad", 0.5),
      past("second", "model.shop.fct_sales", 2, "success", "good", 4),
    ],
    batches: [
      {
        at: "2026-01-01T01:00:00Z",
        publisher: "raw",
        dataset: "orders",
        outcome: "failed",
        status: "bad",
        rows: null,
        rejected: null,
        seconds: 2,
        message: hostile,
      },
    ],
    freshness: [],
  },
};
