import { setTimeout as sleep } from "node:timers/promises";
import { QueryError } from "../query-error.ts";
import type { RawResult } from "./line.ts";
import type { Talk } from "./talk.ts";

/** How long readers may be made to wait behind us, who wait for those before them: less than the second after which the server looks for deadlocks. */
const LOCK_MS = 300;
/** Between two tries, so that readers get on. */
const PAUSE_MS = 100;
/** For the whole of it, where the session has no lock_timeout of its own. */
const PATIENCE_MS = 300_000;

const OWN = `select current_setting('lock_timeout'), extract(epoch from current_setting('lock_timeout')::interval) * 1000`;

/** Undoes what was done since the last try began, its locks too. */
export const UNDO = "rollback to savepoint statloom_lock";

/** What is sent before locks are asked for, and after. */
export type Waiting = { readonly wait: string; readonly reset: string };

/**
 * Does what needs locks that others may hold, in the transaction that runs: one that does not come at once is asked for again later, and what
 * was locked before it let go, so that no queue forms behind us and nobody waits for each other. `first` is asked before, in the message that
 * begins each try; `body` gets the answers, and gives undefined for what is to be tried again too.
 */
export async function patiently<T>(
  session: Pick<Talk, "run" | "script">,
  first: () => Promise<readonly string[]>,
  body: (found: readonly RawResult[], waiting: Waiting) => Promise<T | undefined>,
): Promise<T> {
  const begin = performance.now();
  let patience = PATIENCE_MS;
  for (;;) {
    const asked = await first();
    const [own, ...found] = answersOf(await session.script(["savepoint statloom_lock", OWN, ...asked]));
    const [setting, ms] = own!.rows[0]!.map(String);
    if (Number(ms) > 0) patience = Math.ceil(Number(ms));
    try {
      const done = await body(found, {
        wait: `set local lock_timeout = ${Math.min(LOCK_MS, patience)}`,
        reset: `set local lock_timeout = '${setting}'`,
      });
      if (done !== undefined) return done;
    } catch (error) {
      const isBusy = error instanceof QueryError && (error.kind === "locked" || error.kind === "conflict");
      if (!isBusy || performance.now() - begin >= patience) throw error;
    }
    // Somebody holds it, or changed it meanwhile.
    await session.run(UNDO);
    await sleep(PAUSE_MS * (0.5 + Math.random()));
  }
}

/** What the queries in a script came to; the driver does not tell of every statement that gives no rows. */
export const answersOf = (results: readonly RawResult[]): RawResult[] =>
  results.filter(({ columns }) => columns.length > 0);
