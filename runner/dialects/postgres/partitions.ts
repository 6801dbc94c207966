import type { Partitioning, Relation } from "../../graph/types.ts";
import type { PartitionNames, PartitionSpelling } from "../dialect.ts";
import { literal, quoteIdentifier, quoteRelation } from "../standard.ts";
import { BESIDE, LONGEST, idOf } from "./names.ts";

/** How `to_char` names a partition of so much time. */
const labels: Readonly<Record<NonNullable<Partitioning["granularity"]>, string>> = {
  hour: "YYYY_MM_DD_HH24",
  day: "YYYY_MM_DD",
  month: "YYYY_MM",
  year: "YYYY",
};

/**
 * Partitions are made beside and attached, which lets readers of the others go on; to make one as a part at once would not.
 * https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
export const partitions: PartitionSpelling = {
  createTable: (target, like, { type, field }) =>
    `create table ${quoteRelation(target)} (like ${quoteRelation(like)}) partition by ${type} (${quoteIdentifier(field)})`,
  missing: (target, from, by, names) =>
    by.type === "list" ? missingValues(target, from, by, names) : missingRanges(target, from, by, names),
  rename: (target) => `
select format('alter table %I.%I rename to %I', n.nspname, c.relname, left(c.relname, -${BESIDE.length}))
from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where i.inhparent = ${idOf(target)} and right(c.relname, ${BESIDE.length}) = '${BESIDE}' order by c.oid`,
  differs: (target, { type, field }) => `
select coalesce(pg_get_partkeydef(${idOf(target)}), 'nothing') as "divided by"
where pg_get_partkeydef(${idOf(target)}) is distinct from format('%s (%I)', ${literal(type.toUpperCase())}, ${literal(field)})`,
  tooMany: (from, by, most) => {
    const { low, fits } = boundsOf(by);
    return `select count(distinct ${low}) as partitions from ${from} where ${fits} having count(distinct ${low}) > ${most}`;
  },
};

type Bounds = {
  /** SQL of what tells partitions apart, and of where the next one begins. */
  readonly low: string;
  readonly high: string;
  readonly label: string;
  /** Whether a row lies in any. */
  readonly fits: string;
};

function boundsOf({ type, field, granularity, interval }: Partitioning): Bounds {
  const name = quoteIdentifier(field);
  if (type === "list") return { low: name, high: "null", label: "low::text", fits: "true" };
  if (granularity !== null) {
    const low = `date_trunc('${granularity}', ${name})`;
    const label = `to_char(low, '${labels[granularity]}')`;
    return { low, high: `low + interval '1 ${granularity}'`, label, fits: `isfinite(${name})` };
  }
  const number = `${name}::numeric`;
  return {
    low: `floor(${number} / ${interval}) * ${interval}`,
    high: `low + ${interval}`,
    label: "replace(low::text, '-', 'minus_')",
    fits: `${number} not in ('NaN', 'Infinity', '-Infinity')`,
  };
}

function missingRanges(target: Relation, from: string, by: Partitioning, names: PartitionNames): string {
  const { low, high, label, fits } = boundsOf(by);
  const bounds = "format('for values from (%L) to (%L)', low, high)";
  const ranges = `
with bounds as (select distinct ${low} as low from ${from} where ${fits}),
named as (select low, ${high} as high, ${nameOf(names, label)} as name from bounds)
${statements(target, names, bounds)}`;
  const others = `
select 2, null, statement.at, statement.sql from (select ${nameOf(names, "'default'")} as name) named
cross join lateral (values ${creates(target, names, "'default'")}) statement(at, sql)
where exists (select 1 from ${from} where (${fits}) is not true)
  and not exists (select 1 from pg_catalog.pg_partitioned_table p where p.partrelid = ${idOf(target)} and p.partdefid <> 0)`;
  const all = by.default_partition ? `${ranges}\nunion all ${others}` : ranges;
  return `select sql from (${all}) as missing(part, name, at, sql) order by part, name, at`;
}

/** Null is a value like others. */
function missingValues(target: Relation, from: string, by: Partitioning, names: PartitionNames): string {
  const { low } = boundsOf(by);
  // What is no word as it stands is told apart by a hash.
  const word = `case when low::text ~ '^[A-Za-z0-9_]{1,24}$' and low::text <> 'null' then low::text when low is null then 'null'
    else left(regexp_replace(low::text, '[^A-Za-z0-9]+', '_', 'g'), 16) || '_' || left(md5(low::text), 8) end`;
  const bounds = "format('for values in (%L)', low)";
  return `select sql from (
with bounds as (select distinct ${low} as low from ${from}),
named as (select low, ${nameOf(names, word)} as name from bounds)
${statements(target, names, bounds)}) as missing(part, name, at, sql) order by part, name, at`;
}

/** For each row of `named` that is not there yet, what makes it. */
const statements = (target: Relation, names: PartitionNames, bounds: string): string => `
select 1, name, statement.at, statement.sql from named
cross join lateral (values ${creates(target, names, bounds)}) statement(at, sql)
where not exists (select 1 from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
  where i.inhparent = ${idOf(target)} and c.relname = named.name)`;

const creates = (target: Relation, { unlogged }: PartitionNames, bounds: string): string => {
  const [schema, table] = [literal(target.schema), literal(quoteRelation(target))];
  const create = `format('create ${unlogged ? "unlogged " : ""}table %I.%I (like %s including defaults)', ${schema}, name, ${table})`;
  const attach = `format('alter table %s attach partition %I.%I %s', ${table}, ${schema}, name, ${bounds})`;
  return `(1, ${create}), (2, ${attach})`;
};

/** `orders__2024_01`; what would be too long is cut and told apart by a hash. */
function nameOf({ base, isBeside }: PartitionNames, label: string): string {
  const whole = `${literal(`${base}__`)} || ${label}`;
  const fitting = `case when octet_length(${whole}) <= ${LONGEST} then ${whole}
    else left(${literal(base)}, 10) || '__' || left(md5(${whole}), 12) end`;
  return isBeside ? `(${fitting}) || '${BESIDE}'` : fitting;
}
