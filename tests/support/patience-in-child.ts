/**
 * Loaded ahead of the test files of a process. Where nothing begins or ends for too long, it says what runs, and since when, and ends the
 * process: Node 20 knows a time limit for whole files only, and tells of none what it was at.
 */
import { afterEach, beforeEach } from "node:test";
import { isMainThread } from "node:worker_threads";
import { PATIENCE } from "./patience.ts";

if (isMainThread) {
  const running = new Map<object, { readonly name: string; readonly since: number }>();
  const timer = setTimeout(giveUp, PATIENCE.test);
  timer.unref();
  // One that waits for what will never come has nothing else that keeps its process going, and Node says so.
  beforeEach((test) => {
    running.set(test, { name: test.name, since: performance.now() });
    timer.refresh();
  });
  afterEach((test) => {
    running.delete(test);
    timer.refresh();
  });

  function giveUp(): void {
    const names = Array.from(
      running.values(),
      ({ name, since }) => `"${name}" for ${Math.round((performance.now() - since) / 1000)} s`,
    );
    const what = names.length > 0 ? names.join(", ") : "what stands outside of tests";
    const waiting = [...new Set(process.getActiveResourcesInfo())].join(", ");
    process.stderr.write(
      `gave up: nothing began or ended for ${PATIENCE.test / 1000} s; still running: ${what}; waiting for: ${waiting}\n`,
    );
    process.exit(1);
  }
}
