import { dayNumber, daysInMonth, isLeapYear, isoDate, isoWeekStart } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import type { Period } from "./types.ts";

/**
 * Tells how to read codes of digits alone: `TLIST(Q1)` of the Irish CSO says that `19751` is a quarter.
 * The letters are SDMX's: annual, semester, trimester (four months), quarter, month, week, day.
 */
export type PeriodHint = "A" | "S" | "T" | "Q" | "M" | "W" | "D";

/** A code that is no period. */
export const UNREAD: Period = { start: null, end: null, frequency: null };

type Rule = { readonly form: RegExp; read(parts: readonly string[]): Period };

/**
 * Reads a period as published, in any spelling that statistical offices use. `frequency` is the letter of SDMX's CL_FREQ
 * (A, S, T, Q, M, W, D); a longer interval has the letter and the count, `A3` for three years. A period whose frequency is known
 * and whose days are not (week 99, week 53 of a year without one, school years) has the frequency and null dates.
 */
export function readPeriod(code: string, hint?: PeriodHint): Period {
  const text = code.trim().replaceAll(/\s+/g, " ").toUpperCase();
  const hinted = hint === undefined ? undefined : DIGITS[hint];
  for (const rule of hinted === undefined ? RULES : [hinted, ...RULES]) {
    const parts = rule.form.exec(text);
    if (parts === null) continue;
    const period = rule.read(parts.slice(1));
    if (period.frequency !== null) return period;
  }
  return UNREAD;
}

const MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split(
  " ",
);
/** `JAN`, `JANUARY`, `SEPT.`; group 1 is what {@link monthNumber} takes. */
const MONTH_NAME = `(${MONTHS.map((name) => `${name}|${name.slice(0, 3)}`).join("|")}|SEPT)\\.?`;

const period = (frequency: string, first: number, last: number): Period => {
  const [start, end] = [isoDate(first), isoDate(last)];
  return start === null || end === null ? UNREAD : { start, end, frequency };
};
const undated = (frequency: string): Period => ({ start: null, end: null, frequency });

/** `count` months from month `first` (1 to 12) of a year. */
function months(year: string, first: number, count: number, frequency: string): Period {
  if (Number(year) < 1 || first < 1 || first > 12) return UNREAD;
  const last = Number(year) * 12 + first - 1 + count - 1;
  const [lastYear, lastMonth] = [Math.floor(last / 12), (last % 12) + 1];
  return period(
    frequency,
    dayNumber([Number(year), first, 1]),
    dayNumber([lastYear, lastMonth, daysInMonth(lastYear, lastMonth)]),
  );
}

/** The part `part` (from 1) of a year cut into twelfths of `length` months. */
function partOfYear(year: string, part: string, length: number, frequency: string): Period {
  return Number(part) * length <= 12
    ? months(year, (Number(part) - 1) * length + 1, length, frequency)
    : UNREAD;
}

const annual = (year: string): Period => months(year, 1, 12, "A");
const month = (year: string, number: string): Period => months(year, Number(number), 1, "M");
const quarter = (year: string, part: string): Period => partOfYear(year, part, 3, "Q");

function week(year: string, number: string): Period {
  const monday = isoWeekStart(Number(year), Number(number));
  return monday === null || Number(year) < 1 ? undated("W") : period("W", monday, monday + 6);
}

function day(year: string, monthNumber: string, number: string): Period {
  const date: Day = [Number(year), Number(monthNumber), Number(number)];
  if (date[0] < 1 || date[1] < 1 || date[1] > 12 || date[2] < 1 || date[2] > daysInMonth(date[0], date[1]))
    return UNREAD;
  return period("D", dayNumber(date), dayNumber(date));
}

function dayOfYear(year: string, number: string): Period {
  if (Number(number) < 1 || Number(number) > (isLeapYear(Number(year)) ? 366 : 365)) return UNREAD;
  const at = dayNumber([Number(year), 1, 1]) + Number(number) - 1;
  return period("D", at, at);
}

/** Whole calendar years, both inclusive. */
function years(from: string, to: string): Period {
  const count = Number(to) - Number(from) + 1;
  return count < 1 ? UNREAD : months(from, 1, count * 12, count === 1 ? "A" : `A${count}`);
}

/** `2023/24` says neither on which day such a year begins nor ends: countries differ. */
function splitYear(from: string, to: string): Period {
  const next = String(Number(from) + 1);
  return next.endsWith(to) ? undated("A") : UNREAD;
}

/** ISO 8601 start and duration: `2015/P3Y`, `2015-07/P6M`, `2015-07-03/P2W`. */
function duration(start: readonly (string | undefined)[], count: number, unit: string): Period {
  const [year, monthNumber = "1", dayNumberText = "1"] = start;
  const first = day(year!, monthNumber, dayNumberText);
  if (first.start === null || count < 1) return UNREAD;
  const begin: Day = [Number(year), Number(monthNumber), Number(dayNumberText)];
  const from = dayNumber(begin);
  if (unit === "D" || unit === "W") {
    return period(count === 1 ? unit : `${unit}${count}`, from, from + count * (unit === "W" ? 7 : 1) - 1);
  }
  const total = begin[0] * 12 + begin[1] - 1 + count * (unit === "Y" ? 12 : 1);
  const [endYear, endMonth] = [Math.floor(total / 12), (total % 12) + 1];
  const to = dayNumber([endYear, endMonth, Math.min(begin[2], daysInMonth(endYear, endMonth))]) - 1;
  return period(durationFrequency(count, unit), from, to);
}

function durationFrequency(count: number, unit: string): string {
  const inMonths = count * (unit === "Y" ? 12 : 1);
  const letter = { 1: "M", 3: "Q", 4: "T", 6: "S", 12: "A" }[inMonths];
  return letter ?? (inMonths % 12 === 0 ? `A${inMonths / 12}` : `M${inMonths}`);
}

const monthNumber = (name: string): string => String(MONTHS.findIndex((full) => full.startsWith(name)) + 1);
const rule = (form: RegExp, read: (...parts: string[]) => Period): Rule => ({
  form,
  read: (parts) => read(...parts),
});

/** Codes of digits alone, where the dimension says what they are. */
const DIGITS: Readonly<Record<PeriodHint, Rule>> = {
  A: rule(/^(\d{4})$/, annual),
  S: rule(/^(\d{4})([12])$/, (year, part) => partOfYear(year!, part!, 6, "S")),
  T: rule(/^(\d{4})([1-3])$/, (year, part) => partOfYear(year!, part!, 4, "T")),
  Q: rule(/^(\d{4})([1-4])$/, (year, part) => quarter(year!, part!)),
  M: rule(/^(\d{4})(\d\d)$/, month),
  W: rule(/^(\d{4})(\d\d)$/, week),
  D: rule(/^(\d{4})(\d{3})$/, dayOfYear),
};

const RULES: readonly Rule[] = [
  // Eurostat and SDMX, with or without the hyphen; the Nordic letters: K kvartal, U uge or uke, V vecka.
  rule(/^(\d{4})(?:-?A1?)?$/, annual),
  rule(/^(\d{4})-?[SH]([12])$/, (year, part) => partOfYear(year!, part!, 6, "S")),
  rule(/^(\d{4})-?T([1-3])$/, (year, part) => partOfYear(year!, part!, 4, "T")),
  rule(/^(\d{4})[- ]?[QK]([1-4])$/, quarter),
  rule(/^(\d{4})-(\d\d)$/, month),
  rule(/^(\d{4})[- ]?M(\d\d?)$/, month),
  rule(/^(\d{4})(\d\d)$/, month),
  rule(/^(\d{4})[- ]?[WUV](\d\d?)$/, week),
  rule(/^(\d{4})-?D(\d{3})$/, dayOfYear),
  rule(/^(\d{4})-(\d\d)-(\d\d)$/, day),
  rule(/^(\d{4})(\d\d)(\d\d)$/, day),
  rule(/^(\d{4})M(\d\d)D(\d\d)$/, day),
  // CBS of the Netherlands: years, quarters, months; weeks as W1nn, and X000 for the days before the first week.
  rule(/^(\d{4})JJ00$/, annual),
  rule(/^(\d{4})KW0([1-4])$/, quarter),
  rule(/^(\d{4})MM(\d\d)$/, month),
  rule(/^(\d{4})W1(\d\d)$/, week),
  rule(/^\d{4}X000$/, () => undated("W")),
  // Intervals. `2023/24` and `2023/2024` are school or fiscal years, `2006_2008` and `2019-2023` whole years.
  rule(/^(\d{4})\/(\d\d)$/, splitYear),
  rule(/^(\d{4})\/(\d{4})$/, (from, to) =>
    Number(to) === Number(from) + 1 ? undated("A") : years(from!, to!),
  ),
  rule(/^(\d{4})[-–](\d\d)$/, splitYear),
  rule(/^(\d{4})\s*[-–_]\s*(\d{4})$/, years),
  rule(/^(\d{4})(?:-(\d\d))?(?:-(\d\d))?\/P(\d{1,4})([YMWD])$/, (year, mm, dd, count, unit) =>
    duration([year, mm, dd], Number(count), unit!),
  ),
  // Labels.
  rule(new RegExp(`^(\\d{4})[ -]?${MONTH_NAME}$`), (year, name) => month(year!, monthNumber(name!))),
  rule(new RegExp(`^${MONTH_NAME}[ -]?(\\d{4})$`), (name, year) => month(year!, monthNumber(name!))),
  rule(/^[QK]([1-4])[ -]?(\d{4})$/, (part, year) => quarter(year!, part!)),
  rule(/^(\d{4}) ?WEEK ?(\d\d?)$/, week),
  rule(/^(\d\d?)[/.](\d\d?)[/.](\d{4})$/, (dd, mm, year) => day(year!, mm!, dd!)),
];
