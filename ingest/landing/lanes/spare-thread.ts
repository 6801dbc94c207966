import { availableParallelism } from "node:os";
import { startThread } from "./thread.ts";
import type { Thread } from "./thread.ts";

/**
 * The one thread beside this one that all landings of the process share: two cores are then busy, and a second database fits into
 * the memory that a landing may take. It is kept for the next who wants it.
 */
let thread: Thread | undefined;
let isTaken = false;

/** DuckDB's native part is known to work in a worker of Node; other runtimes do one thing after the other, with the same result. */
function mayHaveThread(): boolean {
  const isNode = process.versions["bun"] === undefined && process.versions["deno"] === undefined;
  return isNode && availableParallelism() > 1;
}

/** The thread, with `module` running in it; undefined where somebody else has it, or there can be none. */
export function takeThread(module: URL): Thread | undefined {
  if (isTaken || !mayHaveThread()) return undefined;
  if (thread === undefined || thread.isGone()) thread = startThread(module);
  thread.wake();
  isTaken = true;
  return thread;
}

/** Ends the thread where nobody has it: for work that needs its memory more. */
export async function endSpareThread(): Promise<void> {
  if (isTaken || thread === undefined) return;
  const ended = thread;
  thread = undefined;
  await ended.end();
}

export function giveBack(taken: Thread): void {
  isTaken = false;
  taken.rest();
}
