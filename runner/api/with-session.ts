import { existsSync } from "node:fs";
import type { Adapter, Session } from "../adapters/adapter.ts";
import { openAdapter } from "../adapters/open.ts";
import { publishedPath } from "../adapters/publish.ts";
import { QueryError } from "../adapters/query-error.ts";
import type { Target } from "../project/types.ts";

/**
 * Opens a warehouse for `body` and closes it, whatever happens. An abort of `signal` ends the connecting and what is being asked then. Written out instead of
 * `await using`, which Node 22 cannot read when the sources run unbuilt.
 */
export async function withAdapter<T>(
  target: Target,
  signal: AbortSignal | undefined,
  body: (adapter: Adapter, isCopy: boolean) => Promise<T>,
): Promise<T> {
  const { adapter, isCopy } = await openToRead(target, signal);
  const sessions: Session[] = [];
  const done = stopAt(signal, sessions);
  try {
    // What is noted at the end is noted on a session that is opened for it, after an abort too.
    const note = (session: Session): void => void (signal?.aborted === true || sessions.push(session));
    return await body(heard(adapter, note), isCopy);
  } finally {
    done();
    await adapter.close();
  }
}

/** The same, of which each session is told. */
const heard = (adapter: Adapter, tell: (session: Session) => void): Adapter => ({
  ...adapter,
  async session() {
    const session = await adapter.session();
    tell(session);
    return session;
  },
  async attach(target) {
    const attached = await adapter.attach(target);
    return attached && { ...attached, adapter: heard(attached.adapter, tell) };
  },
});

/** In milliseconds: statements that follow the one that was stopped are stopped, too. */
const STOP_EVERY = 50;

/** Stops what runs on these sessions from the abort of `signal` on, until what it gives is called. */
export function stopAt(signal: AbortSignal | undefined, sessions: readonly Session[]): () => void {
  let again: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    for (const session of sessions) session.interrupt();
  };
  const stop = (): void => {
    interrupt();
    again = setInterval(interrupt, STOP_EVERY);
  };
  signal?.addEventListener("abort", stop);
  return () => {
    signal?.removeEventListener("abort", stop);
    clearInterval(again);
  };
}

/** What only reads is not held up by a run: the published copy serves while another process holds the warehouse. */
export async function openToRead(
  target: Target,
  signal: AbortSignal | undefined,
): Promise<{ adapter: Adapter; isCopy: boolean }> {
  try {
    return { adapter: await openAdapter(target, undefined, signal), isCopy: false };
  } catch (error) {
    const isLocked = error instanceof QueryError && error.kind === "locked";
    const path = publishedPath(target);
    if (!isLocked || target.type !== "duckdb" || path === undefined || !existsSync(path)) throw error;
    return { adapter: await openAdapter({ ...target, path, readOnly: true }), isCopy: true };
  }
}

/** The same for work that needs one session. */
export function withSession<T>(
  target: Target,
  signal: AbortSignal | undefined,
  body: (session: Session, isCopy: boolean) => Promise<T>,
): Promise<T> {
  return withAdapter(target, signal, async (adapter, isCopy) => {
    const session = await adapter.session();
    try {
      return await body(session, isCopy);
    } finally {
      await session.close();
    }
  });
}
