import { daysInMonth } from "./calendar.ts";

/** `2026-09-21T23:00:00+0200`, `2018-08-17 13:39:14`, `2021-11-25T14:11:2Z`, `2026-5-7`, `2016-02-13T14:00Z`. */
const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.+))?$/;
/** `14/09/2016 09:42:12` (ONS), `15.09.2026`: the day comes first. */
const DAY_FIRST = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[T ]+(.+))?$/;
const CLOCK = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * The instant a publisher means, as ISO 8601 in UTC to the second, or null where nobody can tell. A time without a zone
 * is taken as UTC, a date without a time as its midnight; a number is milliseconds since 1970 (old Eurostat services).
 */
export function readUpdated(updated: unknown): string | null {
  if (typeof updated === "number") return Number.isSafeInteger(updated) ? toIso(updated) : null;
  if (typeof updated !== "string") return null;
  const text = updated.trim();
  const yearFirst = YEAR_FIRST.exec(text);
  const dayFirst = yearFirst === null ? DAY_FIRST.exec(text) : null;
  const parts = yearFirst ?? dayFirst;
  if (parts === null) return null;
  const [year, month, day] = (yearFirst ? [1, 2, 3] : [3, 2, 1]).map((i) => Number(parts[i]));
  if (!isDay(year!, month!, day!)) return null;
  const seconds = parts[4] === undefined ? 0 : readClock(parts[4]);
  if (seconds === null) return null;
  // Two-step, because Date.UTC moves the years 0 to 99 into the twentieth century.
  return toIso(new Date(0).setUTCFullYear(year!, month! - 1, day!) + seconds * 1000);
}

/** Seconds since midnight UTC; negative where the zone lies east. */
function readClock(text: string): number | null {
  const [match, hour, minute, second = "0", zone = "Z"] = CLOCK.exec(text.trim()) ?? [];
  if (match === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return (Number(hour) * 60 + Number(minute) - zoneMinutes(zone)) * 60 + Number(second);
}

function zoneMinutes(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return (zone.startsWith("-") ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

const isDay = (year: number, month: number, day: number): boolean =>
  year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

function toIso(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? `${date.toISOString().slice(0, 19)}Z` : null;
}
