import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/errors.ts";
import { printable } from "../../base/text.ts";
import { postgres } from "../../dialects/postgres.ts";
import type { PostgresTarget } from "../../project/types.ts";
import { QueryError } from "../query-error.ts";
import { retryConflicts } from "../retry-conflicts.ts";
import { connectionError } from "./connection-errors.ts";
import type { Line, Watch } from "./line.ts";

/** The lock of a target's schema, which no second run that writes gets meanwhile. */
export type RunLock = {
  /**
   * Nothing while it is held. Where its connection was lost, it is taken again: that fails as a connection does, or, for good, with a
   * QueryError of kind "locked" when another run was faster.
   */
  hold(): Promise<void> | undefined;
  release(): Promise<void>;
};

/**
 * Takes the lock for as long as a connection of its own is open: the server lets go of it with that, however it ends.
 * Held by another: a QueryError of kind "locked" that says by whom. An abort of `ofRun` ends the taking, not what is held.
 */
export async function takeRunLock(
  target: PostgresTarget,
  dial: (watch: Watch) => Promise<Line>,
  ofRun?: AbortSignal,
): Promise<RunLock> {
  const stop = new AbortController();
  const signal = ofRun ? AbortSignal.any([stop.signal, ofRun]) : stop.signal;
  let taken: Taken | undefined;
  let taking: Promise<void> | undefined;
  let gone: QueryError | undefined;

  async function take(own?: number): Promise<void> {
    let line: Line | undefined;
    // At once: every moment without it is one in which another run can begin. Whoever asks for it next hears of a failure.
    const onLost = (): void => {
      if (line !== undefined && taken?.line === line && !signal.aborted) hold()?.catch(() => undefined);
    };
    line = await dial({ signal, onLost });
    try {
      taken = { line, backend: await lock(target, line, own) };
    } catch (error) {
      await line.hangUp();
      throw error;
    }
  }
  async function takeAgain(own: number): Promise<void> {
    try {
      await retryConflicts(() => take(own), signal);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      // It has been tried often enough.
      if (error.kind !== "locked") throw error.restated({ isUndone: false });
      const message = `the connection that kept other runs away was lost, and one has begun: ${messageOf(error)}`;
      throw (gone = error.restated({ message }));
    }
  }
  function hold(): Promise<void> | undefined {
    if (taken?.line.isLost() === false) return undefined;
    if (gone !== undefined) return Promise.reject(gone);
    return (taking ??= takeAgain(taken!.backend).finally(() => (taking = undefined)));
  }

  await take();
  return {
    hold,
    async release() {
      stop.abort();
      await taking?.catch(() => undefined);
      await taken?.line.hangUp();
    },
  };
}

type Taken = { readonly line: Line; readonly backend: number };

/** Between two looks at a backend of ours that was told to go. */
const PAUSE_MS = 50;
const LOOKS = 100;

/** The process of the server that holds it then. `own` is the one that held it for us before, which may not know yet that it was left. */
async function lock(target: PostgresTarget, line: Line, own?: number): Promise<number> {
  const key = `hashtextextended(${postgres.literal(`statloom run ${target.schema}`)}, 0)`;
  const name = `${target.connection.applicationName} (process ${process.pid} on ${hostname()})`;
  const sql = [
    `select set_config('application_name', ${postgres.literal(name.slice(0, 63))}, false)`,
    // It is idle for as long as the run takes.
    "select set_config('idle_session_timeout', '0', false)",
    `select pg_try_advisory_lock(${key}), pg_backend_pid()`,
    `select a.application_name, a.usename, to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), a.pid
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
         and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
         and (l.classid::bigint << 32 | l.objid::bigint) = ${key}`,
  ].join(";\n");
  for (let look = 0; ; look++) {
    const found = await line.send(sql, "script").catch((error: unknown) => {
      throw connectionError(error, target.connection);
    });
    const [isTaken, backend] = found[2]?.rows[0]?.map(String) ?? [];
    if (isTaken === "t") return Number(backend);
    const [application, user, since, holder] = found[3]?.rows[0]?.map(String) ?? [];
    const isOurs = holder === undefined || Number(holder) === own;
    if (own !== undefined && isOurs && look < LOOKS) {
      if (holder !== undefined) await line.send(`select pg_terminate_backend(${own})`, "one");
      await sleep(PAUSE_MS);
      continue;
    }
    const by = application === undefined ? "another run" : `${application}, user ${user}, since ${since}`;
    const message = `the schema "${target.schema}" of ${target.connection.database} is being built by ${by}: wait until it ends`;
    throw new QueryError({ message: printable(message), kind: "locked", sql: "" });
  }
}
