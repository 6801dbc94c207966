import { setTimeout as sleep } from "node:timers/promises";
import { QueryError } from "./query-error.ts";

/** How long to wait for a warehouse that another process holds. */
export type LockWait = {
  /** 0: not at all. */
  readonly seconds: number;
  /** Called once, when waiting begins; `message` says who holds it. */
  readonly onWait: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
};

const PAUSE_MS = 100;

/** Opens, trying again while another process holds the warehouse; the last refusal is thrown when the time is over. */
export async function waitForLock<T>(open: () => Promise<T>, wait: LockWait): Promise<T> {
  const end = performance.now() + wait.seconds * 1000;
  let isTold = false;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const isLocked = error instanceof QueryError && error.kind === "locked";
      if (!isLocked || performance.now() >= end || wait.signal?.aborted) throw error;
      if (!isTold) wait.onWait(error.message);
      isTold = true;
    }
    await sleep(PAUSE_MS);
  }
}
