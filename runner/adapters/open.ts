import type { Target } from "../project/types.ts";
import type { Adapter } from "./adapter.ts";
import { waitForLock } from "./wait-for-lock.ts";
import type { LockWait } from "./wait-for-lock.ts";

/**
 * Opens the warehouse of a target and imports no engine but that one.
 * With `wait`, as a run that writes. A warehouse that another process holds is a QueryError of kind "locked", at once or when `wait` is over. An abort of
 * `signal`, without one of that of `wait`, ends the connecting.
 */
export async function openAdapter(
  target: Target,
  wait?: LockWait,
  signal: AbortSignal | undefined = wait?.signal,
): Promise<Adapter> {
  switch (target.type) {
    case "duckdb": {
      const { openDuckDb } = await import("./duckdb/open-duckdb.ts");
      return wait ? waitForLock(() => openDuckDb(target), wait) : openDuckDb(target);
    }
    case "postgres": {
      const { openPostgres } = await import("./postgres/open-postgres.ts");
      return wait
        ? waitForLock(() => openPostgres(target, true, wait.signal), wait)
        : openPostgres(target, false, signal);
    }
  }
}
