/** The length of one batch; months and years are the calendar's, in UTC. */
export type BatchSize = "hour" | "day" | "month" | "year";

/** A span of time in milliseconds since 1970 in UTC; `end` is no part of it. */
export type Span = { readonly start: number; readonly end: number };

/** The start of the batch that holds an instant. */
export function batchStart(instant: number, size: BatchSize): number {
  const date = new Date(instant);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (size) {
    case "hour":
      return Math.floor(instant / 3_600_000) * 3_600_000;
    case "day":
      return utc(year, month, day);
    case "month":
      return utc(year, month, 1);
    case "year":
      return utc(year, 0, 1);
  }
}

/** The start of the batch so many batches later, or earlier. */
export function moveBatches(start: number, size: BatchSize, by: number): number {
  const date = new Date(start);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (size) {
    case "hour":
      return start + by * 3_600_000;
    case "day":
      return utc(year, month, day + by);
    case "month":
      return utc(year, month + by, 1);
    case "year":
      return utc(year + by, 0, 1);
  }
}

/** `Date.UTC` takes the years 0 to 99 for those of the last century. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

/** Whole batches that together hold the span, in order. */
export function batchesOf({ start, end }: Span, size: BatchSize): Span[] {
  const batches: Span[] = [];
  for (let at = batchStart(start, size); at < end;) {
    const next = moveBatches(at, size, 1);
    batches.push({ start: at, end: next });
    at = next;
  }
  return batches;
}

export type BatchAsk = {
  readonly size: BatchSize;
  readonly begin: number;
  /** Batches before the newest one that are done again every time. */
  readonly lookback: number;
  readonly now: number;
  /** `--event-time-start` and `--event-time-end`: these batches and no others. */
  readonly window: Span | null;
  /** Spans that the table holds, in any order. */
  readonly done: readonly Span[];
};

/** The batches to do now: those asked for; else every gap since `begin`, and the newest ones again. */
export function dueBatches({ size, begin, lookback, now, window, done }: BatchAsk): Span[] {
  if (window) return batchesOf(window, size);
  const again = moveBatches(batchStart(now, size), size, -lookback);
  const held = union(done);
  let at = 0;
  return batchesOf({ start: begin, end: now }, size).filter((batch) => {
    // Both lists are in order: each is walked once.
    while (at < held.length && held[at]!.end < batch.end) at++;
    const span = held[at];
    return batch.start >= again || span === undefined || span.start > batch.start;
  });
}

/** The same time in as few spans as it takes, in order. */
export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}

/** `2024-03-01 00:00:00+00:00`, which engines take for a date, a timestamp or an instant, as the column is. */
export const instantText = (instant: number): string =>
  `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")}+00:00`;

/** `2024-03-01`, or with the hour where it counts. */
export const batchName = ({ start }: Span, size: BatchSize): string =>
  new Date(start).toISOString().slice(0, { hour: 16, day: 10, month: 7, year: 4 }[size]).replace("T", " ");

/** dbt's: `20240101`, of an hour `20240101T05`. */
export const batchId = ({ start }: Span, size: BatchSize): string =>
  new Date(start)
    .toISOString()
    .slice(0, size === "hour" ? 13 : 10)
    .replaceAll("-", "");
