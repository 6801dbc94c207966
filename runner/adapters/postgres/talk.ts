import type { Question } from "../../dialects/dialect.ts";
import type { Session } from "../adapter.ts";
import type { RawResult } from "./line.ts";

/** What a server can be told; the session is one who does, and has others do it for him. */
export type Talk = Pick<Session, "query" | "ask" | "run" | "runEach"> & {
  /** Statements in one message, which stop at the first that fails: one round trip while locks are held. */
  script(statements: readonly string[]): Promise<readonly RawResult[]>;
  /** A statement that asks, for a script in what runs now: a transaction, or none. */
  asking(asked: Question): Promise<string>;
  /** `COPY … FROM STDIN`. */
  copy(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
};
