import type { Question } from "../../dialects/dialect.ts";
import type { Relation } from "../../graph/types.ts";
import type { CsvSource, FileSource, Replacement } from "../../plan/step.ts";
import type {
  CatalogRelation,
  Described,
  RelationKind,
  ResultColumn,
  ResultTable,
  Session,
} from "../adapter.ts";
import { withComment, withoutComment } from "../query-comment.ts";
import type { QueryComment } from "../query-comment.ts";
import { QueryError, refuseStopped } from "../query-error.ts";
import { oneByOne } from "../one-by-one.ts";
import { retryConflicts } from "../retry-conflicts.ts";
import { readCatalog, readColumns, readRelations } from "./catalog.ts";
import { describe } from "./describing.ts";
import { KeptQueries } from "./kept-queries.ts";
import { rowsChanged } from "./line.ts";
import type { Line, RawResult } from "./line.ts";
import type { Lines } from "./lines.ts";
import { loadCsv } from "./load-csv.ts";
import { loadFile } from "./load-file.ts";
import { givenUp, queryError } from "./query-errors.ts";
import { answersOf } from "./patiently.ts";
import { replaceRelation } from "./replace-relation.ts";
import { replaceView } from "./replace-view.ts";
import { Stops } from "./stops.ts";

/** Rows that are asked for at a time. */
const FETCHED = 5000;

/** One connection, made anew when it is lost between transactions. Calls are queued, so that statements of one session never overlap. */
export class PostgresSession implements Session {
  readonly #lines: Lines;
  #line: Line | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #stops = new Stops();
  /** While a line is made. */
  #taking: AbortController | null = null;
  /** "due": it begins with the first statement of it. */
  #transaction: "none" | "due" | "runs" = "none";
  /** It is the line's, and goes with it. */
  #hasBegun = false;
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
    if (this.#transaction === "due") await this.#begin();
    return this.#execute(sql, async (line, sent) => {
      const [raw] = await this.#send(line, sent, "one");
      return this.#lines.types.table(raw!, line);
    });
  }

  async ask(asked: Question): Promise<ResultTable> {
    const once = async (): Promise<ResultTable> =>
      this.#execute(this.#withBegin([await this.asking(asked)]), async (line, sent) => {
        const [raw] = answersOf(await this.#send(line, sent, "script"));
        return this.#lines.types.table(raw!, line);
      });
    return this.#transaction === "none" ? retryConflicts(once) : once();
  }

  async *stream(sql: string): AsyncGenerator<ResultTable["rows"], void> {
    const before = this.#stops.interrupts;
    this.#transaction = "due";
    try {
      await this.run(`declare statloom_rows no scroll cursor for\n${sql}`);
      for (;;) {
        // An interrupt between two of its statements, which the server hears of too late for the one, is of the other.
        if (this.#stops.interrupts !== before)
          throw new QueryError({ message: "the statement was cancelled", kind: "cancelled", sql });
        const { rows } = await this.query(`fetch ${FETCHED} from statloom_rows`);
        if (rows.length === 0) return;
        yield rows;
      }
    } finally {
      if (this.#hasBegun) await this.run("rollback").catch(() => undefined);
      [this.#transaction, this.#hasBegun] = ["none", false];
    }
  }

  async run(sql: string): Promise<number | null> {
    if (this.#transaction === "due") await this.#begin();
    const once = (): Promise<number | null> =>
      this.#execute(sql, async (line, sent) => rowsChanged(await this.#send(line, sent, "one")));
    return this.#transaction === "none" ? retryConflicts(once) : once();
  }

  /** All are sent before the first has been answered: after one that fails the transaction refuses the others. */
  async *runEach(statements: readonly string[], signal?: AbortSignal): AsyncGenerator<number | null, void> {
    if (this.#transaction === "none") return yield* oneByOne(this, statements, signal);
    if (this.#transaction === "due") await this.#begin();
    refuseStopped(signal);
    const comment = this.#comment;
    const all = statements.join(";\n");
    const running = await this.#execute(all, async (line) => {
      const each = statements.map(async (sql) => {
        const sent = withComment(sql, comment);
        return line.send(sent, "one").then(rowsChanged, (error: unknown) => {
          throw this.#failure(error, { sql, sent, comment });
        });
      });
      await this.#stops.during(line, Promise.allSettled(each));
      return { each };
    });
    for (const one of running.each) yield await one;
  }

  /** The server takes several as one transaction, and refuses in it what cannot stand in one. */
  async runAll(sql: string): Promise<void> {
    if (this.#transaction === "due") await this.#begin();
    const once = (): Promise<void> =>
      this.#execute(sql, async (line, sent) => {
        try {
          await this.#send(line, sent, "script");
        } catch (error) {
          // One of them may have begun a transaction.
          if (this.#transaction === "none" && !line.isLost())
            await line.send("rollback", "one").catch(() => undefined);
          throw error;
        }
      });
    await (this.#transaction === "none" ? retryConflicts(once) : once());
  }

  /** Statements in one message, which stop at the first that fails: one round trip while locks are held. */
  async script(statements: readonly string[]): Promise<readonly RawResult[]> {
    if (statements.length === 0) return [];
    const sql = this.#withBegin(statements);
    return this.#execute(sql, (line, sent) => this.#send(line, sent, "script"));
  }

  asking(asked: Question): Promise<string> {
    return this.#kept.asking(this, asked, this.#transaction !== "none");
  }

  async transaction<T>(body: () => Promise<T>): Promise<T> {
    let isCommitting = false;
    this.#transaction = "due";
    try {
      const result = await body();
      await this.#lines.hold();
      isCommitting = true;
      if (this.#hasBegun) await this.run("commit");
      return result;
    } catch (error) {
      const isLost = error instanceof QueryError && error.kind === "lost";
      if (this.#hasBegun) await this.run("rollback").catch(() => undefined);
      // The server undoes what a lost connection leaves; only of a commit nobody knows whether it arrived.
      throw isLost && !isCommitting && !this.#closed ? error.restated({ isUndone: true }) : error;
    } finally {
      [this.#transaction, this.#hasBegun] = ["none", false];
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
    return (await describe(this, query, null, this.#transaction !== "none")).query;
  }

  async describeBoth(query: string, relation: Relation): Promise<Described> {
    const found = await describe(this, query, relation, this.#transaction !== "none");
    // Who asked takes it to be there.
    return found.relation.length > 0 ? found : { ...found, relation: await this.columnsOf(relation) };
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
    if (this.#transaction === "due") await this.#begin();
    await this.#execute(sql, (line, sent) => this.#stops.during(line, line.copy(sent, chunks)));
  }

  interrupt(): void {
    if (this.#stops.interrupt()) this.#taking?.abort();
  }

  async close(): Promise<void> {
    if (!this.#closed) this.interrupt();
    this.#closed = true;
    await this.#tail;
    const line = this.#line;
    this.#line = null;
    if (line) await this.#lines.giveBack(line);
  }

  async #begin(): Promise<void> {
    await this.#execute(this.#withBegin([]), (line, sent) => this.#send(line, sent, "one")).catch(
      (error: unknown) => {
        // Nothing may run outside of it instead.
        this.#transaction = "due";
        throw error;
      },
    );
  }

  /** Statements of ours as one message, with what begins the transaction before them where nothing has yet. */
  #withBegin(statements: readonly string[]): string {
    const isDue = this.#transaction === "due";
    if (isDue) this.#transaction = "runs";
    return (isDue ? ["begin", ...statements] : statements).join(";\n");
  }

  async #execute<T>(sql: string, body: (line: Line, sent: string) => Promise<T>): Promise<T> {
    const ticket = this.#stops.hand();
    const comment = this.#comment;
    const sent = withComment(sql, comment);
    const isClosed = this.#closed;
    const turn = this.#tail.then(async () => {
      try {
        this.#stops.refuse(sql, ticket, isClosed);
        const line = await this.#ready();
        this.#stops.refuse(sql, ticket, isClosed);
        this.#hasBegun = this.#transaction === "runs";
        return await body(line, sent);
      } catch (error) {
        if (!this.#hasBegun && this.#transaction === "runs") this.#transaction = "due";
        throw this.#failure(error, { sql, sent, comment });
      } finally {
        await this.#stops.ended(ticket);
      }
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** What is thrown of what the server, the network or the driver said of a statement. */
  #failure(
    error: unknown,
    { sql, sent, comment }: { sql: string; sent: string; comment: QueryComment | null },
  ): unknown {
    const failed = this.#stops.isGivenUp
      ? givenUp(sent, error)
      : this.#kept.orConflict(queryError(error, sent, this.#stops.isStopping));
    return failed instanceof QueryError ? withoutComment(failed, sql, comment) : failed;
  }

  #send(line: Line, sql: string, how: "one" | "script"): Promise<readonly RawResult[]> {
    return this.#stops.during(line, line.send(sql, how));
  }

  /** The line that there is; a new one where it was lost and nothing hangs on it. */
  async #ready(): Promise<Line> {
    if (this.#line && this.#hasBegun) return this.#line;
    const holding = this.#lines.hold();
    if (holding) await holding;
    if (this.#line && !this.#line.isLost()) return this.#line;
    const lost = this.#line;
    this.#line = null;
    await lost?.hangUp();
    this.#stops.isGivenUp = false;
    this.#kept = new KeptQueries();
    const taking = (this.#taking = new AbortController());
    try {
      return (this.#line = await this.#lines.take(taking.signal));
    } finally {
      this.#taking = null;
    }
  }
}
