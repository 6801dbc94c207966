import type { Dialect, PortableType } from "./dialect.ts";
import * as standard from "./standard.ts";

const types: Readonly<Record<PortableType, string>> = {
  text: "varchar",
  integer: "integer",
  bigint: "bigint",
  double: "double",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
};

const tableWords = {
  new: "create table",
  replace: "create or replace table",
  temporary: "create temporary table",
} as const;

/** DuckDB 1.4 and newer, the first with `merge`. */
export const duckdb: Dialect = {
  name: "duckdb",
  transactionalDdl: true,
  replacesTables: true,
  // DuckDB has no limit of its own; names that a person must read need one.
  maxIdentifierLength: 1024,
  supportsMerge: true,
  // It compares names without case, ASCII only.
  identifierKey: (name) => name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  quoteIdentifier: standard.quoteIdentifier,
  quoteRelation: standard.quoteRelation,
  literal: standard.literal,
  type: (type) => types[type],
  md5: (text) => `md5(${text})`,
  temporaryRelation: (identifier) => ({ database: "temp", schema: "main", identifier }),
  createSchema: standard.createSchema,
  createView: (target, query) =>
    `create or replace view ${standard.quoteRelation(target)} as ${standard.enclose(query)}`,
  createTableAs: (target, query, how) =>
    `${tableWords[how]} ${standard.quoteRelation(target)} as ${standard.enclose(query)}`,
  drop: standard.drop,
  rename: standard.rename,
  insert: standard.insert,
  subquery: standard.subquery,
  deleteMatching: standard.deleteMatching,
  deletePartitions: standard.deletePartitions,
  addColumn: standard.addColumn,
  dropColumn: standard.dropColumn,
  changeColumnType: standard.changeColumnType,
  merge: standard.merge,
  readParquet(paths) {
    const files = paths.map((path) => standard.literal(escapeGlob(path))).join(", ");
    return `read_parquet([${files}], ${parquetOptions(paths)})`;
  },
};

/**
 * Partition values stay text: the code "01" is not the number 1. Asked for only where the last folder is a partition,
 * because a `key=value` folder somewhere above the landing zone is no column.
 */
function parquetOptions(paths: readonly string[]): string {
  const partitioned = paths.some((path) => /[^/\\=]+=[^/\\]*[/\\][^/\\]+$/.test(path));
  const partitions = partitioned
    ? "hive_partitioning = true, hive_types_autocast = false"
    : "hive_partitioning = false";
  return `union_by_name = true, ${partitions}`;
}

/** A path that DuckDB takes as it stands: it reads `*`, `?` and `[` as patterns, and has no other escape. */
export const escapeGlob = (path: string): string => path.replaceAll(/[*?[]/g, (sign) => `[${sign}]`);
