import { postgres } from "../../dialects/postgres.ts";
import { DECLARED } from "../../dialects/postgres/constraints.ts";
import { hasMore } from "../../dialects/postgres/holders.ts";
import { question } from "../../dialects/question.ts";
import type { Question } from "../../dialects/dialect.ts";
import type { Replacement } from "../../plan/step.ts";
import type { Session } from "../adapter.ts";
import type { Talk } from "./talk.ts";
import { cellText } from "../cell-text.ts";
import { QueryError } from "../query-error.ts";

/** What people added to a table by hand, as statements that give it to another: on that one while it stands beside, then in its place. */
export type Belongings = {
  /** Nothing of it needs a lock on the old table: constraints are checked and their indexes made. */
  readonly beside: readonly string[];
  /** Locks on tables whose foreign keys point here. */
  readonly locks: readonly string[];
  /** The new one has the name, the old one is still there. */
  readonly before: readonly string[];
  /** The old one is gone. */
  readonly after: readonly string[];
};

type Asking = Pick<Session, "query" | "run">;

const askBelongings = (name: string, beside: string): Question =>
  question("statloom_belongings", [name, beside], (named = "", besideNamed = "") =>
    belongingsQuery(named, besideNamed),
  );

/** Nothing where either is no table. */
export async function readBelongings(
  session: Pick<Talk, "ask">,
  { target, beside, is }: Replacement,
): Promise<Belongings> {
  const [old, fresh] = [postgres.quoteRelation(target), postgres.quoteRelation(beside)];
  const isPlain = is !== "table" || (await session.ask(hasMore(target))).rows.length === 0;
  if (isPlain) return { beside: [], locks: [], before: [], after: [] };
  const { rows } = await session.ask(askBelongings(old, fresh));
  const of = (phase: string): string[] =>
    rows.filter(([found]) => cellText(found) === phase).map(([, sql]) => cellText(sql));
  return { beside: of("beside"), locks: of("lock"), before: of("before"), after: of("after") };
}

/** One by one, so that what no longer fits is told with its own words. */
export async function handOver(session: Asking, statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    try {
      await session.run(sql);
    } catch (error) {
      if (!(error instanceof QueryError) || error.kind !== "sql") throw error;
      const message = `what somebody added to this table does not fit what is new: ${error.message}\n${sql}\nchange or drop it first; nothing was changed`;
      throw error.restated({ message, line: null, column: null });
    }
  }
}

/** Constraints have names of their own until the old ones are gone: those of indexes are unique in a schema. */
const KEPT = "statloom_kept_";

/** What a project declares comes with what it builds; keys of its other tables that no longer fit come back when those are built. */
const isDeclared = (of: string): string =>
  `coalesce(obj_description(${of}.oid, 'pg_constraint') like '${DECLARED}%', false)`;

/**
 * `name` and `besideName` are SQL of quoted names. `n`: columns that only people keep from being null, which is a constraint with a name from PostgreSQL 18 on.
 * Statements name the table as it will be called when they run.
 */
const belongingsQuery = (name: string, besideName: string): string => `
with t as (select * from pg_catalog.pg_class where oid = to_regclass(${name}) and relkind in ('r', 'p')),
b as (select * from pg_catalog.pg_class where oid = to_regclass(${besideName}) and relkind in ('r', 'p')),
c as (select o.*, n.attnotnull and not exists (select 1 from pg_catalog.pg_constraint kept where kept.conrelid = b.oid and kept.contype = 'n'
    and kept.conkey[1] = n.attnum and starts_with(kept.conname, '${KEPT}')) as is_filled from t join pg_catalog.pg_attribute o on o.attrelid = t.oid and o.attnum > 0 and not o.attisdropped
  join b on true join pg_catalog.pg_attribute n on n.attrelid = b.oid and n.attname = o.attname and n.attnum > 0 and not n.attisdropped),
n as (select attnum from c where attnotnull and not is_filled and not exists (select 1 from pg_catalog.pg_constraint k
  where k.conrelid = c.attrelid and c.attnum = any (k.conkey) and ${isDeclared("k")}
    and (k.contype = 'p' or obj_description(k.oid, 'pg_constraint') like '${DECLARED}not_null%'))),
k as (select k.*, pg_get_constraintdef(k.oid) as said from t join b on true join pg_catalog.pg_constraint k on k.conrelid = t.oid
  where k.contype in ('c', 'p', 'u', 'x', 'f', 'n') and k.conparentid = 0 and k.conislocal and not ${isDeclared("k")}
    and (k.contype <> 'n' or k.conkey[1] in (select attnum from n))),
f as (select k.*, pg_get_constraintdef(k.oid) as said, k.conrelid::regclass::text as child from t join b on true
  join pg_catalog.pg_constraint k on k.confrelid = t.oid and k.contype = 'f' and k.conparentid = 0)
select phase, sql from (
  select 'beside', 1, attnum::bigint, format('alter table %s alter column %I set not null', ${besideName}, attname) from c
    where attnum in (select attnum from n) and not exists (select 1 from k where contype = 'n' and attnum = any (conkey))
  union all select 'beside', 2, attnum, format('alter table %s alter column %I set statistics %s', ${besideName}, attname, attstattarget) from c
    where attstattarget >= 0
  union all select 'beside', 2, attnum, format('alter table %s alter column %I set (%s)', ${besideName}, attname, array_to_string(attoptions, ', ')) from c
    where attoptions is not null
  union all select 'beside', 3, 0, format('alter table %s set (%s)', ${besideName}, (select string_agg(option, ', ') from (
      select unnest(t.reloptions) union all select 'toast.' || unnest(toast.reloptions)) all_of(option)))
    from t join b on b.relkind = 'r' left join pg_catalog.pg_class toast on toast.oid = t.reltoastrelid
    where t.reloptions is not null or toast.reloptions is not null
  union all select 'beside', case contype when 'n' then 1 else 4 end, oid::bigint, format('alter table %s add constraint ${KEPT}%s %s', ${besideName}, oid, said) from k where confrelid <> conrelid
  union all select 'beside', 5, 0, format('analyze %s', ${besideName}) from c where attstattarget >= 0 or attoptions is not null group by 1, 2, 3, 4
  union all select 'lock', 1, oid, format('alter table %s owner to %I', child, (select pg_get_userbyid(relowner) from pg_catalog.pg_class r where r.oid = conrelid))
    from f where conrelid <> confrelid
  union all select 'before', 1, c.attnum, format('alter table %s alter column %I set default %s', ${name}, c.attname, pg_get_expr(d.adbin, d.adrelid))
    from c join pg_catalog.pg_attrdef d on d.adrelid = c.attrelid and d.adnum = c.attnum where c.attgenerated = ''
  union all select 'before', 2, c.attnum, format('alter sequence %s owned by %s.%I', d.objid::regclass, ${name}, c.attname)
    from c join pg_catalog.pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = c.attrelid and d.refobjsubid = c.attnum
      and d.classid = 'pg_class'::regclass and d.deptype = 'a' join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
  union all select 'before', 3, oid, format('alter table %s drop constraint %I', child, conname) from f where conrelid <> confrelid
  union all select 'after', 1, oid, format('alter table %s rename constraint ${KEPT}%s to %I', ${name}, oid, conname) from k where confrelid <> conrelid
  union all select 'after', 2, oid, format('alter table %s add constraint %I %s', case when conrelid = confrelid then ${name} else child end, conname, said)
    from f where not ${isDeclared("f")}
  union all select 'after', 2, oid, format('do $statloom$ begin alter table %s add constraint %I %s; comment on constraint %I on %s is %L;
      exception when foreign_key_violation or invalid_foreign_key or datatype_mismatch or undefined_column then null; end $statloom$',
      child, conname, said, conname, child, obj_description(oid, 'pg_constraint'))
    from f where ${isDeclared("f")} and conrelid <> confrelid
  union all select 'after', 3, c.attnum, format('alter table %s alter column %I add generated %s as identity (start with %s increment by %s)', ${name}, c.attname,
      case c.attidentity when 'a' then 'always' else 'by default' end, coalesce(pg_sequence_last_value(s.seqrelid) + s.seqincrement, s.seqstart), s.seqincrement)
    from c join pg_catalog.pg_sequence s on s.seqrelid = pg_get_serial_sequence(${name}, c.attname)::regclass where c.attidentity <> ''
  union all select 'after', 4, oid, pg_get_statisticsobjdef(oid) from (select s.oid from t join b on true join pg_catalog.pg_statistic_ext s on s.stxrelid = t.oid) stats
  union all select 'after', 5, 0, format('analyze %s', ${name}) from t join b on true where exists (select 1 from pg_catalog.pg_statistic_ext s where s.stxrelid = t.oid)
  union all select 'after', 6, p.oid, format('create policy %I on %s as %s for %s to %s%s%s', p.polname, ${name},
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      (select string_agg(case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ') from unnest(p.polroles) r),
      ' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
    from t join b on true join pg_catalog.pg_policy p on p.polrelid = t.oid
  union all select 'after', 7, 0, format('alter table %s enable row level security', ${name}) from t join b on true where t.relrowsecurity
  union all select 'after', 7, 1, format('alter table %s force row level security', ${name}) from t join b on true where t.relforcerowsecurity
  union all select 'after', 8, g.oid, pg_get_triggerdef(g.oid) from t join b on true join pg_catalog.pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
  union all select 'after', 9, g.oid, format('alter table %s %s trigger %I', ${name},
      case g.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, g.tgname)
    from t join b on true join pg_catalog.pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal and g.tgenabled <> 'O'
  union all select 'after', 8, r.oid, pg_get_ruledef(r.oid) from t join b on true join pg_catalog.pg_rewrite r on r.ev_class = t.oid
  union all select 'after', 10, p.oid, format('alter publication %I add table %s%s%s', p.pubname, ${name},
      case when to_jsonb(r) ->> 'prattrs' is null then '' else (select format(' (%s)', string_agg(quote_ident(x), ', ')) from jsonb_array_elements_text(to_jsonb(v) -> 'attnames') x) end,
      ' where ' || (to_jsonb(v) ->> 'rowfilter'))
    from t join b on true join pg_catalog.pg_publication_rel r on r.prrelid = t.oid join pg_catalog.pg_publication p on p.oid = r.prpubid
    join pg_catalog.pg_publication_tables v on v.pubname = p.pubname and v.schemaname = t.relnamespace::regnamespace::name and v.tablename = t.relname
  union all select 'after', 11, 0, format('alter table %s replica identity %s', ${name}, case t.relreplident when 'n' then 'nothing' when 'f' then 'full'
      else 'using index ' || quote_ident(coalesce(own.conname, same.relname, i.indexrelid::regclass::text)) end)
    from t join b on true left join pg_catalog.pg_index i on i.indrelid = t.oid and i.indisreplident
    left join pg_catalog.pg_constraint own on own.conindid = i.indexrelid and own.conrelid = t.oid and own.contype in ('p', 'u')
    left join lateral (select x.relname from pg_catalog.pg_index n join pg_catalog.pg_class x on x.oid = n.indexrelid
      where n.indrelid = b.oid and n.indisunique and n.indpred is null and n.indexprs is null and n.indnatts = i.indnatts and left(x.relname, ${KEPT.length}) <> '${KEPT}'
        and not exists (select attname from pg_catalog.pg_attribute where attrelid = t.oid and attnum = any (i.indkey::smallint[])
          except select attname from pg_catalog.pg_attribute where attrelid = b.oid and attnum = any (n.indkey::smallint[])) limit 1) same on true
    where t.relreplident <> 'd'
) statement(phase, step, of, sql) order by phase, step, of`;
