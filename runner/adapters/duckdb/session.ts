import { ResultReturnType, StatementType } from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBMaterializedResult, DuckDBResult, DuckDBType } from "@duckdb/node-api";
import type {
  CatalogRelation,
  Described,
  RelationKind,
  ResultColumn,
  ResultTable,
  Session,
} from "../adapter.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { Question } from "../../dialects/dialect.ts";
import type { Relation } from "../../graph/types.ts";
import type { CsvSource, FileSource } from "../../plan/step.ts";
import { cellText } from "../cell-text.ts";
import { withComment, withoutComment } from "../query-comment.ts";
import type { QueryComment } from "../query-comment.ts";
import { QueryError } from "../query-error.ts";
import { oneByOne } from "../one-by-one.ts";
import { retryConflicts } from "../retry-conflicts.ts";
import { readCatalog, readRelations } from "./catalog.ts";
import { toCell } from "./cells.ts";
import { loadCsv } from "./load-csv.ts";
import { loadFile } from "./load-file.ts";
import { queryError } from "./query-errors.ts";

/** Between two tries to stop a statement that still waits for a thread, where DuckDB does not hear of it yet. */
const interruptEvery = 20;

/** One connection. Calls are queued, so that statements of one session never overlap. */
export class DuckDbSession implements Session {
  readonly #connection: DuckDBConnection;
  #tail: Promise<unknown> = Promise.resolve();
  /** Statements that were handed over and have not ended. */
  #running = 0;
  #inTransaction = false;
  #interrupting: NodeJS.Timeout | null = null;
  #closed = false;
  #comment: QueryComment | null = null;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  annotate(comment: QueryComment | null): void {
    this.#comment = comment;
  }

  async query(sql: string): Promise<ResultTable> {
    const result = await this.#execute(sql);
    const types = result.columnTypes().map(typeName);
    const columns = result.columnNames().map((name, i) => ({ name, type: types[i]! }));
    return { columns, rows: await result.convertRows(toCell) };
  }

  ask({ sql }: Question): Promise<ResultTable> {
    return this.query(sql);
  }

  async *stream(sql: string): AsyncGenerator<ResultTable["rows"], void> {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    try {
      const result = await this.#take(sql, (text) => this.#connection.stream(text), ended);
      for await (const rows of result.yieldConvertedRows(toCell)) yield rows;
    } catch (error) {
      throw error instanceof QueryError ? error : queryError(error, sql);
    } finally {
      end();
    }
  }

  async run(sql: string): Promise<number | null> {
    const result = await (this.#inTransaction
      ? this.#execute(sql)
      : retryConflicts(() => this.#execute(sql)));
    if (result.returnType === ResultReturnType.CHANGED_ROWS) return result.rowsChanged;
    // `create table … as` says how many rows it made as if that were its result.
    if (result.statementType !== StatementType.CREATE || result.rowCount !== 1) return null;
    return Number((await result.getRows())[0]?.[0]);
  }

  runEach(statements: readonly string[], signal?: AbortSignal): AsyncGenerator<number | null, void> {
    return oneByOne(this, statements, signal);
  }

  async runAll(sql: string): Promise<void> {
    if (this.#inTransaction) await this.#execute(sql);
    else await this.#take(sql, (text) => this.#oneByOne(text));
  }

  async transaction<T>(body: () => Promise<T>): Promise<T> {
    await this.#execute("begin transaction");
    this.#inTransaction = true;
    try {
      const result = await body();
      await this.#execute("commit");
      return result;
    } catch (error) {
      // Fails when a failed commit has rolled back already; what went wrong is what `error` says.
      await this.#execute("rollback").catch(() => undefined);
      throw error;
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
    return this.#describe(`describe ${duckdb.quoteRelation(relation)}`);
  }

  async describe(query: string): Promise<readonly ResultColumn[]> {
    try {
      return await this.#describe(`describe from (\n${query}\n)`);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      // Our own words stand on the first line.
      const place =
        error.line === null || error.line < 2 ? { line: null, column: null } : { line: error.line - 1 };
      throw error.restated({ sql: query, ...place });
    }
  }

  async describeBoth(query: string, relation: Relation): Promise<Described> {
    return { relation: await this.columnsOf(relation), query: await this.describe(query) };
  }

  replaceRelation(): Promise<never> {
    return Promise.reject(new Error("DuckDB replaces tables by name"));
  }

  replaceView(): Promise<never> {
    return this.replaceRelation();
  }

  loadCsv(target: Relation, csv: CsvSource): Promise<number> {
    return loadCsv(this, target, csv);
  }

  loadFile(target: Relation, file: FileSource): Promise<number> {
    return loadFile(this, target, file);
  }

  interrupt(): void {
    if (this.#running === 0 || this.#interrupting) return;
    this.#connection.interrupt();
    this.#interrupting = setInterval(() => this.#connection.interrupt(), interruptEvery);
  }

  async close(): Promise<void> {
    this.interrupt();
    await this.#tail;
    if (!this.#closed) this.#connection.closeSync();
    this.#closed = true;
  }

  async #describe(sql: string): Promise<readonly ResultColumn[]> {
    const { rows } = await this.query(sql);
    return rows.map(([name, type]) => ({ name: cellText(name), type: cellText(type) }));
  }

  #execute(sql: string): Promise<DuckDBMaterializedResult> {
    return this.#take(sql, (text) => this.#connection.run(text));
  }

  /** Each is a transaction of its own. The engine takes them all at once, and would run those again that stand before one that lost against another. */
  async #oneByOne(sql: string): Promise<DuckDBMaterializedResult> {
    const again = (run: () => Promise<DuckDBMaterializedResult>): Promise<DuckDBMaterializedResult> =>
      retryConflicts(() =>
        run().catch((error: unknown) => {
          throw queryError(error, sql);
        }),
      );
    // What cannot be read is told of when it is run.
    const all = await this.#connection.extractStatements(sql).catch(() => null);
    if (all === null || all.count < 2) return again(() => this.#connection.run(sql));
    try {
      for (let i = 0; ; i++) {
        const result = await again(async () => (await all.prepare(i)).run());
        if (i + 1 === all.count) return result;
      }
    } catch (error) {
      // One of them may have begun a transaction.
      await this.#connection.run("rollback").catch(() => undefined);
      throw error;
    }
  }

  /** `ended`: the statement goes on behind its result until then. */
  async #take<T extends DuckDBResult>(
    sql: string,
    start: (text: string) => Promise<T>,
    ended?: Promise<void>,
  ): Promise<T> {
    this.#running++;
    const comment = this.#comment;
    let goesOn = false;
    const turn = this.#tail.then(async () => {
      try {
        this.#refuse(sql);
        const result = await start(withComment(sql, comment));
        goesOn = ended !== undefined;
        return result;
      } catch (error) {
        const failed = error instanceof QueryError ? error : queryError(error, withComment(sql, comment));
        throw withoutComment(failed, sql, comment);
      } finally {
        if (!goesOn) this.#settled();
      }
    });
    this.#tail = turn.then(() => ended?.then(() => this.#settled())).catch(() => undefined);
    return turn;
  }

  #refuse(sql: string): void {
    if (this.#closed) throw new QueryError({ message: "the session is closed", kind: "lost", sql });
    // DuckDB would run what stands before it.
    if (sql.includes("\0")) {
      throw new QueryError({ message: "the statement holds a NUL character", kind: "sql", sql });
    }
  }

  #settled(): void {
    this.#running--;
    if (this.#interrupting) clearInterval(this.#interrupting);
    this.#interrupting = null;
  }
}

/** As the catalogue spells it: `DECIMAL(10,2)`, and `JSON` where the type is an alias. */
const typeName = (type: DuckDBType): string => type.alias ?? String(type);
