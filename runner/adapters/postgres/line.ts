import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import type { ConnectionOptions } from "node:tls";
import postgres from "postgres";
import { diskError } from "../../base/files.ts";
import { copyInto, openSocket } from "./wire.ts";
import type { PostgresConnection, PostgresTls } from "../../project/types.ts";

/** What one statement came to: cells as the server's text, null for null. */
export type RawResult = {
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
  readonly count: number | null;
};

/** One connection, for one statement at a time. Errors are the driver's own. */
export type Line = {
  /** One statement, where the server refuses two in one text; or a `script`: several in one message, which stop at the first that fails. */
  send(sql: string, how: "one" | "script"): Promise<readonly RawResult[]>;
  /** Asks the server to stop what runs; resolves when it has been asked, or could not be reached. */
  cancel(): Promise<void>;
  /** `sql` is a `COPY … FROM STDIN`; `chunks` is pulled as fast as the server reads. */
  copy(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  isLost(): boolean;
  hangUp(): Promise<void>;
};

type Columns = readonly { readonly name: string; readonly type: number }[];
type Driver = Iterable<(Buffer | null)[]> & { readonly count: number | null; readonly columns?: Columns };

/** Connects and returns when the server takes statements. Throws what the network or the server said, or an OperationError for a certificate. */
export async function dial(to: PostgresConnection): Promise<Line> {
  let isLost = false;
  const path = to.host.startsWith("/") ? `${to.host}/.s.PGSQL.${to.port}` : undefined;
  const options: Record<string, unknown> = {
    host: to.host,
    port: to.port,
    ...(path !== undefined && { path }),
    user: to.user,
    // As a function: at an empty text the driver looks into the environment for itself.
    pass: () => to.password ?? "",
    database: to.database,
    ssl: path === undefined ? tlsOptions(to.tls) : false,
    max: 1,
    connect_timeout: to.connectTimeout,
    max_lifetime: null,
    idle_timeout: 0,
    prepare: false,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => {
      isLost = true;
    },
    // An option of the driver that its types leave out.
    socket: openSocket,
    connection: { application_name: to.applicationName },
  };
  const sql = postgres(options);
  let backend: Backend;
  try {
    const first = sql.unsafe("select");
    await first;
    backend = (first as unknown as { state: Backend }).state;
  } catch (error) {
    await sql.end({ timeout: 0 });
    throw error;
  }
  /** The driver would connect again, and run what is left of a transaction by itself. */
  const alive = (): postgres.Sql => {
    if (isLost) throw Object.assign(new Error("the connection was lost"), { code: "CONNECTION_CLOSED" });
    return sql;
  };
  return {
    async send(text, how) {
      const query = alive()
        .unsafe(text, [], { simple: how === "script" } as object)
        .raw();
      return resultsOf((await query) as unknown as Driver | Driver[]);
    },
    cancel: () => askToStop(to, path, backend),
    copy: (text, chunks) => copyInto(alive(), text, chunks),
    isLost: () => isLost,
    hangUp: () => sql.end({ timeout: 0 }),
  };
}

type Backend = { readonly pid: number; readonly secret: number };

/**
 * The driver can ask once and does not tell when it has. As libpq did it until 17: unencrypted, and holding nothing but a number that
 * is of no use for anything else. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
function askToStop(
  to: PostgresConnection,
  path: string | undefined,
  { pid, secret }: Backend,
): Promise<void> {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(pid, 8);
  message.writeUInt32BE(secret, 12);
  const socket = path === undefined ? createConnection(to.port, to.host) : createConnection(path);
  return new Promise((resolve) => {
    socket.setTimeout(2000, () => socket.destroy());
    socket.on("error", () => socket.destroy()).on("close", () => resolve());
    socket.resume().write(message);
  });
}

/** Several statements give a list of results; one gives a list of rows that knows its count. */
const resultsOf = (found: Driver | Driver[]): RawResult[] =>
  "count" in found ? [rawResult(found)] : found.map(rawResult);

const rawResult = (rows: Driver): RawResult => ({
  columns: rows.columns ?? [],
  rows: Array.from(rows),
  count: rows.count ?? null,
});

/** libpq's modes in the driver's words. https://www.postgresql.org/docs/current/libpq-ssl.html */
function tlsOptions({ mode, rootCert, cert, key }: PostgresTls): false | "prefer" | ConnectionOptions {
  if (mode === "disable") return false;
  const own = {
    ...(cert !== undefined && { cert: readFile(cert) }),
    ...(key !== undefined && { key: readFile(key) }),
  };
  const ca = rootCert === undefined ? {} : { ca: readFile(rootCert) };
  switch (mode) {
    case "allow":
    case "prefer":
      return "prefer";
    case "require":
      // With a root certificate it means verify-ca, as in libpq.
      if (rootCert === undefined) return { ...own, rejectUnauthorized: false };
      return { ...own, ...ca, checkServerIdentity: () => undefined };
    case "verify-ca":
      return { ...own, ...ca, checkServerIdentity: () => undefined };
    case "verify-full":
      return { ...own, ...ca };
  }
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw diskError(`cannot read ${path}`, error);
  }
}
