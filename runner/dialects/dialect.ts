import type { Relation } from "../graph/types.ts";

/** Types that every engine has, in our spelling. */
export type PortableType = "text" | "integer" | "bigint" | "double" | "boolean" | "date" | "timestamp";

/**
 * Facts and spellings of one engine; pure, golden-tested without a database. Differences between engines are
 * flags and functions here, never an `if` in a stage. Identifiers and literals are quoted here and nowhere else.
 */
export interface Dialect {
  readonly name: "duckdb";
  /** DDL takes part in transactions: a table can be rebuilt and swapped in one. */
  readonly transactionalDdl: boolean;
  readonly maxIdentifierLength: number;
  readonly supportsMerge: boolean;
  /** `"a""b"` */
  quoteIdentifier(name: string): string;
  /** `"schema"."table"` */
  quoteRelation(relation: Relation): string;
  /** A value as SQL: text quoted, numbers and booleans as they are, null, lists as `('a', 'b')`. */
  literal(value: SqlValue): string;
  type(type: PortableType): string;
  /** Statements that bring a relation about. `columns` in the order of the table. */
  createSchema(schema: string): string;
  createView(target: Relation, query: string): string;
  createTableAs(target: Relation, query: string): string;
  drop(target: Relation, kind: "table" | "view"): string;
  rename(target: Relation, kind: "table" | "view", to: string): string;
  insert(target: Relation, columns: readonly string[], from: string): string;
  /** Deletes the rows of `target` whose key stands in `from`, keys compared as whole rows, nulls equal. */
  deleteMatching(
    target: Relation,
    from: Relation,
    keys: readonly string[],
    predicates: readonly string[],
  ): string;
  merge(target: Relation, from: Relation, spec: MergeSpec): string;
  /** Reads landed Parquet; paths are absolute; several files are united by column name. */
  readParquet(paths: readonly string[]): string;
}

export type SqlValue = null | boolean | number | string | readonly SqlValue[];

export type MergeSpec = {
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  /** Columns written when a key is there already. */
  readonly update: readonly string[];
  readonly predicates: readonly string[];
};
