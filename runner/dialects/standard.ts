import { OperationError } from "../base/errors.ts";
import { md5 } from "../base/hash.ts";
import type { Index, Relation } from "../graph/types.ts";
import type { MergeSpec, PortableType, RelationKind, SqlValue } from "./dialect.ts";

/** What engines that follow the standard spell alike; a dialect takes these and says where it differs. */

/** The names that predicates of incremental models know from dbt. */
export const destination = "DBT_INTERNAL_DEST";
export const source = "DBT_INTERNAL_SOURCE";

export function quoteIdentifier(name: string): string {
  const sound = withoutNul(name);
  // Few names have quotes, and to look for one takes a part of the time of replacing none.
  return sound.includes('"') ? `"${sound.replaceAll('"', '""')}"` : `"${sound}"`;
}

export function quoteRelation({ database, schema, identifier }: Relation): string {
  const inSchema = `${quoteIdentifier(schema)}.${quoteIdentifier(identifier)}`;
  return database === null ? inSchema : `${quoteIdentifier(database)}.${inSchema}`;
}

export function literal(value: SqlValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return `'${withoutNul(value).replaceAll("'", "''")}'`;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return numberLiteral(value);
  // An empty list has no spelling of its own; nothing is in it, as nothing is in an empty query.
  return value.length === 0 ? "(select null where false)" : `(${value.map(literal).join(", ")})`;
}

export const rowsOf = (_types: readonly PortableType[], rows: readonly (readonly SqlValue[])[]): string =>
  `values ${rows.map((row) => literal(row)).join(",\n")}`;

/**
 * Engines take `0.1` for a decimal. One of up to 15 digits becomes the same double again; a longer one need not, so it
 * is written with an exponent, which makes it a double at once.
 */
function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) return `cast('${String(value)}' as double precision)`;
  const plain = String(value);
  return Number.isSafeInteger(value) || /^-?[\d.]{1,16}$/.test(plain) ? plain : value.toExponential();
}

/** No engine can hold a NUL in a statement: some stop reading there, which would change what the rest means. */
export function withoutNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw new OperationError("SQL_NUL", `a NUL character cannot be written in SQL: ${JSON.stringify(text)}`);
}

/** In parentheses on lines of their own: a comment on the last line ends there, and lines of errors stay the query's. */
export const enclose = (query: string): string => `(\n${query}\n)`;

export const subquery = (query: string): string => `${enclose(query)} as ${source}`;

export const createSchema = (schema: string): string =>
  `create schema if not exists ${quoteIdentifier(schema)}`;

export const drop = (target: Relation, kind: RelationKind): string =>
  `drop ${kind} if exists ${quoteRelation(target)}`;

export const rename = (target: Relation, kind: RelationKind, to: string): string =>
  `alter ${kind} ${quoteRelation(target)} rename to ${quoteIdentifier(to)}`;

export function insert(target: Relation, columns: readonly string[], from: string): string {
  const list = columns.map(quoteIdentifier).join(", ");
  // The query follows `from` at once, so that it starts on the second line.
  return `insert into ${quoteRelation(target)} (${list}) select ${list} from ${from}`;
}

export function deleteMatching(
  target: Relation,
  from: Relation,
  keys: readonly string[],
  predicates: readonly string[],
): string[] {
  return [deleteUsing(target, quoteRelation(from), matching(keys, []), predicates)];
}

/** `from` is a quoted relation, or a query in parentheses; `on` tells which rows are the same. */
export function deleteUsing(
  target: Relation,
  from: string,
  on: string,
  predicates: readonly string[],
): string {
  const head = `delete from ${quoteRelation(target)} as ${destination}`;
  const and = predicates.map((predicate) => ` and ${enclose(predicate)}`).join("");
  const seesBoth = predicates.some((predicate) => predicate.toUpperCase().includes(source));
  // As dbt has it, a name without a table is the target's; beside the rows that come it would be ambiguous.
  return predicates.length > 0 && !seesBoth
    ? `${head}\nwhere exists (select 1 from ${from} as ${source} where ${on})${and}`
    : `${head}\nusing ${from} as ${source}\nwhere ${on}${and}`;
}

export const merge = (target: Relation, from: Relation, spec: MergeSpec): string[] => [
  mergeInto(target, quoteRelation(from), matching(spec.keys, spec.predicates), spec),
];

/** `from` and `on` as in {@link deleteUsing}. */
export function mergeInto(
  target: Relation,
  from: string,
  on: string,
  { keys, columns, update, updateIf, insertIf }: MergeSpec,
): string {
  const list = columns.map(quoteIdentifier);
  const set = update.map(quoteIdentifier).map((name) => `${name} = ${source}.${name}`);
  return [
    `merge into ${quoteRelation(target)} as ${destination}`,
    `using ${from} as ${source}`,
    `on (${on})`,
    ...(set.length > 0 && keys.length > 0
      ? [`when matched${when(updateIf)} then update set ${set.join(", ")}`]
      : []),
    `when not matched${when(insertIf)} then insert (${list.join(", ")}) values (${list.map((name) => `${source}.${name}`).join(", ")})`,
  ].join("\n");
}

const when = (condition: string | null): string => (condition === null ? "" : ` and ${enclose(condition)}`);

export function deletePartitions(target: Relation, from: Relation, partitions: readonly string[]): string {
  // Names of their own: an expression then finds its columns in one place only.
  const names = partitions.map((_, i) => `statloom_partition_${i + 1}`);
  const list = partitions.map((partition, i) => `${enclose(partition)} as ${names[i]}`);
  const equal = partitions.map((partition, i) => `${enclose(partition)} is not distinct from ${names[i]}`);
  return [
    `delete from ${quoteRelation(target)} as ${destination}`,
    `using (select distinct ${list.join(", ")} from ${quoteRelation(from)}) as ${source}`,
    `where ${equal.join(" and ")}`,
  ].join("\n");
}

/** Unique in its schema: an index lives beside the tables, and one table may have many. */
function indexName({ identifier }: Relation, { columns, unique, type }: Index): string {
  const facts = JSON.stringify([identifier, columns, unique, type]);
  return `${identifier.slice(0, 40)}_${md5(facts).slice(0, 10)}_idx`;
}

export function createIndex(target: Relation, index: Index): string {
  const { columns, unique, type } = index;
  const list = columns.map(quoteIdentifier).join(", ");
  return `create ${unique ? "unique index" : "index"} ${quoteIdentifier(indexName(target, index))} on ${quoteRelation(target)}${type === null ? "" : ` using ${type}`} (${list})`;
}

export const commentOn = (target: Relation, kind: RelationKind, text: string | null): string =>
  `comment on ${kind} ${quoteRelation(target)} is ${literal(text)}`;

export const commentOnColumn = (target: Relation, column: string, text: string): string =>
  `comment on column ${quoteRelation(target)}.${quoteIdentifier(column)} is ${literal(text)}`;

type Column = { readonly name: string; readonly type: string };

export const addColumn = (target: Relation, { name, type }: Column): string =>
  `alter table ${quoteRelation(target)} add column ${quoteIdentifier(name)} ${type}`;

export const dropColumn = (target: Relation, name: string): string =>
  `alter table ${quoteRelation(target)} drop column ${quoteIdentifier(name)}`;

export const changeColumnType = (target: Relation, { name, type }: Column): string =>
  `alter table ${quoteRelation(target)} alter column ${quoteIdentifier(name)} type ${type}`;

export const sameRow = (left: string, right: string, columns: readonly string[]): string =>
  columns.map((column) => `${left}.${column} is not distinct from ${right}.${column}`).join(" and ");

/** Row-wise and null-safe: `(1, null)` matches `(1, null)` and never `(1, 2)` with `(2, 1)` column by column. */
export function matching(keys: readonly string[], predicates: readonly string[]): string {
  if (keys.length === 0) return "false";
  const same = sameRow(destination, source, keys.map(quoteIdentifier));
  // Each predicate on lines of its own: a comment in one cannot swallow the next.
  return [same, ...predicates.map(enclose)].join(" and ");
}
