import type { Index, Partitioning, Relation } from "../graph/types.ts";
import type { ChecksumSpelling } from "./checksums.ts";

/** What a relation is to the engine; as it stands after `create` and `drop`. */
export type RelationKind = "table" | "view" | "materialized view";

/** Types that every engine has, in our spelling. */
export type PortableType = "text" | "integer" | "bigint" | "double" | "boolean" | "date" | "timestamp";

/**
 * Facts and spellings of one engine; pure, golden-tested without a database. Differences between engines are
 * flags and functions here, never an `if` in a stage. Identifiers and literals are quoted here and nowhere else.
 * A query keeps its own lines: the first one stands on the second line of the statement that holds it.
 */
export interface Dialect {
  readonly name: "duckdb" | "postgres";
  /** DDL takes part in transactions: a table can be rebuilt and swapped in one. */
  readonly transactionalDdl: boolean;
  /**
   * A view finds what it reads by name, each time it is read, and `create or replace` puts a whole table in place of another. Else it
   * holds on to the very table it was made of, and putting another in its place is more than SQL can say: a step of its own.
   */
  readonly bindsByName: boolean;
  readonly maxIdentifierLength: number;
  /** Columns that every table has, and that tell its rows apart for as long as a transaction changes none of them. */
  readonly rowId: readonly string[];
  readonly supportsMerge: boolean;
  /** A merge of two rows that would update the same one fails; else either of them wins. */
  readonly refusesDoubleUpdates: boolean;
  /** A query reads the columns alone that it names, so that one for each column costs no more than one for all. */
  readonly readsColumns: boolean;
  /** Columns of a table may go and change, and the table its name, while it has indexes. */
  readonly altersIndexed: boolean;
  /** Keeps constraints of its tables itself, besides those that are looked at when a table is built; null: it cannot. */
  readonly constraints: ConstraintSpelling | null;
  /** null: the engine knows no users. */
  readonly grants: GrantSpelling | null;
  /** null: the engine has none. */
  readonly materializedViews: MaterializedSpelling | null;
  /** null: the engine does not divide tables, and need not. */
  readonly partitions: PartitionSpelling | null;
  readonly checksums: ChecksumSpelling;
  /** The engine itself writes and reads files where it runs. */
  readonly writesFiles: boolean;
  /** Equal for two names that the engine takes for the same column or table. */
  identifierKey(name: string): string;
  /** `"a""b"` */
  quoteIdentifier(name: string): string;
  /** `"schema"."table"` */
  quoteRelation(relation: Relation): string;
  /** A value as SQL: text quoted, numbers and booleans as they are, null, lists as `('a', 'b')`. */
  literal(value: SqlValue): string;
  type(type: PortableType): string;
  /** A query of values, row by row, that can be inserted into columns of these types. There is at least one row, and there are no lists in it. */
  rowsOf(types: readonly PortableType[], rows: readonly (readonly SqlValue[])[]): string;
  /** The md5 of a text expression, as 32 hexadecimal digits. */
  md5(text: string): string;
  /** Where a table of this name lives that only one session sees and that goes with it. */
  temporaryRelation(identifier: string): Relation;
  createSchema(schema: string): string;
  /** A query of sentences: what the user lacks the right to, that building in a schema takes. null: the engine knows no rights. */
  lackedRights(schema: string): string | null;
  /** Creates the view, or replaces the one that is there. */
  createView(target: Relation, query: string): string;
  /** `unlogged`: where the engine can do without writing it to its log; gone after a crash. */
  createTableAs(target: Relation, query: string, how: "new" | "temporary" | "unlogged"): string;
  /** Statements that together, in one transaction, put a table in place of another; whatever depends on that is not asked for. */
  replaceTable(target: Relation, query: string): readonly string[];
  /**
   * A query that gives a row (`object`, `why`) for what makes it impossible to put another table in a table's place; the columns of
   * unique indexes that the new one will have. `onlyIf`: a shorter query, which gives a row where there may be any. null: nothing can.
   */
  holders(
    target: Relation,
    uniqueIndexes: readonly (readonly string[])[],
  ): { readonly sql: string; readonly onlyIf: Question } | null;
  /** Drops the relation if it is there. */
  drop(target: Relation, kind: RelationKind): string;
  rename(target: Relation, kind: RelationKind, to: string): string;
  /** `from`: a quoted relation, or a query as {@link Dialect.subquery} has it. */
  insert(target: Relation, columns: readonly string[], from: string): string;
  /** A query in the place of a table's name, which users may give an alias or not. */
  asTable(query: string): string;
  /** A query as something to select from. */
  subquery(query: string): string;
  /** Whether two aliases have the same values in some columns (quoted), nulls equal, as a join that the engine is quick at. */
  sameRow(left: string, right: string, columns: readonly string[]): string;
  /**
   * Deletes the rows of `target` whose key stands in `from`, keys compared as whole rows, nulls equal. Statements to run together.
   * Predicates see the two as `DBT_INTERNAL_DEST` and `DBT_INTERNAL_SOURCE`, the names that people know from dbt; where they
   * name the former alone or no table, their columns are those of `target`.
   */
  deleteMatching(
    target: Relation,
    from: Relation,
    keys: readonly string[],
    predicates: readonly string[],
  ): readonly string[];
  /**
   * Deletes the rows of `target` that lie in a partition which `from` has rows of, nulls equal. Partitions are SQL expressions on
   * columns that both have.
   */
  deletePartitions(target: Relation, from: Relation, partitions: readonly string[]): string;
  /** Where the engine wants a name for it, one that table and columns give. */
  createIndex(target: Relation, index: Index): string;
  /** A query of statements that rid indexes of the name that their table had while it was built beside; null: they have none of it. */
  renameIndexes(target: Relation, beside: Relation): string | null;
  /** Has the engine look at what a table holds, for its plans; null: it does so itself. */
  analyze(target: Relation): string | null;
  /** null takes away what was said. */
  commentOn(target: Relation, kind: RelationKind, text: string | null): string;
  commentOnColumn(target: Relation, column: string, text: string): string;
  addColumn(target: Relation, column: { readonly name: string; readonly type: string }): string;
  dropColumn(target: Relation, name: string): string;
  changeColumnType(target: Relation, column: { readonly name: string; readonly type: string }): string;
  /** Keys and predicates as in {@link Dialect.deleteMatching}; without a key every row is new. */
  merge(target: Relation, from: Relation, spec: MergeSpec): readonly string[];
  /** Writes what a query gives to a file, or to a folder of partitions whose files hold all columns. `path` is absolute. */
  copyTo(query: string, path: string, spec: FileSpec): string;
  /** What {@link Dialect.copyTo} wrote, as something to select from. */
  readFiles(path: string, spec: FileSpec): string;
  /** Reads landed Parquet, at least one absolute path; files are united by column name, `key=value` folders are columns. */
  readParquet(paths: readonly string[]): string;
}

/** A query that is asked of node after node. */
export type Question = {
  readonly sql: string;
  /** For an engine that takes longer to plan it than to answer it: the same under a name, with `$1`, `$2` … in the place of `values`, which are text. */
  readonly kept?: Kept;
};

export type Kept = { readonly name: string; readonly text: string; readonly values: readonly string[] };

/** What must hold of a table's rows, as {@link Constraint} has it. Expressions are the user's SQL. */
export type TableConstraint = {
  readonly type: "not_null" | "unique" | "primary_key" | "check" | "foreign_key";
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly expression: string | null;
  readonly other: Relation | null;
  readonly toColumns: readonly string[];
};

/** Queries of statements, one a row, that have the catalogue say what a project declares. Constraints of others stay as they are. */
export type ConstraintSpelling = {
  /** `made` holds the rows of `target`, whose names it takes over later where the two are not the same. */
  readonly settle: (made: Relation, target: Relation, declared: readonly TableConstraint[]) => string;
  /** What `target` keeps and is declared no longer. */
  readonly forget: (target: Relation, declared: readonly TableConstraint[]) => Question;
  /** Once the old table is gone, of which `beside` has taken the place. */
  readonly rename: (target: Relation, beside: Relation) => string;
};

/** How privileges on a relation are asked for, given and taken. Privileges are words, grantees are quoted. */
export type GrantSpelling = {
  /** A query of `grantee, privilege`, without those of the owner. */
  readonly held: (target: Relation) => Question;
  readonly grant: (target: Relation, privilege: string, grantees: readonly string[]) => string;
  readonly revoke: (target: Relation, privilege: string, grantees: readonly string[]) => string;
};

/** Views that hold their rows. */
export type MaterializedSpelling = {
  readonly create: (target: Relation, query: string) => string;
  /** `concurrently`: readers go on meanwhile; wants a unique index. */
  readonly refresh: (target: Relation, concurrently: boolean) => string;
  readonly createProbe: (probe: Relation, query: string) => string;
  /** A query of one boolean: `target` was made of what the view `probe` was made of; null: it is not there. */
  readonly isMadeOf: (target: Relation, probe: Relation) => string;
  /**
   * A query of name, columns (a JSON list), unique, type, and whether it lets readers go on during a refresh, for each index that a
   * configuration could have asked for.
   */
  readonly indexes: (target: Relation) => string;
  readonly dropIndex: (schema: string, name: string) => string;
};

/** Tables in parts, one for each range or value. `from` is a quoted relation, or a query in parentheses with an alias. */
export type PartitionSpelling = {
  /** An empty table with the columns of `like`. */
  readonly createTable: (target: Relation, like: Relation, by: Partitioning) => string;
  /** A query of statements that make the partitions which rows of `from` want and `target` lacks. */
  readonly missing: (target: Relation, from: string, by: Partitioning, names: PartitionNames) => string;
  /** A query of statements that give partitions of what was built beside the names that they would have had. */
  readonly rename: (target: Relation) => string;
  /** A query that gives a row when `target` is not divided so. */
  readonly differs: (target: Relation, by: Partitioning) => string;
  /** A query that gives a row when rows of `from` would want more partitions than is good. */
  readonly tooMany: (from: string, by: Partitioning, most: number) => string;
};

/** `base`: the identifier of the finished table. */
export type PartitionNames = {
  readonly base: string;
  readonly isBeside: boolean;
  readonly unlogged: boolean;
};

export type SqlValue = null | boolean | number | string | readonly SqlValue[];

export type FileSpec = {
  readonly format: "parquet" | "csv" | "json";
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** Columns whose values become folders. */
  readonly partitions: readonly string[];
  /** What the file holds; null: not known, the engine guesses. */
  readonly columns: readonly { readonly name: string; readonly type: string }[] | null;
};

export type MergeSpec = {
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  /** Columns written when a key is there already. */
  readonly update: readonly string[];
  readonly predicates: readonly string[];
  /** What must hold besides, for a row to be updated or inserted; null: nothing. */
  readonly updateIf: string | null;
  readonly insertIf: string | null;
};
