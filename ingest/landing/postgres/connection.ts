import { OperationError, UsageError } from "../../../runner/base/errors.ts";
import { connectionError } from "../../../runner/adapters/postgres/connection-errors.ts";
import type { Connected } from "../../../runner/adapters/postgres/line.ts";
import { copyInto } from "../../../runner/adapters/postgres/wire.ts";
import { QueryError } from "../../../runner/adapters/query-error.ts";
import { connectionFromUrl } from "../../../runner/project/postgres-target.ts";
import type { PostgresConnection } from "../../../runner/project/types.ts";
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
export function openConnection({ url, signal, root = process.cwd(), env = {} }: StagingOptions): Connection {
  const to = connectionFromUrl(url, root, env);
  if (to === undefined) {
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
        line ??= await dial(to, signal);
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

async function dial(to: PostgresConnection, signal: AbortSignal | undefined): Promise<Line> {
  const { connect } = await import("../../../runner/adapters/postgres/line.ts");
  let connected: Connected;
  try {
    connected = await connect(to, { signal });
  } catch (error) {
    throw cannotConnect(error, to);
  }
  const { run, hangUp } = connected;
  try {
    await run((sql) =>
      sql.unsafe("set client_encoding = 'UTF8'; set standard_conforming_strings = on").simple(),
    );
  } catch (error) {
    await hangUp();
    throw error;
  }
  return {
    session: {
      query: async <Row extends object>(text: string) => [...(await run((sql) => sql.unsafe<Row[]>(text)))],
      copy: (text, chunks) => run((sql) => copyInto(sql, text, chunks)),
    },
    hangUp,
  };
}

/** Why, in the words that a target has for it. */
function cannotConnect(error: unknown, to: PostgresConnection): unknown {
  const told = connectionError(error, to);
  if (!(told instanceof QueryError)) return told;
  const [message = "", hint] = told.message.split("\n");
  const { code = "" } = error as { code?: string };
  const retryable = RETRYABLE.test(code);
  return new OperationError("STAGING_FAILED", message, { ...(hint !== undefined && { hint }), retryable });
}

const HINTS: Readonly<Record<string, string>> = {
  "23505": "two rows of the document belong to the same cell, or somebody wrote into the staging table",
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
