import { setTimeout as sleep } from "node:timers/promises";
import { QueryError } from "../query-error.ts";
import type { Line } from "./line.ts";

/** Between two requests to stop a statement: the first may reach the server before the statement does. */
const CANCEL_EVERY = 50;
/** So many that do not reach the server at all, and the connection is closed: each waits two seconds for one that stands still. */
const UNHEARD = 2;

/** What is to be stopped of a session's statements, which are numbered as they are handed over. */
export class Stops {
  #handed = 0;
  /** Those up to it are not to run, or not to go on. */
  #stopped = 0;
  #current: Line | null = null;
  #stopping: Promise<void> | null = null;
  /** How often somebody wanted it. */
  interrupts = 0;
  /** The line was closed, because the server was not heard of. */
  isGivenUp = false;

  /** Whether somebody wants what runs to end. */
  get isStopping(): boolean {
    return this.#stopping !== null;
  }

  /** The number of another one. */
  hand(): number {
    return ++this.#handed;
  }

  /** Throws where it must not run. */
  refuse(sql: string, ticket: number, isClosed: boolean): void {
    if (isClosed) throw new QueryError({ message: "the session is closed", kind: "lost", sql });
    if (ticket <= this.#stopped)
      throw new QueryError({ message: "the statement was cancelled", kind: "cancelled", sql });
    // The message to the server ends with a NUL: what stands before it would run.
    if (sql.includes("\0"))
      throw new QueryError({ message: "the statement holds a NUL character", kind: "sql", sql });
  }

  /** False: nothing runs or waits. */
  interrupt(): boolean {
    this.interrupts++;
    if (this.#stopped === this.#handed) return false;
    this.#stopped = this.#handed;
    // What waits for its turn will not have it.
    if (this.#current !== null) this.#stopping ??= this.#stop();
    return true;
  }

  async during<T>(line: Line, running: Promise<T>): Promise<T> {
    this.#current = line;
    try {
      return await running;
    } finally {
      this.#current = null;
    }
  }

  /** Resolves when the next one may run: a request that is on its way must not meet it. */
  async ended(ticket: number): Promise<void> {
    await this.#stopping;
    if (ticket === this.#handed) this.#stopped = ticket;
  }

  async #stop(): Promise<void> {
    for (let unheard = 0; this.#current !== null;) {
      unheard = (await this.#current.cancel()) ? 0 : unheard + 1;
      if (unheard >= UNHEARD && this.#current !== null) {
        this.isGivenUp = true;
        await this.#current.hangUp();
      }
      if (this.#current !== null) await sleep(CANCEL_EVERY);
    }
    this.#stopping = null;
  }
}
