import { resolve } from "node:path";
import { passwordFromFile } from "./pgpass.ts";
import type { PostgresTargetConfig } from "./project-schema.ts";
import type { PostgresConnection, PostgresTarget, PostgresTls } from "./types.ts";

type Env = Readonly<Record<string, string | undefined>>;
type Parts = Partial<
  Pick<
    PostgresTargetConfig,
    | "host"
    | "port"
    | "user"
    | "password"
    | "dbname"
    | "sslmode"
    | "sslrootcert"
    | "sslcert"
    | "sslkey"
    | "application_name"
    | "connect_timeout"
  >
>;
type Mistake = { readonly key: string; readonly message: string; readonly hint: string };

/** A target as it will be connected to, and what is wrong with it by key. The URL is never part of a message. */
export function postgresTarget(
  name: string,
  config: PostgresTargetConfig,
  root: string,
  env: Env,
): { readonly target: PostgresTarget; readonly mistakes: readonly Mistake[] } {
  const { url = "", schema, threads, settings, statement_timeout, lock_timeout, search_path, role } = config;
  const read = url === "" ? {} : readUrl(url);
  const mistakes = read === undefined ? [{ key: "url", ...notAnAddress }] : [];
  const connection = connectionOf({ ...read, ...given(config) }, root, env);
  const target: PostgresTarget = {
    type: "postgres",
    name,
    connection,
    schema,
    threads,
    settings: {
      ...(statement_timeout !== undefined && { statement_timeout }),
      ...(lock_timeout !== undefined && { lock_timeout }),
      ...(search_path !== undefined && {
        search_path: search_path.map((one) => `"${one.replaceAll('"', '""')}"`).join(", "),
      }),
      ...(role !== undefined && { role }),
      ...settings,
    },
  };
  return { target, mistakes };
}

/** The connection that an address alone names, with the environment behind it; undefined when it is no address. */
export function connectionFromUrl(url: string, root: string, env: Env): PostgresConnection | undefined {
  const parts = readUrl(url);
  return parts && connectionOf(parts, root, env);
}

const notAnAddress = {
  message: "this is not the address of a PostgreSQL database",
  hint: "it looks like postgres://user:password@host:5432/database; signs such as @ or / in a password are written %40, %2F",
};

/** Without keys that are not said: they would hide what the URL says. */
function given(config: PostgresTargetConfig): Parts {
  const { host, port, user, password, dbname, sslmode, sslrootcert, sslcert, sslkey } = config;
  const { application_name, connect_timeout } = config;
  const all = { host, port, user, password, dbname, sslmode, sslrootcert, sslcert, sslkey };
  const parts = { ...all, application_name, connect_timeout };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS, with one host. */
function readUrl(text: string): Parts | undefined {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const query = Object.fromEntries(url.searchParams);
  try {
    const port = url.port || query["port"];
    const mode = query["sslmode"];
    if (mode !== undefined && !MODES.has(mode)) return undefined;
    const parts = {
      host: decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, "$1")) || query["host"],
      port: port === undefined || port === "" ? undefined : Number(port),
      user: decodeURIComponent(url.username) || query["user"],
      password: decodeURIComponent(url.password) || query["password"],
      dbname: decodeURIComponent(url.pathname.slice(1)) || query["dbname"],
      sslmode: mode as PostgresTls["mode"] | undefined,
      sslrootcert: query["sslrootcert"],
      sslcert: query["sslcert"],
      sslkey: query["sslkey"],
      application_name: query["application_name"],
      connect_timeout: query["connect_timeout"] === undefined ? undefined : Number(query["connect_timeout"]),
    };
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  } catch {
    // a percent sign that begins no character
    return undefined;
  }
}

const MODES: ReadonlySet<string> = new Set([
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
]);

/** What is not said is as libpq has it: the environment, then `~/.pgpass`, then its defaults. */
function connectionOf(parts: Parts, root: string, env: Env): PostgresConnection {
  const said = (name: string): string | undefined => env[name] || undefined;
  const host = parts.host ?? said("PGHOST") ?? "localhost";
  const port = parts.port ?? Number(said("PGPORT") ?? 5432);
  const user = parts.user ?? said("PGUSER") ?? said("USER") ?? said("USERNAME") ?? "postgres";
  const database = parts.dbname ?? said("PGDATABASE") ?? user;
  const mode = parts.sslmode ?? said("PGSSLMODE") ?? "prefer";
  // Those of the system are what is trusted anyway.
  const rootCert = parts.sslrootcert ?? said("PGSSLROOTCERT");
  const path = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : resolve(root, value);
  return {
    host,
    port,
    user,
    password: parts.password ?? said("PGPASSWORD") ?? passwordFromFile({ host, port, database, user }, env),
    database,
    tls: {
      mode:
        rootCert === "system" ? "verify-full" : MODES.has(mode) ? (mode as PostgresTls["mode"]) : "prefer",
      rootCert: rootCert === "system" ? undefined : path(rootCert),
      cert: path(parts.sslcert ?? said("PGSSLCERT")),
      key: path(parts.sslkey ?? said("PGSSLKEY")),
    },
    applicationName: parts.application_name ?? said("PGAPPNAME") ?? "statloom",
    connectTimeout: parts.connect_timeout ?? (Number(said("PGCONNECT_TIMEOUT")) || 15),
  };
}
