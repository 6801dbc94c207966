import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import type { Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { ConnectionOptions } from "node:tls";
import postgres from "postgres";
import { diskError } from "../../base/files.ts";
import { copyInto, openSocket } from "./wire.ts";
import type { SocketAddress } from "./wire.ts";
import type { PostgresConnection } from "../../project/types.ts";

/** What one statement came to: cells as the server's text, null for null. */
export type RawResult = {
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
  readonly count: number | null;
};

/** One connection; what is sent before the one before has been answered waits for its turn at the server. Errors are the driver's own. */
export type Line = {
  /** One statement, where the server refuses two in one text; or a `script`: several in one message, which stop at the first that fails. */
  send(sql: string, how: "one" | "script"): Promise<readonly RawResult[]>;
  /** Asks the server to stop what runs: whether it could be asked. */
  cancel(): Promise<boolean>;
  /** `sql` is a `COPY … FROM STDIN`; `chunks` is pulled as fast as the server reads. */
  copy(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  isLost(): boolean;
  hangUp(): Promise<void>;
};

/** Of what one statement came to. A query changes nothing, and is counted all the same. */
export const rowsChanged = ([raw]: readonly RawResult[]): number | null =>
  raw!.columns.length > 0 ? null : raw!.count;

type Columns = readonly { readonly name: string; readonly type: number }[];
type Driver = Iterable<(Buffer | null)[]> & { readonly count: number | null; readonly columns?: Columns };

/** A driver with the one connection that it has. */
export type Connected = {
  /** Has the driver do something, for as long as it is connected; when it no longer is, the thing fails, whatever the driver makes of it. */
  readonly run: <T>(what: (sql: postgres.Sql) => PromiseLike<T>) => Promise<T>;
  readonly hangUp: () => Promise<void>;
  readonly isLost: () => boolean;
  /** Asks the server to stop what runs: whether it could be asked. */
  readonly cancel: () => Promise<boolean>;
};

export type Watch = {
  /** Gives up connecting. */
  readonly signal?: AbortSignal | undefined;
  /** Called once when the connection is gone, whoever ended it. */
  readonly onLost?: () => void;
};

/** Connects and returns when the server takes statements. Throws what the network or the server said, or an OperationError for a certificate. */
export async function connect(to: PostgresConnection, watch: Watch = {}): Promise<Connected> {
  const path = to.host.startsWith("/") ? `${to.host}/.s.PGSQL.${to.port}` : undefined;
  const [first, second] = path === undefined ? tlsAttempts(to) : [false as const];
  try {
    return await connectBy(to, path, first, watch);
  } catch (error) {
    // The server's rules differ for a connection that is encrypted, and some servers have no TLS.
    const { code } = error as { code?: unknown };
    if (
      second === undefined ||
      watch.signal?.aborted ||
      !/^(28000|ECONNRESET|CONNECTION_)/.test(String(code))
    )
      throw error;
    return connectBy(to, path, second, watch);
  }
}

async function connectBy(
  to: PostgresConnection,
  path: string | undefined,
  ssl: Encryption,
  { signal, onLost }: Watch,
): Promise<Connected> {
  let isLost = false;
  let socket: Socket | undefined;
  const underway = new Set<() => void>();
  const options: Record<string, unknown> = {
    host: to.host,
    port: to.port,
    ...(path !== undefined && { path }),
    user: to.user,
    // As a function: at an empty text the driver looks into the environment for itself.
    pass: () => to.password ?? "",
    database: to.database,
    ssl,
    max: 1,
    connect_timeout: to.connectTimeout,
    max_lifetime: null,
    idle_timeout: 0,
    prepare: false,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => {
      isLost = true;
      onLost?.();
      // It never settles what it was given after an error of the socket and before its end. What it does settle comes first.
      setImmediate(() => {
        for (const abandon of underway) abandon();
      });
    },
    // An option of the driver that its types leave out.
    socket(address: SocketAddress) {
      // It would connect again by itself, over and over, and run what is left of a transaction.
      if (socket !== undefined || signal?.aborted) throw lost();
      return (socket = openSocket(address));
    },
    connection: { application_name: to.applicationName },
  };
  const sql = postgres(options);
  const hangUp = async (): Promise<void> => {
    await sql.end({ timeout: 0 });
    if (socket !== undefined) forget(socket);
  };
  const giveUp = (): void => void socket?.destroy(lost());
  signal?.addEventListener("abort", giveUp, { once: true });
  let backend: Backend;
  try {
    const first = sql.unsafe("select");
    await first;
    backend = (first as unknown as { state: Backend }).state;
  } catch (error) {
    await hangUp();
    throw error;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
  return {
    async run(what) {
      if (isLost) throw lost();
      let abandon = (): void => {};
      const abandoned = new Promise<never>((_, reject) => (abandon = () => reject(lost())));
      underway.add(abandon);
      try {
        return await Promise.race([what(sql), abandoned]);
      } catch (error) {
        // Nobody is to try again before the driver has heard of it, too.
        isLost ||= OF_NETWORK.test(String((error as { code?: unknown } | null)?.code));
        throw error;
      } finally {
        underway.delete(abandon);
      }
    },
    hangUp,
    isLost: () => isLost,
    cancel: () => askToStop(to, path, backend),
  };
}

/** A connection that gives cells as the server's text; errors as {@link connect} has them. */
export async function dial(to: PostgresConnection, watch: Watch = {}): Promise<Line> {
  const { run, ...line } = await connect(to, watch);
  return {
    ...line,
    async send(text, how) {
      const found = await run((sql) => sql.unsafe(text, [], { simple: how === "script" } as object).raw());
      return resultsOf(found as unknown as Driver | Driver[]);
    },
    copy: (text, chunks) => run((sql) => copyInto(sql, text, chunks)),
  };
}

const OF_NETWORK = /^(CONNECTION_|ECONN|EPIPE|ETIMEDOUT|ENET|EHOST)/;

const lost = (): Error => Object.assign(new Error("the server hung up"), { code: "CONNECTION_CLOSED" });

/** Nobody answers a goodbye where the network or the server stands still: it must keep neither the process nor the socket. */
function forget(socket: Socket): void {
  socket.unref();
  setTimeout(() => socket.destroy(), 1000).unref();
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
): Promise<boolean> {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(pid, 8);
  message.writeUInt32BE(secret, 12);
  const socket = path === undefined ? createConnection(to.port, to.host) : createConnection(path);
  return new Promise((resolve) => {
    socket.setTimeout(2000, () => socket.destroy());
    // A server that was asked hangs up.
    socket.once("end", () => resolve(true));
    socket.on("error", () => socket.destroy()).on("close", () => resolve(false));
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

type Encryption = false | "prefer" | ConnectionOptions;

/** libpq's modes: what is tried first, and what where the server's rules refuse that. https://www.postgresql.org/docs/current/libpq-ssl.html */
function tlsAttempts({ host, tls }: PostgresConnection): [first: Encryption, second?: Encryption] {
  const { mode, rootCert, cert, key } = tls;
  if (mode === "disable") return [false];
  if (mode === "prefer" && cert === undefined) return ["prefer", false];
  // Made here: what does not fit together would else fail where the driver lets nobody catch it.
  const secureContext = createSecureContext({
    ...(cert !== undefined && { cert: readFile(cert) }),
    ...(key !== undefined && { key: readFile(key) }),
    ...(rootCert !== undefined && { ca: readFile(rootCert) }),
  });
  // The driver would have the name of an address checked as "localhost".
  const own = { host, secureContext };
  const unchecked = { ...own, rejectUnauthorized: false };
  switch (mode) {
    case "allow":
      return [false, unchecked];
    case "prefer":
      // The driver's own word for it, which goes on where the server has no TLS, knows no certificate of ours.
      return [unchecked, false];
    case "require":
      // With a root certificate it means verify-ca, as in libpq.
      return rootCert === undefined ? [unchecked] : [{ ...own, checkServerIdentity: () => undefined }];
    case "verify-ca":
      return [{ ...own, checkServerIdentity: () => undefined }];
    case "verify-full":
      return [own];
  }
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw diskError(`cannot read ${path}`, error);
  }
}
