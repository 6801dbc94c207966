import { OperationError } from "../base/errors.ts";
import type { Index, Relation } from "../graph/types.ts";
import type { Dialect, MergeSpec, PortableType, Question } from "./dialect.ts";
import { question } from "./question.ts";
import { checksums } from "./postgres/checksums.ts";
import { constraints } from "./postgres/constraints.ts";
import { hasMore, holdersOf } from "./postgres/holders.ts";
import { materializedViews } from "./postgres/materialized-views.ts";
import { idOf } from "./postgres/names.ts";
import { partitions } from "./postgres/partitions.ts";
import * as standard from "./standard.ts";

/** As `format_type` spells them, so that a type asked for is the type that the catalogue tells. */
const types: Readonly<Record<PortableType, string>> = {
  text: "text",
  integer: "integer",
  bigint: "bigint",
  double: "double precision",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp without time zone",
};

const { destination, source, enclose, quoteIdentifier, quoteRelation } = standard;

/** PostgreSQL 15 and newer, the first with `merge`. */
export const postgres: Dialect = {
  name: "postgres",
  transactionalDdl: true,
  bindsByName: false,
  /** Bytes. */
  maxIdentifierLength: 63,
  // A divided table has a row of the same number in each of its parts.
  rowId: ["tableoid", "ctid"],
  supportsMerge: true,
  refusesDoubleUpdates: true,
  readsColumns: false,
  altersIndexed: true,
  constraints,
  grants: {
    held,
    grant: (target, privilege, to) => `grant ${privilege} on ${quoteRelation(target)} to ${grantees(to)}`,
    revoke: (target, privilege, from) =>
      `revoke ${privilege} on ${quoteRelation(target)} from ${grantees(from)}`,
  },
  materializedViews,
  partitions,
  checksums,
  writesFiles: false,
  // Names are quoted wherever they go into SQL, and quoted names differ by case.
  identifierKey: (name) => name,
  quoteIdentifier,
  quoteRelation,
  literal: standard.literal,
  rowsOf: standard.rowsOf,
  type: (type) => types[type],
  md5: (text) => `md5(${text})`,
  temporaryRelation: (identifier) => ({ database: null, schema: "pg_temp", identifier }),
  createSchema,
  lackedRights,
  createView: (target, query) => `create or replace view ${quoteRelation(target)} as ${enclose(query)}`,
  createTableAs,
  replaceTable: (target, query) => [standard.drop(target, "table"), createTableAs(target, query, "new")],
  holders: (target, unique) => ({ sql: holdersOf(target, unique), onlyIf: hasMore(target) }),
  drop: standard.drop,
  rename: standard.rename,
  insert: standard.insert,
  // Before 16 a query needs an alias, and a join in parentheses needs none: one with a row without columns.
  asTable: (query) => `((${query}) as rows_of cross join (select) as nothing)`,
  subquery: standard.subquery,
  sameRow,
  deleteMatching,
  deletePartitions,
  createIndex,
  renameIndexes,
  analyze: (target) => `analyze ${quoteRelation(target)}`,
  commentOn: standard.commentOn,
  commentOnColumn: standard.commentOnColumn,
  addColumn: standard.addColumn,
  dropColumn: standard.dropColumn,
  changeColumnType: (target, { name, type }) =>
    `${standard.changeColumnType(target, { name, type })} using cast(${quoteIdentifier(name)} as ${type})`,
  merge: (target, from, spec) =>
    matches(from, spec.keys, spec.predicates).map((match) =>
      standard.mergeInto(target, match.from, match.on, spec),
    ),
  copyTo: () => refuseFiles(),
  readFiles: () => refuseFiles(),
  readParquet: () => refuseFiles(),
};

/** Before 15 there is no `merge`: what matches is updated and what does not is inserted, both as things stood before. */
export const postgresBefore15: Dialect = {
  ...postgres,
  refusesDoubleUpdates: false,
  merge: (target, from, spec) =>
    matches(from, spec.keys, spec.predicates).map((match) => updateAndInsert(target, match, spec)),
};

/** "If not exists" asks for the right to make schemas even where there is nothing to make. */
function createSchema(schema: string): string {
  const name = quoteIdentifier(schema);
  let tag = "$statloom$";
  while (name.includes(tag)) tag = tag.replace(/\$$/, "_$");
  const create = `if to_regnamespace(${standard.literal(name)}) is null then ${standard.createSchema(schema)}; end if;`;
  return `do ${tag}begin ${create} end${tag}`;
}

function lackedRights(schema: string): string {
  const name = standard.literal(schema);
  return `select case
    when n.oid is null and not has_database_privilege(current_database(), 'CREATE')
    then format('user %I may not make the schema %I: grant create on database %I to %1$I', current_user, ${name}, current_database())
    when n.oid is not null and not (has_schema_privilege(n.oid, 'USAGE') and has_schema_privilege(n.oid, 'CREATE'))
    then format('user %I may not make tables in the schema %I: grant usage, create on schema %2$I to %1$I', current_user, ${name}) end
  from (select) nothing left join pg_catalog.pg_namespace n on n.nspname = ${name}`;
}

/** As the server keeps it: the information schema leaves materialized views out, and looks through all relations for one. */
function held(target: Relation): Question {
  return question(
    "statloom_grants",
    [quoteRelation(target)],
    (
      name = "",
    ) => `select case x.grantee when 0 then 'PUBLIC' else pg_get_userbyid(x.grantee) end as grantee, x.privilege_type
from pg_catalog.pg_class c cross join aclexplode(c.relacl) x
where c.oid = to_regclass(${name}) and pg_get_userbyid(x.grantor) = current_user and x.grantee <> x.grantor order by 1, 2`,
  );
}

/** Everybody is a word, and no name. */
const grantees = (names: readonly string[]): string =>
  names.map((name) => (/^public$/i.test(name) ? "public" : quoteIdentifier(name))).join(", ");

/** Without a name the server finds one that is free: the old table has its own indexes until the new one is in its place. */
function createIndex(target: Relation, { columns, unique, type }: Index): string {
  const using = type === null ? "" : ` using ${type}`;
  return `create ${unique ? "unique index" : "index"} on ${quoteRelation(target)}${using} (${columns.map(quoteIdentifier).join(", ")})`;
}

function renameIndexes(target: Relation, beside: Relation): string {
  const [old, own] = [beside, target].map(({ identifier }) => standard.literal(`${identifier}_`));
  return `select format('alter index %I.%I rename to %I', n.nspname, c.relname, named.own)
from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral (select left(replace(c.relname, ${old}, ${own}), 63) as own) named
where i.indrelid = ${idOf(target)} and named.own <> c.relname
  and not exists (select 1 from pg_catalog.pg_class taken where taken.relnamespace = c.relnamespace and taken.relname = named.own)
order by c.oid`;
}

function createTableAs(target: Relation, query: string, how: "new" | "temporary" | "unlogged"): string {
  return `create ${how === "new" ? "" : `${how} `}table ${quoteRelation(target)} as ${enclose(query)}`;
}

/** Arrays take nulls for equal, and can be hashed, which `is not distinct from` cannot: a join by that compares every row with every other. */
function sameRow(left: string, right: string, columns: readonly string[]): string {
  const row = (alias: string): string =>
    `array[${columns.map((column) => `cast(${alias}.${column} as text)`).join(", ")}]`;
  return `${row(left)} = ${row(right)}`;
}

type Match = { readonly from: string; readonly on: string };

/**
 * Which rows of the two sides are the same: those with a whole key by `=`, which finds them by an index or a hash, then those with a
 * null in it, few as a rule, one by one.
 */
function matches(from: Relation, keys: readonly string[], predicates: readonly string[]): readonly Match[] {
  const table = quoteRelation(from);
  if (keys.length === 0) return [{ from: table, on: standard.matching(keys, predicates) }];
  const names = keys.map(quoteIdentifier);
  const hasNull = (alias: string): string =>
    `(${names.map((name) => `${alias}.${name} is null`).join(" or ")})`;
  const equal = names.map((name) => `${destination}.${name} = ${source}.${name}`);
  const whole = `(select * from ${table} as whole where not ${hasNull("whole")})`;
  const holed = `(select * from ${table} as holed where ${hasNull("holed")})`;
  return [
    { from: whole, on: [...equal, ...predicates.map(enclose)].join(" and ") },
    { from: holed, on: `${hasNull(destination)} and ${standard.matching(keys, predicates)}` },
  ];
}

function deleteMatching(
  target: Relation,
  from: Relation,
  keys: readonly string[],
  predicates: readonly string[],
): string[] {
  return matches(from, keys, []).map((match) =>
    standard.deleteUsing(target, match.from, match.on, predicates),
  );
}

function deletePartitions(target: Relation, from: Relation, partitions: readonly string[]): string {
  const list = partitions.map(enclose);
  const names = partitions.map((_, i) => `statloom_partition_${i + 1}`);
  const table = quoteRelation(from);
  const row = list.length > 1 ? `(${list.join(", ")})` : list[0]!;
  const isNull = list.map((partition) => `${partition} is null`).join(" or ");
  const equal = list.map((partition, i) => `${partition} is not distinct from ${names[i]}`);
  const distinct = `select distinct ${list.map((partition, i) => `${partition} as ${names[i]}`).join(", ")} from ${table}`;
  return [
    `delete from ${quoteRelation(target)} as ${destination}`,
    `where ${row} in (select ${list.join(", ")} from ${table})`,
    `or ((${isNull}) and exists (select 1 from (${distinct}) as ${source} where ${equal.join(" and ")}))`,
  ].join("\n");
}

function updateAndInsert(target: Relation, { from, on }: Match, spec: MergeSpec): string {
  const { keys, columns, update, updateIf, insertIf } = spec;
  const table = quoteRelation(target);
  const list = columns.map(quoteIdentifier);
  const and = (condition: string | null): string => (condition === null ? "" : ` and ${enclose(condition)}`);
  const set = update.map(quoteIdentifier).map((name) => `${name} = ${source}.${name}`);
  const updated =
    set.length > 0 && keys.length > 0
      ? `with updated as (update ${table} as ${destination} set ${set.join(", ")} from ${from} as ${source} where ${on}${and(updateIf)})\n`
      : "";
  return `${updated}insert into ${table} (${list.join(", ")})
select ${list.map((name) => `${source}.${name}`).join(", ")} from ${from} as ${source}
where not exists (select 1 from ${table} as ${destination} where ${on})${and(insertIf)}`;
}

function refuseFiles(): never {
  throw new OperationError("FILES_UNSUPPORTED", "PostgreSQL reads and writes no files where Statloom runs", {
    hint: "models of landed datasets read their staging tables there: ingest.staging in the project file",
  });
}
