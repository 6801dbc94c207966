import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInstant } from "../../../../../runner/base/instants.ts";
import {
  batchName,
  batchStart,
  batchesOf,
  dueBatches,
  instantText,
  moveBatches,
  union,
} from "../../../../../runner/plan/microbatch/batches.ts";
import type { BatchAsk, BatchSize, Span } from "../../../../../runner/plan/microbatch/batches.ts";

const at = (text: string): number => parseInstant(text)!;
const span = (start: string, end: string): Span => ({ start: at(start), end: at(end) });
const days = (ask: Partial<BatchAsk>): string[] =>
  dueBatches({
    size: "day",
    begin: at("2024-02-27"),
    lookback: 0,
    now: at("2024-03-02T10:00:00Z"),
    window: null,
    done: [],
    ...ask,
  }).map((batch) => batchName(batch, ask.size ?? "day"));

test("batches are the calendar's, leap days and ends of years too", () => {
  const sizes: readonly (readonly [BatchSize, string, string])[] = [
    ["hour", "2024-02-29 23:00:00+00:00", "2024-03-01 00:00:00+00:00"],
    ["day", "2024-02-29 00:00:00+00:00", "2024-03-01 00:00:00+00:00"],
    ["month", "2024-02-01 00:00:00+00:00", "2024-03-01 00:00:00+00:00"],
    ["year", "2024-01-01 00:00:00+00:00", "2025-01-01 00:00:00+00:00"],
  ];
  for (const [size, start, next] of sizes) {
    const found = batchStart(at("2024-02-29T23:59:59Z"), size);
    assert.equal(instantText(found), start, size);
    assert.equal(instantText(moveBatches(found, size, 1)), next, size);
    assert.equal(moveBatches(moveBatches(found, size, 1), size, -1), found, size);
  }
  assert.equal(instantText(batchStart(at("1969-07-20T20:17:00Z"), "hour")), "1969-07-20 20:00:00+00:00");
});

test("a span takes whole batches, its end excluded", () => {
  const months = batchesOf(span("2023-12-15", "2024-02-01"), "month").map((batch) =>
    batchName(batch, "month"),
  );
  assert.deepEqual(months, ["2023-12", "2024-01"]);
  assert.deepEqual(batchesOf(span("2024-01-01", "2024-01-01"), "day"), []);
});

test("at first everything since begin is due, later the newest batch and the lookback", () => {
  assert.deepEqual(days({}), ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]);
  const done = [span("2024-02-27", "2024-03-02T09:00:00Z")];
  assert.deepEqual(days({ done }), ["2024-03-02"]);
  assert.deepEqual(days({ done, lookback: 2 }), ["2024-02-29", "2024-03-01", "2024-03-02"]);
  assert.deepEqual(days({ done, lookback: 99 }).length, 5, "never before begin");
});

test("gaps are due, and batches that were done before they had ended", () => {
  const done = [span("2024-03-01", "2024-03-01T10:00:00Z"), span("2024-02-28", "2024-03-01")];
  assert.deepEqual(days({ done }), ["2024-02-27", "2024-03-01", "2024-03-02"]);
  assert.deepEqual(days({ done: [span("2024-02-28", "2024-02-29"), span("2024-02-27", "2024-02-28")] }), [
    "2024-02-29",
    "2024-03-01",
    "2024-03-02",
  ]);
});

test("a batch size that changes finds what smaller or larger batches have done", () => {
  const done = batchesOf(span("2024-01-01", "2024-03-01"), "day").filter(
    ({ start }) => start !== at("2024-02-03"),
  );
  const ask = { size: "month", begin: at("2024-01-01"), done } as const;
  assert.deepEqual(days(ask), ["2024-02", "2024-03"]);
  assert.deepEqual(days({ done: [span("2024-02-01", "2024-03-01")] }), ["2024-03-01", "2024-03-02"]);
});

test("a window is taken as it is, whatever is done", () => {
  const window = span("2024-02-28T12:00:00Z", "2024-03-01");
  assert.deepEqual(days({ window, done: [span("2024-01-01", "2025-01-01")] }), ["2024-02-28", "2024-02-29"]);
});

test("spans that touch or overlap are one", () => {
  assert.deepEqual(
    union([
      { start: 5, end: 6 },
      { start: 0, end: 2 },
      { start: 1, end: 4 },
      { start: 4, end: 5 },
      { start: 8, end: 9 },
    ]),
    [
      { start: 0, end: 6 },
      { start: 8, end: 9 },
    ],
  );
});

test("instants are read in UTC unless they say otherwise; nonsense is nothing", () => {
  assert.equal(at("2024-01-01"), Date.UTC(2024, 0, 1));
  assert.equal(at("2024-01-01 06:30"), Date.UTC(2024, 0, 1, 6, 30));
  assert.equal(at("2024-01-01T06:30:00+02:00"), Date.UTC(2024, 0, 1, 4, 30));
  for (const text of ["", "2024", "2024-02-31", "2024-13-01", "yesterday", "2024-01-01T25:00"]) {
    assert.equal(parseInstant(text), null, text);
  }
});
