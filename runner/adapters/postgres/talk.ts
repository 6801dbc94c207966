import type { Session } from "../adapter.ts";
import type { RawResult } from "./line.ts";

/** A query that is asked of node after node; `sql` gives it for values that are written as SQL expressions of text. */
export type KeptQuery = { readonly name: string; readonly sql: (...values: readonly string[]) => string };

/** What a server can be told; the session is one who does, and has others do it for him. */
export type Talk = Pick<Session, "query" | "run"> & {
  /** Statements in one message, which stop at the first that fails: one round trip while locks are held. */
  script(statements: readonly string[]): Promise<readonly RawResult[]>;
  /** A statement that asks a query which the server plans once for the session; `values` as text. For the transaction that runs. */
  asking(query: KeptQuery, ...values: readonly string[]): Promise<string>;
  /** `COPY … FROM STDIN`. */
  copy(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
};
