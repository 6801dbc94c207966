import { ProjectError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import type { Place } from "../base/problems.ts";

/** Rows as maps by column, in order. */
export type QueryRows = readonly { readonly [column: string]: Json }[];
export type Ask = (sql: string) => Promise<QueryRows>;

/**
 * Results of queries that templates ask for while they are compiled. Rendering cannot wait: a query whose result is not there stops it, is run,
 * and the template is rendered again. Each is run once, until something is built.
 */
export class Queries {
  /** false: `--no-introspect`. */
  readonly areAllowed: boolean;
  readonly #kept = new Map<string, QueryRows>();
  /** Of the template that is being settled; null: whoever compiles now cannot wait, and what was not asked before is empty. */
  #active: Map<string, QueryRows> | null = null;
  /** Why nothing is answered now; null: it is. */
  #refusal: string | null = null;

  constructor(areAllowed: boolean) {
    this.areAllowed = areAllowed;
  }

  answer(sql: string, place: Place): QueryRows {
    if (!this.areAllowed) {
      const message = "a query is asked for while SQL is compiled, and --no-introspect forbids it";
      const hint = "leave the option out, or write what needs the answer within {{#if execute}}…{{/if}}";
      throw new ProjectError([{ ...place, code: "INTROSPECTION_OFF", message, hint }]);
    }
    if (this.#refusal !== null) throw unanswered(place, this.#refusal);
    const known = this.#active?.get(sql) ?? this.#kept.get(sql);
    if (known === undefined && this.#active !== null) throw new PendingQuery(sql, place);
    return known ?? [];
  }

  /** Compiles with the answers to all that is asked. What goes wrong with a query is told where it is asked for. */
  async settle<T>(compile: () => T, ask: Ask, explain: (error: unknown) => string | undefined): Promise<T> {
    const answers = new Map<string, QueryRows>();
    for (;;) {
      try {
        this.#active = answers;
        return compile();
      } catch (error) {
        if (!(error instanceof PendingQuery)) throw error;
        this.#active = null;
        const rows = await ask(error.sql).catch((cause: unknown) => {
          throw failed(error.place, explain(cause)) ?? cause;
        });
        answers.set(error.sql, rows);
        this.#kept.set(error.sql, rows);
      } finally {
        this.#active = null;
      }
    }
  }

  /** What can be said without a query; else null. */
  without<T>(compile: () => T): T | null {
    this.#active = new Map();
    try {
      return compile();
    } catch (error) {
      if (error instanceof PendingQuery) return null;
      throw error;
    } finally {
      this.#active = null;
    }
  }

  /** Compiles where nothing can be asked: whatever asks is a mistake, with `hint` as the way out. */
  refusing<T>(hint: string, compile: () => T): T {
    this.#refusal = hint;
    try {
      return compile();
    } finally {
      this.#refusal = null;
    }
  }

  /** Something was built: what was true of it may not be so any more. */
  forget(): void {
    this.#kept.clear();
  }
}

/** Thrown through the renderer; never reaches anybody else. */
export class PendingQuery extends Error {
  readonly sql: string;
  readonly place: Place;
  constructor(sql: string, place: Place) {
    super("a query waits to be run");
    this.sql = sql;
    this.place = place;
  }
}

function unanswered({ file, line, column }: Place, hint: string): ProjectError {
  const message = "a query is asked for where there is no warehouse to ask yet";
  return new ProjectError([{ file, line, column, code: "QUERY_UNANSWERED", message, hint }]);
}

function failed({ file, line, column }: Place, message: string | undefined): ProjectError | undefined {
  if (message === undefined) return undefined;
  const hint =
    "it runs while the SQL is compiled, once all is built that the node refers to: name what it reads by ref or source";
  return new ProjectError([
    { file, line, column, code: "QUERY_FAILED", message: `the query fails: ${message}`, hint },
  ]);
}
