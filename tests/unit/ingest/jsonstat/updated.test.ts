import assert from "node:assert/strict";
import { test } from "node:test";
import { readUpdated } from "../../../../ingest/jsonstat/updated.ts";

const CASES: readonly (readonly [unknown, string | null])[] = [
  // Eurostat: an offset without a colon.
  ["2026-09-21T23:00:00+0200", "2026-09-21T21:00:00Z"],
  ["2026-02-06T23:00:00+01:00", "2026-02-06T22:00:00Z"],
  ["2026-02-06T23:00:00-05", "2026-02-07T04:00:00Z"],
  // The standard form, and seconds of one digit.
  ["2020-05-19T11:00:00Z", "2020-05-19T11:00:00Z"],
  ["2021-11-25T14:11:2Z", "2021-11-25T14:11:02Z"],
  ["2024-02-12T07:00:00.123Z", "2024-02-12T07:00:00Z"],
  ["2024-02-12T07:00Z", "2024-02-12T07:00:00Z"],
  // No zone, no time.
  ["2018-08-17 13:39:14", "2018-08-17T13:39:14Z"],
  ["2018-08-17T13:39:14", "2018-08-17T13:39:14Z"],
  ["2016-08-25", "2016-08-25T00:00:00Z"],
  ["2026-5-7", "2026-05-07T00:00:00Z"],
  // ONS: the day first.
  ["14/09/2016 09:42:12", "2016-09-14T09:42:12Z"],
  ["08/08/2014 16:39:07", "2014-08-08T16:39:07Z"],
  ["15.09.2026", "2026-09-15T00:00:00Z"],
  // Old Eurostat services: milliseconds.
  [1_455_058_800_000, "2016-02-09T23:00:00Z"],
  // What nobody can tell.
  ["09/14/2016", null],
  ["2026-02-30", null],
  ["2026-02-01T25:00:00", null],
  ["yesterday", null],
  ["", null],
  [Number.NaN, null],
  [1e18, null],
  [null, null],
  [undefined, null],
];

test("updated, in all its spellings", () => {
  for (const [text, instant] of CASES) assert.equal(readUpdated(text), instant, String(text));
});
