import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalPath } from "../../../../../runner/docs/data/critical-path.ts";
import { dataFiles } from "../../../../../runner/docs/data/data-files.ts";
import { inThreads, oneAfterTheOther } from "../../../../../runner/docs/data/threads.ts";
import type { HomeData } from "../../../../../runner/docs/data/home-types.ts";
import type { RunDetail, RunsData, TestsData } from "../../../../../runner/docs/data/runs-types.ts";
import {
  catalogSchema,
  freshnessSchema,
  manifestSchema,
  runResultsSchema,
} from "../../../../../runner/docs/artifact-schemas.ts";
import { siteArtifacts, siteObserved } from "../../../../support/site-artifacts.ts";

test("what is looked at in one pass stands one after the other", () => {
  const spans = [
    { start: 1, seconds: 0.5 },
    { start: 1, seconds: 0.25 },
    { start: 2, seconds: 1 },
  ];
  assert.deepEqual(
    oneAfterTheOther(spans, () => undefined).map(({ start }) => start),
    [1, 1.5, 2],
  );
  assert.deepEqual(
    oneAfterTheOther([...spans, { start: 2.5, seconds: 1 }], () => "thread").map(({ start }) => start),
    [1, 1.5, 2, 3],
  );
});

test("spans share a row when one begins after the other ended", () => {
  assert.deepEqual(
    inThreads([
      { start: 0, seconds: 2 },
      { start: 0, seconds: 1 },
      { start: 1, seconds: 3 },
      { start: 2, seconds: 1 },
      { start: 2.5, seconds: 1 },
    ]),
    [0, 1, 1, 0, 2],
  );
});

test("the critical path is the longest chain of waiting, not the last to end", () => {
  const spans = [
    { id: "a", start: 0, seconds: 2 },
    { id: "b", start: 0, seconds: 1 },
    { id: "c", start: 2, seconds: 3 },
    { id: "d", start: 6, seconds: 1 },
    { id: "late", start: 9, seconds: 2 },
  ];
  const waits: Record<string, string[]> = { c: ["a", "b"], d: ["c", "gone"] };
  assert.deepEqual(
    criticalPath(spans, (id) => waits[id] ?? []),
    [0, 2, 3],
  );
  assert.deepEqual(
    criticalPath([], () => []),
    [],
  );
  // a circle is walked once
  assert.deepEqual(
    criticalPath(spans.slice(0, 2), (id) => (id === "a" ? ["b"] : ["a"])),
    [0, 1],
  );
});

const files = new Map(
  dataFiles({
    manifest: manifestSchema.parse(siteArtifacts["manifest.json"]),
    catalog: catalogSchema.parse(siteArtifacts["catalog.json"]),
    runResults: runResultsSchema.parse(siteArtifacts["run_results.json"]),
    freshness: freshnessSchema.parse(siteArtifacts["sources.json"]),
    observed: siteObserved,
  }),
);

test("runs, alerts, slowest nodes and tests come from the history", () => {
  const runs = files.get("runs") as RunsData;
  assert.deepEqual(
    runs.alerts.map(({ name, status, since, until, times }) => [
      name,
      status,
      since.slice(8, 10),
      until?.slice(8, 10),
      times,
    ]),
    [
      ["unique_stg_orders_id", "bad", "01", undefined, 2],
      ["fct_sales", "bad", "01", "02", 1],
    ],
  );
  assert.deepEqual(
    runs.slowest.map(({ name, median }) => [name, median]),
    [
      ["fct_sales", 3],
      ["stg_orders", 1],
    ],
  );
  const detail = files.get("run-0") as RunDetail;
  assert.deepEqual(
    detail.spans.map(({ name, start, thread }) => [name, start, thread]),
    [
      ["stg_orders", 0.5, 0],
      ["unique_stg_orders_id", 1.5, 0],
      ["fct_sales", 2, 0],
    ],
  );
  assert.deepEqual(
    detail.critical.map((place) => detail.spans[place]!.name),
    ["stg_orders", "unique_stg_orders_id", "fct_sales"],
  );
  const { tests } = files.get("tests") as TestsData;
  const unique = tests.find(({ name }) => name === "unique")!;
  assert.deepEqual(
    [unique.of?.name, unique.failures, unique.past.map(({ status }) => status)],
    ["stg_orders", 3, ["bad", "bad"]],
  );
});

test("the first page says in plain words how the project is", () => {
  const home = files.get("home") as HomeData;
  assert.equal(home.health.status, "bad");
  assert.equal(home.health.sentence, "The published tables are fine, but something behind them is wrong.");
  assert.deepEqual(home.health.points, ["1 check failed", "1 warning", "1 of 2 checks passed"]);
  assert.deepEqual(
    home.failing.map(({ name, status, of }) => [name, status, of?.name]),
    [
      ["unique_stg_orders_id", "bad", "stg_orders"],
      ["raw.orders", "warn", undefined],
    ],
  );
  assert.deepEqual(
    home.marts.map(({ name, rows, at }) => [name, rows, at]),
    [["fct_sales", 1234, "2026-01-02T03:00:02.000Z"]],
  );
});
