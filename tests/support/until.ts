import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE } from "./patience.ts";

/** Waits until something is so, and fails in words when it takes too long; `said` is what is told with it then. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  said: () => string = () => "",
): Promise<void> {
  const end = performance.now() + PATIENCE.condition;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, `not within ${PATIENCE.condition / 1000} s: ${what}\n${said()}`);
    await sleep(20);
  }
}

/** What `coming` comes to, unless it takes too long. */
export async function inTime<T>(what: string, coming: Promise<T>, said: () => string = () => ""): Promise<T> {
  const over = new AbortController();
  const late = sleep(PATIENCE.condition, undefined, { signal: over.signal }).then(() =>
    assert.fail(`not within ${PATIENCE.condition / 1000} s: ${what}\n${said()}`),
  );
  try {
    return await Promise.race([coming, late]);
  } finally {
    late.catch(() => undefined);
    over.abort();
  }
}
