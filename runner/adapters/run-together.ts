import type { Session } from "./adapter.ts";
import { retryConflicts } from "./retry-conflicts.ts";

/** Runs statements one after the other in one transaction, and all again where another transaction came between. */
export const runTogether = (session: Session, statements: readonly string[]): Promise<void> =>
  retryConflicts(() =>
    session.transaction(async () => {
      for (const statement of statements) await session.run(statement);
    }),
  );
