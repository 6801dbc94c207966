import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { OperationError, StatloomError, messageOf } from "../base/errors.ts";
import { formatSeconds } from "../base/text.ts";
import type { EffortConfig } from "../graph/types.ts";

/** A try that failed, and how long until the next one, in seconds. `next` counts from 2. */
export type Retry = {
  readonly next: number;
  readonly of: number;
  readonly wait: number;
  readonly why: string;
};

/** Seconds. */
const longestWait = 60;
const longestTimer = 2 ** 31 - 1;

/**
 * Does something once, and again as often as `retries` says while it fails in a way that may pass: a lost connection, a conflict.
 * Waits double from one try to the next. `body` must leave nothing behind when it fails. Throws what the last try threw.
 */
export async function withRetries<T>(
  { count, delay }: EffortConfig["retries"],
  signal: AbortSignal | undefined,
  onRetry: (retry: Retry) => void,
  body: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await body(attempt);
    } catch (error) {
      const mayPass = error instanceof StatloomError && error.retryable;
      if (!mayPass || attempt > count || signal?.aborted) throw error;
      const wait = Math.min(longestWait, delay * 2 ** (attempt - 1));
      onRetry({ next: attempt + 1, of: count + 1, wait, why: messageOf(error) });
      await sleep(wait * 1000, undefined, signal && { signal }).catch(() => undefined);
      if (signal?.aborted) throw error;
    }
  }
}

/**
 * Stops the session's statement when the time is over, and keeps further ones from starting. That is no reason to try again: it would
 * take as long. Throws an OperationError then.
 */
export async function withTimeout<T>(
  seconds: number | null,
  session: Session,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (seconds === null) return work(signal);
  const late = new AbortController();
  const timer = setTimeout(
    () => {
      late.abort();
      session.interrupt();
    },
    Math.min(seconds * 1000, longestTimer),
  );
  try {
    return await work(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
  } catch (error) {
    const isLate = late.signal.aborted && !signal?.aborted;
    if (!isLate || !(error instanceof QueryError) || error.kind !== "cancelled") throw error;
    const message = `stopped after ${formatSeconds(seconds)}, its timeout: nothing was changed`;
    throw new OperationError("TIMEOUT", message, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
