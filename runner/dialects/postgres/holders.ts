import type { Relation } from "../../graph/types.ts";
import { question } from "../question.ts";
import type { Question } from "../dialect.ts";
import { literal, quoteRelation } from "../standard.ts";
import { idOf } from "./names.ts";

/**
 * A query that gives a row when there is more to a table than rows, indexes, rights, comments and views. Short, as it is asked of every
 * table that is replaced: to plan the long ones would take longer than to build a small table.
 */
export const hasMore = (target: Relation): Question =>
  question("statloom_more", [quoteRelation(target)], (name = "") => moreOf(`to_regclass(${name})`));

/** The same of what has an id in the catalogue. */
export const moreOf = (id: string): string => `
select 1 from pg_catalog.pg_class t where t.oid = ${id} and t.relkind in ('r', 'p') and (
  t.reloptions is not null or t.relreplident <> 'd' or t.relrowsecurity or t.relhasrules or t.relispartition
  or exists (select 1 from pg_catalog.pg_class s where s.oid = t.reltoastrelid and s.reloptions is not null)
  or exists (select 1 from pg_catalog.pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    and (a.attnotnull or a.attstattarget >= 0 or a.attoptions is not null or a.attidentity <> ''))
  or exists (select 1 from pg_catalog.pg_depend d where d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
    and d.classid not in ('pg_type'::regclass, 'pg_rewrite'::regclass)
    and (d.classid <> 'pg_class'::regclass or exists (select 1 from pg_catalog.pg_class c
      where c.oid = d.objid and c.relkind not in ('i', 'I', 't') and not c.relispartition)))
  or exists (select 1 from pg_catalog.pg_depend d where d.refclassid = 'pg_type'::regclass and d.refobjid in (t.reltype,
      (select typarray from pg_catalog.pg_type where oid = t.reltype)) and d.deptype = 'n')
  or exists (select 1 from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_class c on c.oid = r.ev_class
    where d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid and d.classid = 'pg_rewrite'::regclass and c.relkind not in ('v', 'm')))`;

/**
 * A query of what hangs on a table in a way that no other table can take over: `object` as the server names it, and why. Keys of
 * others are kept where something will see to the uniqueness that they need: a constraint, or one of the indexes to come.
 */
export function holdersOf(target: Relation, uniqueIndexes: readonly (readonly string[])[]): string {
  const comes = uniqueIndexes.map((columns) => literal(JSON.stringify([...columns].sort()))).join(", ");
  return `with t as (select oid, reltype from pg_catalog.pg_class where oid = ${idOf(target)} and relkind in ('r', 'p'))
select object, why from (
  select pg_describe_object('pg_constraint'::regclass, k.oid, 0), 'a foreign key to columns that nothing will keep unique'
  from t join pg_catalog.pg_constraint k on k.confrelid = t.oid and k.contype = 'f' and k.conrelid <> t.oid and k.conparentid = 0
  where not exists (select 1 from pg_catalog.pg_constraint own where own.conindid = k.conindid and own.conrelid = t.oid and own.contype in ('p', 'u', 'x'))
    and (select json_agg(a.attname order by a.attname collate "C")::jsonb from pg_catalog.pg_attribute a
      where a.attrelid = t.oid and a.attnum = any (k.confkey)) <> all (array[${comes}]::jsonb[])
  union all
  select i.inhrelid::regclass::text, 'a table that inherits from it'
  from t join pg_catalog.pg_inherits i on i.inhparent = t.oid join pg_catalog.pg_class c on c.oid = i.inhrelid where not c.relispartition
  union all
  select i.inhparent::regclass::text, 'a table of which it is a part' from t join pg_catalog.pg_inherits i on i.inhrelid = t.oid
  union all
  select pg_describe_object(d.classid, d.objid, d.objsubid), 'something made for this very table'
  from t join pg_catalog.pg_depend d on d.deptype = 'n' and d.objid <> t.oid and (
    d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid and (d.classid = 'pg_proc'::regclass
      or d.classid = 'pg_policy'::regclass and (select polrelid from pg_catalog.pg_policy where oid = d.objid) <> t.oid
      or d.classid = 'pg_rewrite'::regclass and (select c.relkind not in ('v', 'm') and c.oid <> t.oid
        from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class where r.oid = d.objid))
    or d.refclassid = 'pg_type'::regclass and d.refobjid in (t.reltype, (select typarray from pg_catalog.pg_type where oid = t.reltype))
      and d.classid in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass))
) held(object, why) order by 1 limit 5`;
}
