import type { Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";

/** Between statements, which nothing stops where none runs: throws where the signal has come. */
export function goOn(signal: AbortSignal | undefined, sql = ""): void {
  if (signal?.aborted)
    throw new QueryError({ message: "the statement was cancelled", kind: "cancelled", sql });
}

/** Stops what runs on a session when the signal comes; throws where it came before anything ran, and nobody would hear of it. */
export function stopWith(signal: AbortSignal | undefined, session: Session, sql: string): void {
  goOn(signal, sql);
  signal?.addEventListener("abort", () => session.interrupt(), { once: true });
}
