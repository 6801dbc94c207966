import { printable } from "../../base/text.ts";
import { QueryError } from "../query-error.ts";
import { postgres, postgresBefore15 } from "../../dialects/postgres.ts";
import type { PostgresTarget, Target } from "../../project/types.ts";
import type { Adapter, Attached } from "../adapter.ts";
import { retryConflicts } from "../retry-conflicts.ts";
import { connectionError } from "./connection-errors.ts";
import { dial } from "./line.ts";
import type { Line, Watch } from "./line.ts";
import { queryError } from "./query-errors.ts";
import { takeRunLock } from "./run-lock.ts";
import { PostgresSession } from "./session.ts";
import { createTypeNames } from "./type-names.ts";

/**
 * Connects. `isRun`: as a run that writes, which no second run on the same schema joins: that is a QueryError of kind "locked" which
 * says who is at it. An abort of `signal` ends the connecting, not what has been opened.
 */
export async function openPostgres(
  target: PostgresTarget,
  isRun: boolean,
  signal?: AbortSignal,
): Promise<Adapter> {
  const idle: Line[] = [];
  const sessions = new Set<PostgresSession>();
  const types = createTypeNames();
  let isClosed = false;
  let version = 0;
  async function dialled(watch: Watch): Promise<Line> {
    const made = await connect(target, watch);
    ({ version } = made);
    return made.line;
  }
  const lock = isRun ? await takeRunLock(target, dialled, signal) : undefined;
  if (lock === undefined) idle.push(await dialled({ signal }));

  async function take(taking?: AbortSignal): Promise<Line> {
    const used = idle.pop();
    if (used !== undefined && !used.isLost()) return used;
    try {
      return await retryConflicts(() => dialled({ signal: taking }), taking);
    } catch (error) {
      if (taking?.aborted) throw stopped(target, error);
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
  const hold = (): Promise<void> | undefined => lock?.hold();
  async function session(): Promise<PostgresSession> {
    const opened = new PostgresSession({ take, giveBack, types, hold }, await take());
    sessions.add(opened);
    return opened;
  }
  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await Promise.all(Array.from(sessions, (each) => each.close()));
    await Promise.all(idle.map((line) => line.hangUp()));
    await lock?.release();
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
    dialect: version < 150_000 ? postgresBefore15 : postgres,
    session,
    attach,
    close,
    [Symbol.asyncDispose]: close,
    version: () => Promise.resolve(`PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`),
  };
  return self;
}

const OLDEST = 140_000;

async function connect(
  target: PostgresTarget,
  watch: Watch,
): Promise<{ readonly line: Line; readonly version: number }> {
  let line: Line | undefined;
  try {
    line = await dial(target.connection, watch);
    return { line, version: await prepare(line, target) };
  } catch (error) {
    await line?.hangUp();
    if (watch.signal?.aborted) throw stopped(target, error);
    throw error instanceof QueryError ? error : connectionError(error, target.connection);
  }
}

function stopped({ connection: { host, port } }: PostgresTarget, cause: unknown): QueryError {
  const message = `stopped while connecting to PostgreSQL at ${printable(`${host}:${port}`)}`;
  return new QueryError({ message, kind: "cancelled", sql: "" }, cause);
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
