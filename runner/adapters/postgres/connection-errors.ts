import type { PostgresConnection } from "../../project/types.ts";
import { messageOf } from "../../base/errors.ts";
import { printable } from "../../base/text.ts";
import { QueryError } from "../query-error.ts";
import { TOO_SLOW } from "./query-errors.ts";

/** What is so while a server starts again. */
const PASSING = /^(57P0|53300|ECONN|EPIPE|CONNECTION_|CONNECT_TIMEOUT)/;

type Told = { readonly what: string; readonly hint: string };

/** Why a connection did not come about, in words; nothing of it holds the password. Bugs are passed on as they are. */
export function connectionError(cause: unknown, to: PostgresConnection): unknown {
  if (!(cause instanceof Error)) return cause;
  const { code = "" } = cause as { code?: string };
  const told = tell(code, cause, to);
  if (told === undefined) return cause;
  const message = `cannot connect to PostgreSQL at ${printable(`${to.host}:${to.port}`)}: ${told.what}\n${told.hint}`;
  return new QueryError({ message, kind: "lost", sql: "", isUndone: PASSING.test(code) }, cause);
}

function tell(code: string, cause: Error, to: PostgresConnection): Told | undefined {
  const user = `"${printable(to.user)}"`;
  const database = `"${printable(to.database)}"`;
  const said = printable(messageOf(cause));
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        what: `no host is called "${printable(to.host)}" (${code})`,
        hint: "check host, or the name server of this machine",
      };
    case "ECONNREFUSED":
      return {
        what: `nothing listens there (${code})`,
        hint: "is the server up, the port right, and does it listen on this address (listen_addresses)?",
      };
    case "ENOENT":
      return {
        what: "there is no such socket (ENOENT)",
        hint: "is the server up, and host its socket's folder?",
      };
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "CONNECT_TIMEOUT":
      return {
        what: `it does not answer within ${to.connectTimeout} s (${code})`,
        hint: "check host and port, and whether a firewall stands between",
      };
    case "28P01":
      return {
        what: to.password
          ? `the password of user ${user} is not accepted (${code})`
          : `user ${user} needs a password, and none is given (${code})`,
        hint: "set password, PGPASSWORD, or a line in ~/.pgpass",
      };
    case "28000":
      return {
        what: `the server does not let user ${user} in: ${said} (${code})`,
        hint: /encryption|hostssl|SSL/i.test(said)
          ? "its pg_hba.conf asks for TLS or forbids it: set sslmode to require or disable"
          : "does the role exist, and does pg_hba.conf name it for this address?",
      };
    case "3D000":
      return {
        what: `there is no database ${database} (${code})`,
        hint: `create it: createdb ${printable(to.database)}`,
      };
    case "42501":
      return {
        what: `user ${user} may not connect to ${database} (${code})`,
        hint: `grant connect on database ${database} to ${user}`,
      };
    case "53300":
      return {
        what: `all its connections are taken (${code})`,
        hint: "lower threads, end idle connections, or raise max_connections",
      };
    case "57014":
      return { what: `${said} (${code})`, hint: TOO_SLOW };
    case "57P03":
      return { what: `${said} (${code})`, hint: "it is starting up or shutting down: try again in a moment" };
    case "ECONNRESET":
    case "EPIPE":
    case "CONNECTION_CLOSED":
    case "CONNECTION_ENDED":
    case "CONNECTION_DESTROYED":
      return {
        what: `it hung up (${code})`,
        hint: /^(require|verify)/.test(to.tls.mode)
          ? `sslmode is ${to.tls.mode}: does the server do TLS at all (ssl = on)?`
          : "is this a PostgreSQL server?",
      };
    default:
      return (
        tellTls(code, said, to) ??
        (cause.name === "PostgresError"
          ? { what: `${said} (${code})`, hint: "see the server's log" }
          : undefined)
      );
  }
}

function tellTls(code: string, said: string, { tls, host }: PostgresConnection): Told | undefined {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      what: `its certificate is for another name than "${printable(host)}" (${code})`,
      hint: "name the host as the certificate does, or set sslmode to verify-ca",
    };
  }
  if (code === "CERT_HAS_EXPIRED")
    return { what: `its certificate has expired (${code})`, hint: "renew it on the server" };
  if (/SELF_SIGNED|UNABLE_TO_|CERT_|ISSUER/.test(code)) {
    return {
      what: `its certificate is signed by nobody known here (${code})`,
      hint: tls.rootCert
        ? "sslrootcert is not the certificate that signed it"
        : "set sslrootcert to the certificate that signed it",
    };
  }
  if (/^ERR_(SSL|TLS|OSSL)/.test(code))
    return { what: `TLS failed: ${said} (${code})`, hint: "check sslmode, sslcert and sslkey" };
  return undefined;
}
