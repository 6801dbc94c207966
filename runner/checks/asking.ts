import type { Session } from "../adapters/adapter.ts";

/** What a test asks with: a session, or what stands for one within a transaction. */
export type Asking = Pick<Session, "query" | "run" | "transaction">;
