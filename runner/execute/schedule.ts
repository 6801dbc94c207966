import { prioritize } from "./priorities.ts";
import type { Task } from "./priorities.ts";
import type { NodeEvent } from "./run-event.ts";
import { SmallestFirst } from "./smallest-first.ts";

/** What one worker works with, for as long as the run lasts: a session of its own. */
export type Worker = {
  /** Stops what it is doing; the task that runs then ends by itself. */
  interrupt(): void;
  close(): Promise<void>;
};

/** `failed`: `because` is the node at the root of it. `cancelled`: the run was stopped, by the user or by fail-fast. `hook`: nothing could start. */
export type SkipReason =
  | { readonly kind: "failed"; readonly because: string }
  | { readonly kind: "fail-fast"; readonly because: string }
  | { readonly kind: "hook" }
  | { readonly kind: "cancelled" };

/**
 * `blocks`: nothing below may start. An error blocks, a test that warns does not. `fails`: it counts for fail-fast; what blocks does,
 * unless told.
 */
export type Outcome<Result> = { readonly result: Result; readonly blocks: boolean; readonly fails?: boolean };

export type ScheduleOptions<Result, W extends Worker> = {
  /** At most so many tasks at once, each with a worker of its own. */
  readonly threads: number;
  readonly openWorker: (index: number) => Promise<W>;
  /**
   * Does one task and tells how it went. Failures of the task are outcomes; what it throws is a bug, stops the run and is
   * thrown again. `signal` is aborted when the run stops for whatever reason.
   */
  readonly run: (id: string, worker: W, context: RunContext) => Promise<Outcome<Result>>;
  /** The result of a task that never starts. */
  readonly skip: (id: string, reason: SkipReason) => Result;
  readonly onEvent?: (event: NodeEvent<Result>) => void;
  readonly signal?: AbortSignal;
  /** Why nothing is to start. */
  readonly refusal?: SkipReason | undefined;
  /** Stop at the first task that fails: nothing more starts, what runs is interrupted. */
  readonly failFast?: boolean;
};

export type RunContext = { readonly signal: AbortSignal; readonly thread: number };

/**
 * Runs each task as soon as its parents are done, never in waves, the one with the longest chain below it first.
 * Parents that are no task of this run count as done. Resolves when nothing runs any more and every task has a result,
 * in the order in which they ended; rejects only for a bug or when no worker can be opened.
 */
export async function schedule<Result, W extends Worker>(
  tasks: readonly Task[],
  options: ScheduleOptions<Result, W>,
): Promise<readonly Result[]> {
  const { ids, children, waiting } = prioritize(tasks);
  const total = ids.length;
  const results: Result[] = [];
  const ready = new SmallestFirst();
  const finished = new Uint8Array(total);
  const workers = new Map<number, W>();
  const idle: number[] = [];
  const bugs: unknown[] = [];
  const stop = new AbortController();
  let stopReason: SkipReason = { kind: "cancelled" };
  let started = 0;
  let running = 0;
  /** Workers asked for, and those of them that are not there yet. */
  let asked = 0;
  let opening = 0;
  let done = (): void => undefined;

  function halt(reason: SkipReason): void {
    if (stop.signal.aborted) return;
    stopReason = reason;
    stop.abort();
    for (const [thread, worker] of workers) if (!idle.includes(thread)) worker.interrupt();
  }

  function finish(task: number, index: number, result: Result): void {
    finished[task] = 1;
    results.push(result);
    options.onEvent?.({ kind: "node-finished", uniqueId: ids[task]!, result, index, total });
  }

  function skip(task: number, reason: SkipReason): void {
    finish(task, ++started, options.skip(ids[task]!, reason));
  }

  /** Everything below, nearest first; each once, however many ways lead there. */
  function skipBelow(failed: number): void {
    const below = [failed];
    for (const task of below) {
      for (const child of children[task]!) {
        if (finished[child]) continue;
        skip(child, { kind: "failed", because: ids[failed]! });
        // The list grows while it is walked.
        below.push(child);
      }
    }
  }

  async function work(task: number, thread: number): Promise<void> {
    const id = ids[task]!;
    const index = ++started;
    running++;
    try {
      options.onEvent?.({ kind: "node-started", uniqueId: id, index, total });
      const {
        result,
        blocks,
        fails = blocks,
      } = await options.run(id, workers.get(thread)!, { signal: stop.signal, thread });
      finish(task, index, result);
      if (fails && options.failFast) halt({ kind: "fail-fast", because: id });
      if (blocks) {
        skipBelow(task);
      } else {
        for (const child of children[task]!)
          if (--waiting[child]! === 0 && !finished[child]) ready.add(child);
      }
    } catch (error) {
      bugs.push(error);
      halt({ kind: "cancelled" });
    } finally {
      running--;
      idle.push(thread);
      advance();
    }
  }

  async function openWorker(): Promise<void> {
    const thread = asked++;
    opening++;
    try {
      workers.set(thread, await options.openWorker(thread));
      idle.push(thread);
    } catch (error) {
      bugs.push(error);
      halt({ kind: "cancelled" });
    } finally {
      opening--;
      advance();
    }
  }

  function advance(): void {
    if (!stop.signal.aborted) {
      while (ready.size > 0 && idle.length > 0) void work(ready.take()!, idle.pop()!);
      const wanted = Math.min(ready.size - opening, options.threads - asked);
      for (let i = 0; i < wanted; i++) void openWorker();
    }
    if (running === 0 && opening === 0 && (ready.size === 0 || stop.signal.aborted)) done();
  }

  const onAbort = (): void => {
    halt({ kind: "cancelled" });
    advance();
  };
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  if (options.refusal) halt(options.refusal);
  if (options.signal?.aborted) halt({ kind: "cancelled" });
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (let task = 0; task < total; task++) if (waiting[task] === 0) ready.add(task);
    advance();
    await ended;
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
    await Promise.all(Array.from(workers.values(), (worker) => worker.close()));
  }
  if (bugs.length > 0) throw bugs[0];
  for (let task = 0; task < total; task++) if (!finished[task]) skip(task, stopReason);
  return results;
}
