import { postgres } from "../../dialects/postgres.ts";
import { codeOf } from "../query-error.ts";
import type { QueryError } from "../query-error.ts";
import type { KeptQuery, Talk } from "./talk.ts";

/**
 * Has the server plan such queries once a session: it takes five to twenty times as long to plan one as to answer it. Where the server
 * keeps none, as behind a pool that gives each transaction another of its connections, they are asked as they are.
 */
export class KeptQueries {
  readonly #kept = new Set<string>();
  #isRefused = false;

  /** A statement that asks, to be sent in the transaction that runs. */
  async asking(
    talk: Pick<Talk, "run" | "script">,
    query: KeptQuery,
    values: readonly string[],
  ): Promise<string> {
    const literals = values.map((value) => postgres.literal(value));
    if (!this.#isRefused && !this.#kept.has(query.name)) await this.#keep(talk, query, values.length);
    return this.#isRefused ? query.sql(...literals) : `execute ${query.name}(${literals.join(", ")})`;
  }

  /** The same failure, or, where the server has forgotten what it was to keep, one that has the transaction run again: without asking it to. */
  orConflict(error: unknown): unknown {
    if (this.#kept.size === 0 || codeOf(error) !== "26000") return error;
    this.#isRefused = true;
    return (error as QueryError).restated({ kind: "conflict", isUndone: true });
  }

  async #keep(talk: Pick<Talk, "run" | "script">, { name, sql }: KeptQuery, count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, i) => `$${i + 1}`);
    const types = numbers.map(() => "text").join(", ");
    try {
      await talk.script([
        "savepoint statloom_keep",
        `prepare ${name}(${types}) as ${sql(...numbers)}`,
        "release savepoint statloom_keep",
      ]);
      this.#kept.add(name);
    } catch (error) {
      // Another session's own is there.
      if (codeOf(error) !== "42P05") throw error;
      this.#isRefused = true;
      await talk.run("rollback to savepoint statloom_keep");
    }
  }
}
