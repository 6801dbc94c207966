import { HttpError, NotReadyError } from "./http-error.ts";

export type RetryPolicy = {
  /** Attempts in all, for failures that may pass. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled each time, up to `maxMs`, and spread by chance so that many clients do not come back as one. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** How often an answer that is being made ready is asked for. */
  readonly polls: number;
  /** A `Retry-After` beyond this is not waited for here: the failure carries it on. */
  readonly patienceMs: number;
};

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 6,
  baseMs: 1000,
  maxMs: 60_000,
  polls: 40,
  patienceMs: 10 * 60_000,
};

export type Clock = {
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
  now(): Date;
};

/** Repeats `attempt` while what it throws may pass. `onRetry` is told before each wait. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  clock: Clock,
  {
    signal,
    onRetry,
  }: {
    signal?: AbortSignal | undefined;
    onRetry: (error: HttpError, attempt: number, waitMs: number) => void;
  },
): Promise<T> {
  let failed = 0;
  let polled = 0;
  for (;;) {
    try {
      signal?.throwIfAborted();
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof HttpError) || !error.retryable) throw error;
      const isPoll = error instanceof NotReadyError;
      const count = isPoll ? ++polled : ++failed;
      if (count >= attemptsFor(error, policy)) throw error;
      const waitMs = Math.max(error.retryAfterMs ?? 0, backoff(count, policy, clock.random()));
      if (waitMs > policy.patienceMs) throw error;
      onRetry(error, count, waitMs);
      await clock.sleep(waitMs, signal);
    }
  }
}

/** A network that is not there seldom comes within a minute, and somebody may be waiting: it is tried again another time. */
const UNREACHABLE = new Set(["HOST_UNKNOWN", "CONNECTION_REFUSED", "NETWORK_DOWN"]);

function attemptsFor(error: HttpError, { attempts, polls }: RetryPolicy): number {
  if (error instanceof NotReadyError) return polls;
  return UNREACHABLE.has(error.code) ? Math.min(3, attempts) : attempts;
}

/** Half of it certain, half by chance. */
function backoff(failed: number, { baseMs, maxMs }: RetryPolicy, chance: number): number {
  const full = Math.min(maxMs, baseMs * 2 ** (failed - 1));
  return Math.round(full / 2 + (full / 2) * chance);
}

/** `Retry-After` in milliseconds: seconds, or a date; null where there is none that can be read. */
export function readRetryAfter(header: string | undefined, now: Date): number | null {
  const text = header?.trim();
  if (text === undefined || text === "") return null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
