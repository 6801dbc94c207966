import { printable } from "../../base/text.ts";
import { QueryError } from "../query-error.ts";
import type { QueryErrorKind } from "../query-error.ts";

/** What the server says of a mistake. https://www.postgresql.org/docs/current/protocol-error-fields.html */
type ServerError = Error & {
  readonly code: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  /** Characters from 1. */
  readonly position?: string;
  readonly schema_name?: string;
};

/** By SQLSTATE: the longest beginning that fits decides. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: readonly (readonly [RegExp, QueryErrorKind])[] = [
  [/^57014/, "cancelled"],
  [/^(40001|40P01)/, "conflict"],
  [/^55P03/, "locked"],
  [/^(08|57P0|CONNECT|E[A-Z]+$)/, "lost"],
  [/^(53|58)/, "io"],
];

export const TOO_SLOW =
  "it takes longer than statement_timeout allows: raise that of the target, or of its user";

const hints: Readonly<Record<string, string>> = {
  "42501": "the user of the target lacks a right: grant it, or name another user",
  "53100": "the server's disk is full: free some space there; what was there before is untouched",
  "53300": "the server takes no more connections: lower threads, or raise max_connections",
  "57014": TOO_SLOW,
  "55P03": "somebody reads or writes this for long: repeat the run when it is done, or raise lock_timeout",
};

/**
 * What the server, the network or the driver said, as a {@link QueryError} with the place in `sql`. `isStopped`: somebody wanted it to end. Bugs are
 * passed on as they are.
 */
export function queryError(cause: unknown, sql: string, isStopped = false): unknown {
  if (cause instanceof QueryError || !(cause instanceof Error)) return cause;
  const { code } = cause as { code?: unknown };
  if (typeof code !== "string") return cause;
  const error = cause as ServerError;
  const kind = kindOf(error, isStopped);
  if (kind === undefined) return cause;
  return new QueryError({ message: messageFor(error, kind), kind, sql, ...placeIn(sql, error) }, cause);
}

const isServers = (error: Error): boolean => error.name === "PostgresError";

/** What the server, in its own language always, says of a catalogue that another transaction changes while it is read. */
const CHANGED_MEANWHILE =
  /^(tuple concurrently (updated|deleted)|could not open relation with OID \d+|cache lookup failed for \w+ \d+)$/;

function kindOf(error: ServerError, isStopped: boolean): QueryErrorKind | undefined {
  // Two that make the same thing at once: the catalogue's own keys refuse the second.
  const isRace =
    /^(42P06|42P07|42710)$/.test(error.code) ||
    (error.code === "23505" && error.schema_name === "pg_catalog") ||
    (error.code === "XX000" && CHANGED_MEANWHILE.test(error.message));
  if (isRace) return "conflict";
  // A timeout is the target's own wish, and no Ctrl-C; which of the two it was the server may tell in another language.
  if (error.code === "57014" && !isStopped && !/user request/.test(error.message)) return "sql";
  return kinds.find(([pattern]) => pattern.test(error.code))?.[1] ?? (isServers(error) ? "sql" : undefined);
}

function messageFor(error: ServerError, kind: QueryErrorKind): string {
  if (kind === "cancelled") return "the statement was cancelled";
  const { code, detail, where, hint } = error;
  const said = error.message.trim() || code;
  if (!isServers(error)) return `the connection was lost: ${said} (${code})`;
  // Where: which line of a COPY, which function; not the stack below it.
  const context = where === undefined ? undefined : /^COPY .*$/m.exec(where)?.[0];
  const facts = [said, detail, context].filter((text) => text !== undefined && text !== "").join("; ");
  const way = hint ?? hints[code];
  return printable(`${facts} (${code})`) + (way === undefined ? "" : `\n${printable(way)}`);
}

/** The server counts characters, strings count halves of some. */
function placeIn(sql: string, { position }: ServerError): { line: number | null; column: number | null } {
  const at = Number(position);
  if (!Number.isInteger(at) || at < 1) return { line: null, column: null };
  let before = "";
  let count = 1;
  for (const character of sql) {
    if (count++ >= at) break;
    before += character;
  }
  const lines = before.split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** What did not end because nobody could ask the server to end it. */
export function givenUp(sql: string, cause: unknown): QueryError {
  const message =
    "the statement was cancelled: the server could not be asked to stop it, and the connection was closed";
  return new QueryError({ message, kind: "cancelled", sql }, cause);
}
