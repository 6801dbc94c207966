import { md5 } from "../../base/hash.ts";
import { postgres } from "../../dialects/postgres.ts";
import type { Kept, Question } from "../../dialects/dialect.ts";
import { QueryError, codeOf } from "../query-error.ts";
import type { Talk } from "./talk.ts";

/**
 * Has the server plan such queries once a session: it takes five to twenty times as long to plan one as to answer it. Where the server
 * keeps none, as behind a pool that gives each transaction another of its connections, they are asked as they are.
 */
export class KeptQueries {
  readonly #kept = new Set<string>();
  #isRefused = false;

  /** A statement that asks, to be sent in the transaction that runs, or in none. */
  async asking(talk: Pick<Talk, "run" | "script">, asked: Question, inTransaction: boolean): Promise<string> {
    const { sql, kept } = asked;
    if (kept === undefined || this.#isRefused) return sql;
    const name = nameOf(kept);
    if (!this.#kept.has(name)) await this.#keep(talk, name, kept, inTransaction);
    return this.#isRefused ? sql : `execute ${name}${postgres.literal(kept.values)}`;
  }

  /** The same failure, or, where the server has forgotten what it was to keep, one that has the transaction run again: without asking it to. */
  orConflict(error: unknown): unknown {
    if (codeOf(error) !== "26000" || !(error instanceof QueryError) || !EXECUTES.test(error.sql))
      return error;
    // Else the connection is another since it was asked.
    if (this.#kept.size > 0) this.#isRefused = true;
    return error.restated({ kind: "conflict", isUndone: true });
  }

  async #keep(
    talk: Pick<Talk, "run" | "script">,
    name: string,
    { text, values }: Kept,
    inTransaction: boolean,
  ): Promise<void> {
    const types = values.map(() => "text").join(", ");
    const prepare = `prepare ${name}(${types}) as ${text}`;
    try {
      await talk.script(
        inTransaction ? ["savepoint statloom_keep", prepare, "release savepoint statloom_keep"] : [prepare],
      );
      this.#kept.add(name);
    } catch (error) {
      // Another session's own is there.
      if (codeOf(error) !== "42P05") throw error;
      this.#isRefused = true;
      if (inTransaction) await talk.run("rollback to savepoint statloom_keep");
    }
  }
}

/** Behind a pool a connection may know what another release asks by the same name. */
const nameOf = ({ name, text }: Kept): string => `${name}_${md5(text).slice(0, 8)}`;

const EXECUTES = /\bexecute statloom_\w+\(/;
