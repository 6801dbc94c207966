import type { DatasetState } from "../state/dataset-state.ts";

/** Minutes until a dataset that failed is tried again by itself: doubled each time, up to six hours. */
const FIRST_MINUTES = 5;
const MAX_MINUTES = 360;
/** Failures in a row after which it is given up until something newer is announced. */
const MAX_FAILURES = 10;
/** How long an answer may be older than what was announced: caches of large datasets take hours. */
const STALE_HOURS = 24;

const later = (instant: string, ms: number): string =>
  `${new Date(Date.parse(instant) + ms).toISOString().slice(0, 19)}Z`;

function retryAt(failures: number, now: string, atLeastMs: number): string {
  const minutes = Math.min(MAX_MINUTES, FIRST_MINUTES * 2 ** Math.max(0, failures - 1));
  return later(now, Math.max(minutes * 60_000, atLeastMs));
}

export type Success = {
  readonly outcome: "landed" | "unchanged" | "held";
  readonly started: string;
  readonly now: string;
  readonly updated: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly fingerprint: string;
  readonly vintage: string | null;
};

/** Whether an answer is older than what the publisher announced, and may yet become newer. */
export function isBehind({ due }: Pick<DatasetState, "due">, updated: string | null, now: string): boolean {
  const published = due?.published ?? null;
  if (due === null || published === null || updated === null || updated >= published) return false;
  return now < later(due.since, STALE_HOURS * 3_600_000);
}

export function afterSuccess(state: DatasetState, done: Success): DatasetState {
  const found = {
    ...state,
    attempted: done.started,
    succeeded: done.now,
    failures: 0,
    failure: null,
    updated: done.updated,
    etag: done.etag,
    last_modified: done.lastModified,
    fingerprint: done.fingerprint,
    vintage: done.vintage ?? state.vintage,
    outcome: done.outcome,
  };
  if (isBehind(state, done.updated, done.now)) {
    const failures = state.failures + 1;
    const message = `the answer is of ${done.updated}, and an edition of ${state.due!.published} was announced`;
    const failure = {
      at: done.now,
      code: "EDITION_BEHIND",
      message,
      retry_at: retryAt(failures, done.now, 0),
      dead: false,
    };
    return { ...found, failures, failure };
  }
  return { ...found, due: isAnswered(state, done) ? null : state.due };
}

/** What was marked while the answer was on its way is answered only by an answer that is as new. */
function isAnswered({ due }: DatasetState, { started, updated }: Success): boolean {
  if (due === null || due.since <= started) return true;
  return due.published !== null && updated !== null && updated >= due.published;
}

export type Failure = {
  readonly started: string;
  readonly now: string;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number;
};

export function afterFailure(
  state: DatasetState,
  { started, now, code, message, retryable, retryAfterMs }: Failure,
): DatasetState {
  const failures = state.failures + 1;
  const dead = !retryable || failures >= MAX_FAILURES;
  const retry = dead ? null : retryAt(failures, now, retryAfterMs);
  return {
    ...state,
    attempted: started,
    failures,
    failure: { at: now, code, message, retry_at: retry, dead },
    outcome: "failed",
  };
}
