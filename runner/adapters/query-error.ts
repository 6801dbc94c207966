import { StatloomError } from "../base/errors.ts";

/**
 * `locked`: another process holds the warehouse. `cancelled`: we asked for it. `lost`: the connection went.
 * `network`: something that the engine reads from far away did not answer.
 * `conflict`: another transaction changed the same thing; the whole transaction may be tried again.
 */
export type QueryErrorKind = "sql" | "cancelled" | "conflict" | "locked" | "lost" | "network" | "io";

const PASSING: ReadonlySet<QueryErrorKind> = new Set(["lost", "locked", "conflict", "network"]);

type QueryFacts = {
  readonly message: string;
  readonly kind: QueryErrorKind;
  readonly sql: string;
  readonly line?: number | null;
  readonly column?: number | null;
  /** Nothing of it was done, and it may be done again from its start: a conflict is always so. */
  readonly isUndone?: boolean;
};

/** Whether somebody wants it to end: nothing is left out for that, and all else goes no further. */
export const isStop = (error: unknown): boolean => error instanceof QueryError && error.kind === "cancelled";

/** Whether a row was refused because of a constraint of its table. */
export const breaksConstraint = (error: QueryError): boolean => codeOf(error).startsWith("23");

/** What PostgreSQL calls what went wrong; empty where it was none of its statements. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function codeOf(error: unknown): string {
  const cause: unknown = error instanceof QueryError ? error.cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
}

/** Whether a column could not go or change because views read it: what depends on it, or what the server does not do then. */
export const isReadByOthers = (error: QueryError): boolean => /^(2BP01|0A000)$/.test(codeOf(error));

/** A statement that the engine refused. Retrying helps only where the kind says so. */
export class QueryError extends StatloomError {
  override readonly name = "QueryError";
  override readonly code = "QUERY_FAILED";
  override readonly exitCode = 1;
  override readonly retryable: boolean;
  readonly kind: QueryErrorKind;
  readonly sql: string;
  /** Position in `sql` from 1, where the engine says. */
  readonly line: number | null;
  readonly column: number | null;
  readonly isUndone: boolean;
  constructor(facts: QueryFacts, cause?: unknown) {
    super(facts.message, cause === undefined ? undefined : { cause });
    this.kind = facts.kind;
    this.sql = facts.sql;
    this.line = facts.line ?? null;
    this.column = facts.column ?? null;
    this.isUndone = facts.isUndone ?? facts.kind === "conflict";
    this.retryable = PASSING.has(facts.kind);
  }
  /** The same failure told otherwise: what `change` does not say stays. */
  restated(change: Partial<QueryFacts>): QueryError {
    const { message, kind, sql, line, column, isUndone } = this;
    return new QueryError({ message, kind, sql, line, column, isUndone, ...change }, this.cause);
  }
}

/** Throws once somebody has asked for the end. */
export function refuseStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new QueryError({ message: "cancelled", kind: "cancelled", sql: "" });
}
