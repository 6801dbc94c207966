import type postgres from "postgres";
import { OperationError, UsageError } from "../../../runner/base/errors.ts";
import { copyInto, openSocket } from "../../../runner/adapters/postgres/wire.ts";
import { printable } from "../../../runner/base/text.ts";
import type { StagingOptions } from "./staging.ts";

/** One transaction of one connection. Statements are given as text, with everything in them quoted already. */
export type Session = {
  query<Row extends object>(sql: string): Promise<Row[]>;
  /** `sql` is a `COPY … FROM STDIN`; `chunks` is pulled as fast as the server reads. */
  copy(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
};

export type Connection = {
  /** Runs `body` in a transaction: all of it happens, or none. */
  transaction<T>(body: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** Opens a connection at the first transaction. Failures are OperationErrors that never hold the URL. */
export function openConnection({ url, signal }: StagingOptions): Connection {
  if (!/^postgres(?:ql)?:\/\/./.test(url) || !URL.canParse(url)) {
    throw new UsageError(
      "STAGING_URL",
      "ingest.staging.url is not the address of a PostgreSQL database",
      "it looks like postgres://user:password@host:5432/database",
    );
  }
  let line: Line | undefined;
  const hangUp = async (): Promise<void> => {
    const open = line;
    line = undefined;
    await open?.hangUp();
  };
  const stop = (): void => void hangUp();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    async transaction(body) {
      signal?.throwIfAborted();
      try {
        line ??= await dial(url);
        const { session } = line;
        await session.query("begin");
        const result = await body(session);
        await session.query("commit");
        return result;
      } catch (error) {
        // The server rolls back what a connection leaves unfinished. Nothing else is sure to reach it after any failure.
        await hangUp();
        signal?.throwIfAborted();
        throw readable(error);
      }
    },
    async close() {
      signal?.removeEventListener("abort", stop);
      await hangUp();
    },
  };
}

type Line = { readonly session: Session; hangUp(): Promise<void> };

async function dial(url: string): Promise<Line> {
  const { default: connect } = await import("postgres");
  let isLost = false;
  const settings = {
    max: 1,
    connect_timeout: 15,
    prepare: false,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => {
      isLost = true;
    },
    socket: openSocket,
    connection: { application_name: "statloom", client_encoding: "UTF8", standard_conforming_strings: "on" },
  };
  const sql = connect(url, settings);
  let reserved: postgres.ReservedSql;
  try {
    // Reserving waits for ever on a connection that is not there yet and fetches no types.
    await sql.unsafe("select");
    reserved = await sql.reserve();
  } catch (error) {
    await sql.end({ timeout: 0 });
    throw error;
  }
  /** The driver fails beyond catching when a statement is given to a connection that is closed. */
  const alive = (): postgres.ReservedSql => {
    if (isLost) throw Object.assign(new Error("the connection was lost"), { code: "CONNECTION_CLOSED" });
    return reserved;
  };
  return {
    session: {
      query: async <Row extends object>(text: string) => [...(await alive().unsafe<Row[]>(text))],
      copy: (text, chunks) => copyInto(alive(), text, chunks),
    },
    hangUp: () => sql.end({ timeout: 0 }),
  };
}

const HINTS: Readonly<Record<string, string>> = {
  "23505": "two rows of the document belong to the same cell, or somebody wrote into the staging table",
  "28P01": "check the user and the password in the address of the staging database",
  "3D000": "make the database first: Statloom makes the schema and the tables",
  "42501": "the user needs the right to create the schema, or a schema in which it may create tables",
  "53100":
    "the server's disk is full: free some space and repeat the command; what was there before is untouched",
  "55P03": "another process loads this table or reads it for long: repeat the command when it is done",
  "57P01":
    "the server was told to stop: repeat the command when it is up again; what was there before is untouched",
};

/** Connection lost or refused, too many connections, deadlock, serialization, lock not available, shutdown. */
const RETRYABLE = /^(?:08|53300|40001|40P01|55P03|57P0|E[A-Z]+$|CONNECT|CONNECTION)/;

/** What the server or the network said, in our words; anything else is passed on as it is. */
function readable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OperationError || error instanceof UsageError)
    return error;
  const { code } = error as { code?: unknown };
  const isServer = error.name === "PostgresError";
  const isNetwork = typeof code === "string" && /^(?:E[A-Z]+|CONNECT\w*)$/.test(code) && !("path" in error);
  if (typeof code !== "string" || !(isServer || isNetwork)) return error;
  const hint = HINTS[code] ?? (isNetwork ? "is the server up, and the address right?" : undefined);
  const detail = (error as { detail?: unknown }).detail;
  const said = [error.message, detail].filter((text) => typeof text === "string" && text !== "").join("; ");
  return new OperationError("STAGING_FAILED", `PostgreSQL: ${printable(said || code)} (${code})`, {
    ...(hint !== undefined && { hint }),
    retryable: RETRYABLE.test(code),
  });
}
