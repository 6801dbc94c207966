import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Adapter, Session } from "../../../../runner/adapters/adapter.ts";
import { openAdapter } from "../../../../runner/adapters/open.ts";
import { agedSource, checkFreshness, hasFreshness, instantOf } from "../../../../runner/checks/freshness.ts";
import type { FreshnessVerdict } from "../../../../runner/checks/freshness.ts";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import type { SourceNode } from "../../../../runner/graph/types.ts";
import { createSourceFinder } from "../../../../runner/plan/source-relations.ts";
import { linkProject } from "../../../support/link-project.ts";
import { memoryTarget } from "../../../support/memory-target.ts";

const NOW = new Date("2025-06-30T12:00:00Z");
let adapter: Adapter;
let session: Session;

before(async () => {
  adapter = await openAdapter(memoryTarget);
  session = await adapter.session();
});
after(() => adapter.close());

/** A source of a table `raw.orders`; `yml` is what stands beside its name. */
async function sourceOf(yml: string): Promise<SourceNode> {
  const linked = await linkProject({
    "models/s.yml": `sources: [{name: raw, tables: [{name: orders, ${yml}}]}]\n`,
  });
  return linked.graph.sources.get("source.shop.raw.orders")!;
}

async function check(yml: string, rows: string): Promise<FreshnessVerdict> {
  await session.run("create schema if not exists raw");
  await session.run(`create or replace table raw.orders as ${rows}`);
  return checkFreshness(
    agedSource(await sourceOf(yml), createSourceFinder("/nowhere", duckdb), null),
    session,
    NOW,
  );
}

const limits = "freshness: {warn_after: {count: 1, period: day}, error_after: {count: 2, period: day}}";

describe("the age of a table", () => {
  test("is that of its newest row, against both limits", async () => {
    const at = (time: string): Promise<FreshnessVerdict> =>
      check(
        `loaded_at_field: loaded, ${limits}`,
        `select * from (values (timestamp '${time}'), (timestamp '2001-01-01'), (null)) t(loaded)`,
      );
    assert.deepEqual(await at("2025-06-30 11:00:00"), {
      status: "pass",
      maxLoadedAt: "2025-06-30T11:00:00.000Z",
      snapshottedAt: "2025-06-30T12:00:00.000Z",
      ageSeconds: 3600,
      message: null,
    });
    // A limit is passed when the age is beyond it, not when it is reached.
    assert.equal((await at("2025-06-29 12:00:00")).status, "pass");
    assert.equal((await at("2025-06-29 11:59:59")).status, "warn");
    assert.equal((await at("2025-06-28 12:00:00")).status, "warn");
    assert.equal((await at("2025-06-28 11:59:59")).status, "error");
    assert.equal((await at("2025-07-30 11:59:59")).status, "pass", "loaded in the future");
  });
  test("may come of dates, times with a zone, text and expressions", async () => {
    const age = async (field: string, rows: string): Promise<number | null> =>
      (await check(`loaded_at_field: "${field}", ${limits}`, rows)).ageSeconds;
    assert.equal(await age("d", "select date '2025-06-30' as d"), 12 * 3600);
    assert.equal(await age("t", "select timestamptz '2025-06-30 12:00:00+02' as t"), 2 * 3600);
    assert.equal(await age("s", "select '2025-06-30T11:59:00Z' as s"), 60);
    assert.equal(await age("to_timestamp(n)", "select 1751284799 as n"), 1);
  });
  test("counts only rows that the filter leaves", async () => {
    const rows =
      "select * from (values (timestamp '2025-06-30', 'a'), (timestamp '2025-06-01', 'b')) t(loaded, kind)";
    const filtered =
      "loaded_at_field: loaded, freshness: {error_after: {count: 2, period: day}, filter: \"kind = 'b'\"}";
    assert.equal((await check(filtered, rows)).status, "error");
  });
  test("one limit is enough; minutes and hours are limits too", async () => {
    const rows = "select timestamp '2025-06-30 11:00:00' as loaded";
    const under = (freshness: string): Promise<FreshnessVerdict> =>
      check(`loaded_at_field: loaded, freshness: {${freshness}}`, rows);
    assert.equal((await under("warn_after: {count: 59, period: minute}")).status, "warn");
    assert.equal((await under("warn_after: {count: 1, period: hour}")).status, "pass");
    assert.equal((await under("error_after: {count: 59, period: minute}")).status, "error");
  });
});

describe("what has no age", () => {
  test("an empty source is an error, and says so", async () => {
    const { status, message, maxLoadedAt } = await check(
      `loaded_at_field: loaded, ${limits}`,
      "select null::timestamp as loaded",
    );
    assert.deepEqual([status, message, maxLoadedAt], ["error", "the source is empty", null]);
  });
  test("a value that is no time is told with the column", async () => {
    for (const [rows, shown] of [
      ["select 'yesterday 1' as loaded", '"yesterday 1"'],
      ["select 20250630 as loaded", "20250630"],
      ["select timestamp 'infinity' as loaded", '"infinity"'],
    ] as const) {
      const { status, message } = await check(`loaded_at_field: loaded, ${limits}`, rows);
      assert.deepEqual(
        [status, message],
        ["runtime error", `"loaded" gave ${shown}, which is not a date or a time`],
      );
    }
  });
  test("a column that is not there is the engine's error", async () => {
    await assert.rejects(check(`loaded_at_field: nope, ${limits}`, "select 1 as loaded"), /nope/);
  });
  test("a landed source that never landed warns", async () => {
    const source = { ...(await sourceOf(limits)), landing: true };
    const aged = agedSource(source, createSourceFinder("/nowhere", duckdb), null);
    const verdict = await checkFreshness(aged, session, NOW);
    assert.equal(verdict.status, "warn");
    assert.match(verdict.message ?? "", /nothing has landed/);
  });
});

test("freshness is asked where there are limits and a way to know", async () => {
  assert.equal(hasFreshness(await sourceOf(`loaded_at_field: loaded, ${limits}`)), true);
  assert.equal(hasFreshness(await sourceOf("loaded_at_field: loaded")), false);
  assert.equal(hasFreshness(await sourceOf(limits)), false);
  assert.equal(hasFreshness({ ...(await sourceOf(limits)), landing: true }), true);
});

test("instants are read as engines print them, and nothing else is", () => {
  for (const [text, iso] of [
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2024-02-29 10:11:12.345678", "2024-02-29T10:11:12.345Z"],
    ["2024-02-29 10:11:12+00", "2024-02-29T10:11:12.000Z"],
    ["2024-02-29 10:11:12 +0530", "2024-02-29T04:41:12.000Z"],
    ["2024-02-29T10:11-03:30", "2024-02-29T13:41:00.000Z"],
    [" 2024-02-29T10:11:12Z ", "2024-02-29T10:11:12.000Z"],
  ] as const)
    assert.equal(instantOf(text)?.toISOString(), iso, text);
  for (const text of ["", "2024", "1", "hello 1", "2024-13-01", "20240101", "10:00", "2024-01-01 25:00"])
    assert.equal(instantOf(text), null, text);
});
