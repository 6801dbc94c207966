import type { Dialect } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";
import type { CsvSource } from "../plan/step.ts";

/** A value as JSON can say it: bigint and decimal as text, dates `YYYY-MM-DD`, timestamps `YYYY-MM-DD HH:MM:SS[.ffffff]`. */
export type Cell = null | boolean | number | string | readonly Cell[] | { readonly [key: string]: Cell };

export type ResultColumn = { readonly name: string; readonly type: string };
export type ResultTable = {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
};

export type RelationKind = "table" | "view";

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

/** Talks to one engine. Opened once a command; imported only by commands that need it. */
export interface Adapter extends AsyncDisposable {
  readonly dialect: Dialect;
  /** A connection of its own for one thread of work. Statements of one session run one after the other. */
  session(): Promise<Session>;
  /** `DuckDB v1.5.6` */
  version(): Promise<string>;
  close(): Promise<void>;
}

export interface Session {
  /** Runs one statement and returns its rows. A failure is a {@link QueryError}. */
  query(sql: string): Promise<ResultTable>;
  /** Runs one statement; returns the rows it changed where the engine says so, else null. */
  run(sql: string): Promise<number | null>;
  /** Runs `body` between begin and commit; rolls back and rethrows when it fails. */
  transaction<T>(body: () => Promise<T>): Promise<T>;
  /** Everything below a schema, by identifier. A schema that is not there holds nothing. */
  listRelations(schema: string): Promise<ReadonlyMap<string, RelationKind>>;
  /** Columns of a relation, or of what a query gives, in order. */
  columnsOf(relation: Relation): Promise<readonly ResultColumn[]>;
  /** Tables and views of the schemas with their columns; comments included. */
  catalog(schemas: readonly string[]): Promise<readonly CatalogRelation[]>;
  /** Creates `target` from a CSV file with a header; types not declared are inferred. Returns the rows. */
  loadCsv(target: Relation, csv: CsvSource): Promise<number>;
  /** Asks the engine to stop the statement that runs; the statement then fails with a QueryError of kind "cancelled". */
  interrupt(): void;
  close(): void;
}
