import type { Session } from "../adapter.ts";
import type { RawResult } from "./line.ts";

/** What a server can be told; the session is one who does, and has others do it for him. */
export type Talk = Pick<Session, "query" | "run"> & {
  /** Statements in one message, which stop at the first that fails: one round trip while locks are held. */
  script(statements: readonly string[]): Promise<readonly RawResult[]>;
  /** `COPY … FROM STDIN`. */
  copy(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
};
