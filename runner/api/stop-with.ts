import type { Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";

/** Stops what runs on a session when the signal comes; throws where it came before anything ran, and nobody would hear of it. */
export function stopWith(signal: AbortSignal | undefined, session: Session, sql: string): void {
  if (signal?.aborted)
    throw new QueryError({ message: "the statement was cancelled", kind: "cancelled", sql });
  signal?.addEventListener("abort", () => session.interrupt(), { once: true });
}
