/** Numbers, times and sizes as people read them; always in English, so that a page is the same for everybody. */
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const minute = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export const formatCount = (count: number): string => whole.format(count);
export const formatShort = (count: number): string =>
  (Math.abs(count) < 10_000 ? whole : short).format(count);
export const formatShare = (share: number): string => percent.format(share);
export const formatNumber = (value: number): string => exact.format(value);
export const formatDay = (iso: string): string => formatTime(day, iso);
export const formatMinute = (iso: string): string => formatTime(minute, iso);

/** What is no time is shown as it is: publishers write what they like. */
function formatTime(format: Intl.DateTimeFormat, iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : format.format(time);
}

/** `3 models`, `1 model`; a plural that is not made with an s is given. */
export const plural = (count: number, word: string, words = `${word}s`): string =>
  `${formatCount(count)} ${count === 1 ? word : words}`;

export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

const steps: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60, "second"],
  [3600, "minute"],
  [86_400, "hour"],
  [86_400 * 60, "day"],
  [86_400 * 730, "month"],
  [Infinity, "year"],
];
const lengths: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  month: 86_400 * 30.44,
  year: 86_400 * 365.25,
};
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** `3 days ago`, seen from now. */
export function formatAge(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Number.isNaN(seconds)) return iso;
  const unit = steps.find(([most]) => Math.abs(seconds) < most)![1];
  return relative.format(Math.round(seconds / lengths[unit]!), unit);
}
