import { setTimeout as sleep } from "node:timers/promises";
import { QueryError } from "./query-error.ts";

/** Waits between attempts, in milliseconds; one attempt more than there are waits. */
const waits = [2, 10, 50, 200, 500];
/** A server that went away takes longer to come back than another transaction takes to end: half a minute. */
const lostWaits = [50, 250, 1000, 2000, 5000, 10_000, 10_000];

/** Nobody waits for a server again that was waited for in vain, until it has answered: each of a thousand nodes would for half a minute. */
let isGone = false;

/**
 * Repeats what lost against another transaction, and what a lost connection undid. `body` must leave nothing behind when it fails: a
 * statement on its own, or a whole transaction. An abort ends the waiting, and what failed last is thrown. `lost`: waits for a server.
 */
export async function retryConflicts<T>(
  body: () => Promise<T>,
  signal?: AbortSignal,
  lost: readonly number[] = lostWaits,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      const done = await body();
      isGone = false;
      return done;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const isLost = error.kind === "lost";
      isGone &&= isLost;
      if (isGone || !error.isUndone || signal?.aborted) throw error;
      const wait = (isLost ? lost : waits)[attempt];
      if (wait === undefined) {
        isGone = isLost;
        throw error;
      }
      // Jitter keeps two that collided from colliding again.
      await sleep(wait * (0.5 + Math.random()), undefined, signal && { signal }).catch(() => undefined);
      if (signal?.aborted) throw error;
    }
  }
}
