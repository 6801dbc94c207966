import { QueryError } from "../query-error.ts";
import { postgres, postgresBefore15 } from "../../dialects/postgres.ts";
import type { PostgresTarget, Target } from "../../project/types.ts";
import type { Adapter, Attached } from "../adapter.ts";
import { retryConflicts } from "../retry-conflicts.ts";
import { connectionError } from "./connection-errors.ts";
import { dial } from "./line.ts";
import type { Line } from "./line.ts";
import { queryError } from "./query-errors.ts";
import { takeRunLock } from "./run-lock.ts";
import { PostgresSession } from "./session.ts";
import { createTypeNames } from "./type-names.ts";

/**
 * Connects. `isRun`: as a run that writes, which no second run on the same schema joins: that is a QueryError of kind "locked" which
 * says who is at it.
 */
export async function openPostgres(target: PostgresTarget, isRun: boolean): Promise<Adapter> {
  const idle: Line[] = [];
  const sessions = new Set<PostgresSession>();
  const types = createTypeNames();
  let isClosed = false;
  const first = await connect(target);
  const release = isRun ? await takeRunLock(target, first.line) : undefined;
  if (release === undefined) idle.push(first.line);

  async function take(): Promise<Line> {
    const used = idle.pop();
    if (used !== undefined && !used.isLost()) return used;
    try {
      return (await retryConflicts(() => connect(target))).line;
    } catch (error) {
      // It has been tried often enough.
      throw error instanceof QueryError ? error.restated({ isUndone: false }) : error;
    }
  }
  async function giveBack(line: Line): Promise<void> {
    if (isClosed || line.isLost()) return line.hangUp();
    // Temporary tables and settings of one session are none of the next one's.
    try {
      await line.send("discard all", "one");
      await prepare(line, target);
      idle.push(line);
    } catch {
      await line.hangUp();
    }
  }
  async function session(): Promise<PostgresSession> {
    const opened = new PostgresSession({ take, giveBack, types }, await take());
    sessions.add(opened);
    return opened;
  }
  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await Promise.all(Array.from(sessions, (each) => each.close()));
    await Promise.all(idle.map((line) => line.hangUp()));
    await release?.();
  }
  /** Schemas of one database are read by one session, if it is the same user's. */
  function attach(other: Target): Promise<Attached | null> {
    const facts = (one: Target): string =>
      one.type === "postgres" ? JSON.stringify([one.connection, one.settings]) : "";
    if (facts(other) !== facts(target)) return Promise.resolve(null);
    const adapter = { ...self, close: () => Promise.resolve() };
    return Promise.resolve({ adapter, database: null });
  }
  const self: Adapter = {
    dialect: first.version < 150_000 ? postgresBefore15 : postgres,
    session,
    attach,
    close,
    [Symbol.asyncDispose]: close,
    version: () =>
      Promise.resolve(`PostgreSQL ${Math.floor(first.version / 10_000)}.${first.version % 10_000}`),
  };
  return self;
}

const OLDEST = 140_000;

async function connect(target: PostgresTarget): Promise<{ readonly line: Line; readonly version: number }> {
  let line: Line | undefined;
  try {
    line = await dial(target.connection);
    return { line, version: await prepare(line, target) };
  } catch (error) {
    await line?.hangUp();
    throw error instanceof QueryError ? error : connectionError(error, target.connection);
  }
}

/** Sets what the target says, and how values are spelled; returns the server's version as a number, `150014` for 15.14. */
async function prepare(line: Line, target: PostgresTarget): Promise<number> {
  const set = (name: string, value: string | number | boolean): string =>
    `select set_config(${postgres.literal(name)}, ${postgres.literal(String(value))}, false)`;
  const sql = [
    set("timezone", "UTC"),
    set("client_min_messages", "warning"),
    ...Object.entries(target.settings).map(([name, value]) => set(name, value)),
    ...Object.entries(spelling).map(([name, value]) => set(name, value)),
    // A client that was killed is noticed while its statement runs; not every system can.
    `select set_config('client_connection_check_interval', '10s', false) where version() !~* 'windows|visual c|mingw|apple'`,
    "select current_setting('server_version_num')",
  ].join(";\n");
  let version: number;
  try {
    const results = await line.send(sql, "script");
    version = Number(String(results.at(-1)?.rows[0]?.[0]));
    if (version >= OLDEST) return version;
  } catch (error) {
    const refused = queryError(error, sql);
    if (!(refused instanceof QueryError) || refused.kind === "lost") throw error;
    const message = `the server refuses a setting of target "${target.name}": ${refused.message}`;
    throw refused.restated({ message, sql: "", line: null, column: null });
  }
  throw tooOld(version);
}

function tooOld(version: number): QueryError {
  const message = `the server is PostgreSQL ${Math.floor(version / 10_000)}, and this needs 14 or newer`;
  return new QueryError({ message, kind: "sql", sql: "" });
}

const spelling = {
  datestyle: "ISO",
  intervalstyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: 1,
  standard_conforming_strings: "on",
} as const;
