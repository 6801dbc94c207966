/** A day as year, month and day, all from 1. */
export type Day = readonly [year: number, month: number, day: number];

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since 1970-01-01 in the Gregorian calendar, also before it was introduced (as SQL dates do). */
export function dayNumber([year, month, day]: Day): number {
  return Math.round(new Date(0).setUTCFullYear(year, month - 1, day) / 86_400_000);
}

export function dayOf(number: number): Day {
  const date = new Date(number * 86_400_000);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

/** `YYYY-MM-DD`; null outside the years 1 to 9999, which is as far as that form goes. */
export function isoDate(number: number): string | null {
  const [year, month, day] = dayOf(number);
  if (!(year >= 1 && year <= 9999)) return null;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** The Monday of an ISO week (ISO 8601: week 1 is the one with 4 January), or null where the year has no such week. */
export function isoWeekStart(year: number, week: number): number | null {
  const firstMonday = mondayOf(dayNumber([year, 1, 4]));
  const monday = firstMonday + (week - 1) * 7;
  const isWeek = week >= 1 && monday < mondayOf(dayNumber([year + 1, 1, 4]));
  return isWeek ? monday : null;
}

/** 1970-01-01 was a Thursday. */
const mondayOf = (number: number): number => number - ((((number + 3) % 7) + 7) % 7);
