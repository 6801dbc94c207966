import type { Session } from "./adapter.ts";
import { refuseStopped } from "./query-error.ts";

/** Statements of which each is handed over when the one before is done. */
export async function* oneByOne(
  session: Pick<Session, "run">,
  statements: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<number | null, void> {
  for (const sql of statements) {
    refuseStopped(signal);
    yield await session.run(sql);
  }
}
