import type { Dialect, FileSpec, PortableType, SqlValue } from "./dialect.ts";
import { checksums } from "./duckdb/checksums.ts";
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

/** DuckDB 1.4 and newer, the first with `merge`. */
export const duckdb: Dialect = {
  name: "duckdb",
  transactionalDdl: true,
  bindsByName: true,
  // DuckDB has no limit of its own; names that a person must read need one.
  maxIdentifierLength: 1024,
  rowId: ["rowid"],
  supportsMerge: true,
  refusesDoubleUpdates: false,
  readsColumns: true,
  // "Cannot alter entry because there are entries that depend on it"; and an index of a name that was dropped in the same
  // transaction cannot be made again.
  altersIndexed: false,
  // A table with a key can neither be altered nor take the place of another.
  constraints: null,
  grants: null,
  materializedViews: null,
  partitions: null,
  checksums,
  writesFiles: true,
  // It compares names without case, ASCII only.
  identifierKey: (name) => name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  quoteIdentifier: standard.quoteIdentifier,
  quoteRelation: standard.quoteRelation,
  literal: standard.literal,
  rowsOf,
  type: (type) => types[type],
  md5: (text) => `md5(${text})`,
  temporaryRelation: (identifier) => ({ database: "temp", schema: "main", identifier }),
  createSchema: standard.createSchema,
  lackedRights: () => null,
  createView: (target, query) =>
    `create or replace view ${standard.quoteRelation(target)} as ${standard.enclose(query)}`,
  createTableAs: (target, query, how) =>
    `create ${how === "temporary" ? "temporary table" : "table"} ${standard.quoteRelation(target)} as ${standard.enclose(query)}`,
  replaceTable: (target, query) => [
    `create or replace table ${standard.quoteRelation(target)} as ${standard.enclose(query)}`,
  ],
  holders: () => null,
  drop: standard.drop,
  rename: standard.rename,
  insert: standard.insert,
  asTable: (query) => `(${query})`,
  subquery: standard.subquery,
  sameRow: standard.sameRow,
  deleteMatching: standard.deleteMatching,
  deletePartitions: standard.deletePartitions,
  createIndex: standard.createIndex,
  renameIndexes: () => null,
  analyze: () => null,
  commentOn: standard.commentOn,
  commentOnColumn: standard.commentOnColumn,
  addColumn: standard.addColumn,
  dropColumn: standard.dropColumn,
  changeColumnType: standard.changeColumnType,
  merge: standard.merge,
  copyTo,
  readFiles,
  readParquet(paths) {
    const files = paths.map((path) => standard.literal(escapeGlob(path))).join(", ");
    return `read_parquet([${files}], ${parquetOptions(paths)})`;
  },
};

/** A text for each column, as every value that stands by itself in a statement is an expression: 301 rows of 11 take 3 ms instead of 19. */
function rowsOf(types: readonly PortableType[], rows: readonly (readonly SqlValue[])[]): string {
  const columns = types.map((type, i) => {
    const cells = JSON.stringify(rows.map((row) => jsonCell(row[i]!)));
    return `unnest(from_json(${standard.literal(cells)}, '["${duckdb.type(type)}"]'))`;
  });
  return `select ${columns.join(",\n")}`;
}

function jsonCell(value: SqlValue): SqlValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return typeof value === "string" ? standard.withoutNul(value).toWellFormed() : value;
}

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

function copyTo(query: string, path: string, { format, options, partitions }: FileSpec): string {
  const settings = [
    `format ${format}`,
    ...(format === "csv" && options["header"] === undefined ? ["header true"] : []),
    ...Object.entries(options).map(([name, value]) => `${name} ${standard.literal(value)}`),
    // Partition columns are written too: a folder's name has no type, and null in it is a word.
    ...(partitions.length > 0
      ? [
          `partition_by (${partitions.map(standard.quoteIdentifier).join(", ")})`,
          "write_partition_columns true",
        ]
      : []),
  ];
  return `copy ${standard.enclose(query)} to ${standard.literal(path)} (${settings.join(", ")})`;
}

/** Options of a written CSV that its reader must know, and what they are called there. */
const csvOptions: Readonly<Record<string, string>> = {
  header: "header",
  delimiter: "delim",
  delim: "delim",
  sep: "delim",
  quote: "quote",
  escape: "escape",
  nullstr: "nullstr",
  dateformat: "dateformat",
  timestampformat: "timestampformat",
};

function readFiles(path: string, { format, options, partitions, columns }: FileSpec): string {
  const pattern = partitions.length > 0 ? `${escapeGlob(path)}/**/*.${format}` : escapeGlob(path);
  const file = standard.literal(pattern);
  if (format === "parquet") return `read_parquet(${file}, union_by_name = true, hive_partitioning = false)`;
  const types = columns?.map(({ name, type }) => `${standard.literal(name)}: ${standard.literal(type)}`);
  const typed = types ? `, columns = {${types.join(", ")}}` : "";
  if (format === "json") return `read_json(${file}, format = 'newline_delimited'${typed})`;
  const given = Object.entries(options).flatMap(([name, value]) =>
    csvOptions[name] === undefined ? [] : [[csvOptions[name], value] as const],
  );
  const settings = Object.entries({ header: true, ...Object.fromEntries(given) }).map(
    ([name, value]) => `, ${name} = ${standard.literal(value)}`,
  );
  return `read_csv(${file}, hive_partitioning = false, allow_quoted_nulls = false${settings.join("")}${types ? ", auto_detect = false" : ""}${typed})`;
}

/** A path that DuckDB takes as it stands: it reads `*`, `?` and `[` as patterns, and has no other escape. */
export const escapeGlob = (path: string): string => path.replaceAll(/[*?[]/g, (sign) => `[${sign}]`);
