import type { Adapter, Session } from "../adapters/adapter.ts";
import type { Worker } from "../execute/schedule.ts";

/** A worker of the scheduler with a session that it keeps for as long as the run lasts. */
export type SessionWorker = Worker & {
  readonly session: Session;
  /** A new session in place of one whose connection may be gone. */
  renew(): Promise<void>;
  /** One more session, which whoever asks closes. */
  another(): Promise<Session>;
  /** Does one thing on a session that is closed afterwards, so that nothing it sets reaches the next node. */
  apart<T>(body: (session: Session) => Promise<T>): Promise<T>;
};

export async function openWorker(adapter: Adapter): Promise<SessionWorker> {
  let session = await adapter.session();
  let current = session;
  return {
    get session() {
      return session;
    },
    async renew() {
      await session.close();
      current = session = await adapter.session();
    },
    another: () => adapter.session(),
    async apart(body) {
      current = await adapter.session();
      try {
        return await body(current);
      } finally {
        await current.close();
        current = session;
      }
    },
    interrupt: () => current.interrupt(),
    close: () => session.close(),
  };
}
