import { setTimeout as sleep } from "node:timers/promises";
import type { Relation } from "../../graph/types.ts";
import type { CsvSource, FileSource, Replacement } from "../../plan/step.ts";
import type { CatalogRelation, RelationKind, ResultColumn, ResultTable, Session } from "../adapter.ts";
import { withComment, withoutComment } from "../query-comment.ts";
import type { QueryComment } from "../query-comment.ts";
import { QueryError } from "../query-error.ts";
import { retryConflicts } from "../retry-conflicts.ts";
import { readCatalog, readColumns, readRelations } from "./catalog.ts";
import { describing, placedInDescribed } from "./describing.ts";
import { KeptQueries } from "./kept-queries.ts";
import type { KeptQuery } from "./talk.ts";
import type { Line, RawResult } from "./line.ts";
import { loadCsv } from "./load-csv.ts";
import { loadFile } from "./load-file.ts";
import { givenUp, queryError } from "./query-errors.ts";
import { replaceRelation } from "./replace-relation.ts";
import { replaceView } from "./replace-view.ts";
import type { TypeNames } from "./type-names.ts";

/** Between two requests to stop a statement: the first may reach the server before the statement does. */
const CANCEL_EVERY = 50;
/** So many that do not reach the server at all, and the connection is closed: each waits two seconds for one that stands still. */
const UNHEARD = 2;

/** Rows that are asked for at a time. */
const FETCHED = 5000;

export type Lines = {
  /** A line that is ready for statements. */
  take(signal: AbortSignal): Promise<Line>;
  giveBack(line: Line): Promise<void>;
  /** Nothing while no other run can have begun, else what tells it: a QueryError of kind "locked" where one has. */
  hold(): Promise<void> | undefined;
  readonly types: TypeNames;
};

/** One connection, made anew when it is lost between transactions. Calls are queued, so that statements of one session never overlap. */
export class PostgresSession implements Session {
  readonly #lines: Lines;
  #line: Line | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  /** Statements are numbered as they are handed over; those up to `#stopped` are not to run, or not to go on. */
  #handed = 0;
  #stopped = 0;
  #interrupts = 0;
  #current: Line | null = null;
  /** While a line is made. */
  #taking: AbortController | null = null;
  /** The line was closed, because the server was not heard of. */
  #isGivenUp = false;
  #stopping: Promise<void> | null = null;
  #inTransaction = false;
  #closed = false;
  #comment: QueryComment | null = null;
  #kept = new KeptQueries();

  constructor(lines: Lines, line: Line | null = null) {
    this.#lines = lines;
    this.#line = line;
  }

  annotate(comment: QueryComment | null): void {
    this.#comment = comment;
  }

  async query(sql: string): Promise<ResultTable> {
    return this.#execute(sql, async (line, sent) => {
      const [raw] = await this.#send(line, sent, "one");
      return this.#lines.types.table(raw!, line);
    });
  }

  async *stream(sql: string): AsyncGenerator<ResultTable["rows"], void> {
    const before = this.#interrupts;
    await this.run("begin");
    this.#inTransaction = true;
    try {
      await this.run(`declare statloom_rows no scroll cursor for\n${sql}`);
      for (;;) {
        // An interrupt between two of its statements, which the server hears of too late for the one, is of the other.
        if (this.#interrupts !== before)
          throw new QueryError({ message: "the statement was cancelled", kind: "cancelled", sql });
        const { rows } = await this.query(`fetch ${FETCHED} from statloom_rows`);
        if (rows.length === 0) return;
        yield rows;
      }
    } finally {
      await this.run("rollback").catch(() => undefined);
      this.#inTransaction = false;
    }
  }

  async run(sql: string): Promise<number | null> {
    const once = (): Promise<number | null> =>
      this.#execute(sql, async (line, sent) => {
        const [raw] = await this.#send(line, sent, "one");
        // A query changes nothing, and is counted all the same.
        return raw!.columns.length > 0 ? null : raw!.count;
      });
    return this.#inTransaction ? once() : retryConflicts(once);
  }

  /** The server takes several as one transaction, and refuses in it what cannot stand in one. */
  async runAll(sql: string): Promise<void> {
    const once = (): Promise<void> =>
      this.#execute(sql, async (line, sent) => {
        try {
          await this.#send(line, sent, "script");
        } catch (error) {
          // One of them may have begun a transaction.
          if (!this.#inTransaction && !line.isLost())
            await line.send("rollback", "one").catch(() => undefined);
          throw error;
        }
      });
    await (this.#inTransaction ? once() : retryConflicts(once));
  }

  /** Statements in one message, which stop at the first that fails: one round trip while locks are held. */
  async script(statements: readonly string[]): Promise<readonly RawResult[]> {
    if (statements.length === 0) return [];
    const sql = statements.join(";\n");
    return this.#execute(sql, (line, sent) => this.#send(line, sent, "script"));
  }

  asking(query: KeptQuery, ...values: readonly string[]): Promise<string> {
    return this.#kept.asking(this, query, values);
  }

  async transaction<T>(body: () => Promise<T>): Promise<T> {
    let isCommitting = false;
    await this.run("begin");
    this.#inTransaction = true;
    try {
      const result = await body();
      await this.#lines.hold();
      isCommitting = true;
      await this.run("commit");
      return result;
    } catch (error) {
      const isLost = error instanceof QueryError && error.kind === "lost";
      await this.run("rollback").catch(() => undefined);
      // The server undoes what a lost connection leaves; only of a commit nobody knows whether it arrived.
      throw isLost && !isCommitting && !this.#closed ? error.restated({ isUndone: true }) : error;
    } finally {
      this.#inTransaction = false;
    }
  }

  listRelations(schema: string): Promise<ReadonlyMap<string, RelationKind>> {
    return readRelations(this, schema);
  }

  catalog(schemas: readonly string[]): Promise<readonly CatalogRelation[]> {
    return readCatalog(this, schemas);
  }

  columnsOf(relation: Relation): Promise<readonly ResultColumn[]> {
    return readColumns(this, relation);
  }

  async describe(query: string): Promise<readonly ResultColumn[]> {
    const { sql, undo } = describing(query, this.#inTransaction);
    const found = await this.#execute(sql, async (line, sent) => {
      try {
        return (await this.#send(line, sent, "script")).find((result) => result.columns.length > 0)!;
      } catch (error) {
        if (!line.isLost()) await line.send(undo, "one");
        throw error;
      }
    }).catch((error: unknown) => {
      throw placedInDescribed(error, query);
    });
    return found.rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
  }

  replaceRelation(replacement: Replacement): Promise<void> {
    return replaceRelation(this, replacement);
  }

  replaceView(target: Relation, sql: string): Promise<boolean> {
    return replaceView(this, target, sql);
  }

  loadCsv(target: Relation, csv: CsvSource): Promise<number> {
    return loadCsv(this, target, csv);
  }

  loadFile(target: Relation, file: FileSource): Promise<number> {
    return loadFile(this, target, file);
  }

  /** `sql` is a `COPY … FROM STDIN`. */
  async copy(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    await this.#execute(sql, (line, sent) => this.#during(line, line.copy(sent, chunks)));
  }

  interrupt(): void {
    this.#interrupts++;
    if (this.#stopped === this.#handed) return;
    this.#stopped = this.#handed;
    this.#taking?.abort();
    this.#stop();
  }

  async close(): Promise<void> {
    if (!this.#closed) this.interrupt();
    this.#closed = true;
    await this.#tail;
    const line = this.#line;
    this.#line = null;
    if (line) await this.#lines.giveBack(line);
  }

  async #execute<T>(sql: string, body: (line: Line, sent: string) => Promise<T>): Promise<T> {
    const ticket = ++this.#handed;
    const comment = this.#comment;
    const sent = withComment(sql, comment);
    const isClosed = this.#closed;
    const turn = this.#tail.then(async () => {
      try {
        this.#refuse(sql, ticket, isClosed);
        const line = await this.#ready();
        this.#refuse(sql, ticket, isClosed);
        return await body(line, sent);
      } catch (error) {
        const failed = this.#isGivenUp
          ? givenUp(sent, error)
          : this.#kept.orConflict(queryError(error, sent));
        throw failed instanceof QueryError ? withoutComment(failed, sql, comment) : failed;
      } finally {
        // A request that is on its way must not meet the next statement.
        await this.#stopping;
        if (ticket === this.#handed) this.#stopped = ticket;
      }
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  #send(line: Line, sql: string, how: "one" | "script"): Promise<readonly RawResult[]> {
    return this.#during(line, line.send(sql, how));
  }

  async #during<T>(line: Line, running: Promise<T>): Promise<T> {
    this.#current = line;
    try {
      return await running;
    } finally {
      this.#current = null;
    }
  }

  /** The line that there is; a new one where it was lost and nothing hangs on it. */
  async #ready(): Promise<Line> {
    if (this.#line && this.#inTransaction) return this.#line;
    const holding = this.#lines.hold();
    if (holding) await holding;
    if (this.#line && !this.#line.isLost()) return this.#line;
    const lost = this.#line;
    this.#line = null;
    await lost?.hangUp();
    this.#isGivenUp = false;
    this.#kept = new KeptQueries();
    const taking = (this.#taking = new AbortController());
    try {
      return (this.#line = await this.#lines.take(taking.signal));
    } finally {
      this.#taking = null;
    }
  }

  #refuse(sql: string, ticket: number, isClosed: boolean): void {
    if (isClosed) throw new QueryError({ message: "the session is closed", kind: "lost", sql });
    if (ticket <= this.#stopped)
      throw new QueryError({ message: "the statement was cancelled", kind: "cancelled", sql });
    // The message to the server ends with a NUL: what stands before it would run.
    if (sql.includes("\0"))
      throw new QueryError({ message: "the statement holds a NUL character", kind: "sql", sql });
  }

  #stop(): void {
    this.#stopping ??= (async () => {
      for (let unheard = 0; this.#current !== null;) {
        unheard = (await this.#current.cancel()) ? 0 : unheard + 1;
        if (unheard >= UNHEARD && this.#current !== null) {
          this.#isGivenUp = true;
          await this.#current.hangUp();
        }
        if (this.#current !== null) await sleep(CANCEL_EVERY);
      }
      this.#stopping = null;
    })();
  }
}
