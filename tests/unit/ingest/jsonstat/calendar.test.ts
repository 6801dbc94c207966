import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dayNumber,
  dayOf,
  daysInMonth,
  isoDate,
  isoWeekStart,
} from "../../../../ingest/jsonstat/calendar.ts";

test("days and their numbers go back and forth, before 1970 too", () => {
  for (const number of [-719_162, -25_567, -1, 0, 59, 19_782, 2_932_896]) {
    assert.equal(dayNumber(dayOf(number)), number);
  }
  assert.equal(isoDate(0), "1970-01-01");
  assert.equal(isoDate(dayNumber([99, 12, 31])), "0099-12-31");
});

test("dates outside the years 1 to 9999 have no text", () => {
  assert.equal(isoDate(dayNumber([10_000, 1, 1])), null);
  assert.equal(isoDate(dayNumber([1, 1, 1]) - 1), null);
});

test("century years are leap years every 400 years", () => {
  assert.deepEqual(
    [1900, 2000, 2023, 2024].map((year) => daysInMonth(year, 2)),
    [28, 29, 28, 29],
  );
});

test("every ISO week of 400 years begins on a Monday, 7 days after the one before", () => {
  let last = isoWeekStart(1800, 1)! - 7;
  let long = 0;
  for (let year = 1800; year < 2200; year++) {
    const weeks = isoWeekStart(year, 53) === null ? 52 : 53;
    if (weeks === 53) long++;
    for (let week = 1; week <= weeks; week++) {
      const monday = isoWeekStart(year, week)!;
      assert.equal(monday, last + 7);
      last = monday;
    }
  }
  assert.equal(new Date(last * 86_400_000).getUTCDay(), 1);
  assert.equal(long, 71);
});
