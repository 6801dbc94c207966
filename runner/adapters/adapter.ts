import type { Dialect, Question, RelationKind } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";
import type { QueryComment } from "./query-comment.ts";
import type { Target } from "../project/types.ts";
import type { CsvSource, FileSource, Replacement } from "../plan/step.ts";

/**
 * A value as JSON can say it. Text: bigint, decimal, `NaN` and infinities, dates `YYYY-MM-DD`, times, timestamps
 * `YYYY-MM-DD HH:MM:SS[.ffffff]` (with a zone: in UTC, `+00` at the end), intervals, uuids, enums, bytes as `\\x00ff`.
 * Lists are lists, structs objects, maps lists of `{key, value}`.
 */
export type Cell = null | boolean | number | string | readonly Cell[] | { readonly [key: string]: Cell };

export type ResultColumn = { readonly name: string; readonly type: string };
export type ResultTable = {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
};

export type { RelationKind };

/** A column of a relation as the engine's catalogue has it. */
export type CatalogColumn = {
  readonly name: string;
  readonly type: string;
  readonly index: number;
  readonly comment: string | null;
};
export type CatalogRelation = {
  readonly relation: Relation;
  readonly kind: RelationKind;
  readonly comment: string | null;
  readonly columns: readonly CatalogColumn[];
};

/** Columns of a query, and of a relation. */
export type Described = {
  readonly query: readonly ResultColumn[];
  readonly relation: readonly ResultColumn[];
};

/** Talks to one engine. Opened once a command; imported only by commands that need it. */
export interface Adapter extends AsyncDisposable {
  readonly dialect: Dialect;
  /** A connection of its own for one thread of work. Statements of one session run one after the other. */
  session(): Promise<Session>;
  /** `DuckDB v1.5.6` */
  version(): Promise<string>;
  /** Makes another warehouse readable in statements on this one; null: there is no way. What is returned is closed before this is. */
  attach(target: Target): Promise<Attached | null>;
  close(): Promise<void>;
}

/** A warehouse by itself, and what its relations are in for a session of the other one; `database` null: they have the same names there. */
export type Attached = { readonly adapter: Adapter; readonly database: string | null };

export interface Session {
  /** What every statement from now on says of where it comes from; places in errors stay those of the statement. */
  annotate(comment: QueryComment | null): void;
  /** Runs one statement and returns its rows. A failure is a {@link QueryError}. */
  query(sql: string): Promise<ResultTable>;
  /** The same for what is asked of node after node, which an engine may plan once. */
  ask(asked: Question): Promise<ResultTable>;
  /**
   * Runs one query, outside of a transaction, and gives its rows some thousand at a time, as they are asked for. Nothing else is run
   * on the session until the last one, or until the iterator is closed.
   */
  stream(sql: string): AsyncGenerator<ResultTable["rows"], void>;
  /** Runs one statement; returns the rows it changed where the engine says so, else null. */
  run(sql: string): Promise<number | null>;
  /**
   * Runs statements one after the other, up to one that fails, and gives what {@link run} does for each. In a transaction they may all be on
   * their way before the first has been answered; an abort of `signal` keeps those back that are not.
   */
  runEach(statements: readonly string[], signal?: AbortSignal): AsyncGenerator<number | null, void>;
  /**
   * Runs what a user wrote, which may be several statements. Outside of a transaction each is one of its own, or all together are, as the engine
   * has it.
   */
  runAll(sql: string): Promise<void>;
  /** Runs `body` between begin and commit; rolls back and rethrows when it fails. Transactions do not nest. */
  transaction<T>(body: () => Promise<T>): Promise<T>;
  /** Everything below a schema, by identifier. A schema that is not there holds nothing. */
  listRelations(schema: string): Promise<ReadonlyMap<string, RelationKind>>;
  /** Columns of a relation in order. */
  columnsOf(relation: Relation): Promise<readonly ResultColumn[]>;
  /** Columns that a query would give, without running it; places in errors count from the query's own start. */
  describe(query: string): Promise<readonly ResultColumn[]>;
  /** The same beside {@link columnsOf} a relation: mostly both are wanted, of a node that adds to its table. */
  describeBoth(query: string, relation: Relation): Promise<Described>;
  /** Tables and views of the schemas with their columns, by schema and name; comments included. */
  catalog(schemas: readonly string[]): Promise<readonly CatalogRelation[]>;
  /** Does the step of that kind, inside a transaction; only where the dialect does not bind by name. */
  replaceRelation(replacement: Replacement): Promise<void>;
  /** Does the step of that kind, inside a transaction: false, and nothing done, where the view there cannot be kept. Only where {@link replaceRelation} does. */
  replaceView(target: Relation, sql: string): Promise<boolean>;
  /**
   * Creates `target` from a CSV file with a header; types not declared are inferred. Returns the rows.
   * A header that cannot be obeyed (no name, a name twice, a declared column that is missing) is an OperationError.
   */
  loadCsv(target: Relation, csv: CsvSource): Promise<number>;
  /** Creates `target` from a JSON or Parquet file, declared types cast to. Returns the rows. */
  loadFile(target: Relation, file: FileSource): Promise<number>;
  /**
   * Stops the statement that runs, also when it has not reached the engine yet; it then fails with a QueryError of kind
   * "cancelled". Does nothing when none runs.
   */
  interrupt(): void;
  /** Gives the connection back; a statement that still runs is interrupted first. */
  close(): Promise<void>;
}
