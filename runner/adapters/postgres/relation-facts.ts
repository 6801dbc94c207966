import { moreOf } from "../../dialects/postgres/holders.ts";
import type { Question, RelationKind } from "../../dialects/dialect.ts";
import { question } from "../../dialects/question.ts";
import type { RawResult } from "./line.ts";

/** A right on a relation, or on one of its columns. Names are quoted. */
export type Grant = {
  readonly column: string | null;
  readonly grantee: string;
  readonly privilege: string;
  readonly isGrantable: boolean;
};

/** What belongs to a relation and goes with it. Names are quoted, definitions are SQL as the server writes it. */
export type RelationBelongings = {
  readonly kind: RelationKind;
  readonly owner: string;
  /** null: as it is for a relation of which nothing was ever said. */
  readonly grants: readonly Grant[] | null;
  readonly comment: string | null;
  readonly columnComments: readonly { readonly column: string; readonly comment: string }[];
  readonly columns: readonly string[];
  /** `security_barrier=true` */
  readonly options: readonly string[];
};

export type Reader = RelationBelongings & {
  /** With its schema, quoted where it must be. */
  readonly name: string;
  readonly schema: string;
  readonly identifier: string;
  readonly definition: string;
  readonly indexes: readonly string[];
  readonly triggers: readonly string[];
  readonly isPopulated: boolean;
  /** Names of those of the list that it reads itself; empty text for the relation that they all come from. */
  readonly reads: readonly string[];
};

export type RelationFacts = RelationBelongings & {
  /** Each after those that it reads. */
  readonly readers: readonly Reader[];
};

/** All that there is to know of a relation before another, which stands beside, takes its place. */
export type Facts = {
  readonly target: RelationFacts;
  readonly beside: RelationBelongings;
  readonly seen: Seen;
};

/** What is to be locked. Names are quoted. */
export type Locked = { readonly kind: RelationKind; readonly name: string; readonly owner: string };

export type Seen = {
  /** The relation itself, then its readers, each after those that it reads. */
  readonly locked: readonly Locked[];
  /** It is a table to which people added what {@link RelationFacts} do not tell. */
  readonly hasMore: boolean;
};

/** How far it is asked who reads: who reads the relation itself, or also who reads those. */
export type Reach = "direct" | "all";

/** {@link seenOf} reads the answer. Names are quoted. */
export const askSeen = (reach: Reach, target: string): Question =>
  question(`statloom_seen_${reach}`, [target], (named = "") => seenQuery(reach, named));

/** {@link factsOf} reads the answer. */
export const askFacts = (reach: Reach, target: string, beside: string): Question =>
  question(`statloom_facts_${reach}`, [target, beside], (named = "", besideNamed = "") =>
    factsQuery(reach, named, besideNamed),
  );

/** Undefined: the target is not there. */
export function seenOf({ rows }: RawResult): Seen | undefined {
  const locked = rows.map(([kind, name, owner]) => lockedOf({ kind, name, owner }));
  return locked.length === 0 ? undefined : { locked, hasMore: String(rows[0]![3]) === "t" };
}

type FactsRow = Reader & { readonly depth: number; readonly isBeside: boolean; readonly hasMore: boolean };

/** Undefined: the target is not there. */
export function factsOf({ rows }: RawResult): Facts | undefined {
  const list = rows.map(([json]) => JSON.parse(String(json)) as FactsRow);
  const beside = list.find(({ isBeside }) => isBeside);
  const [target, ...readers] = list.filter(({ isBeside }) => !isBeside);
  if (target === undefined || beside === undefined) return undefined;
  const seen = { locked: [target, ...readers].map(lockedOf), hasMore: target.hasMore };
  return { target: { ...target, readers }, beside, seen };
}

const lockedOf = ({ kind, name, owner }: { readonly [name in keyof Locked]: unknown }): Locked => ({
  kind: String(kind) as RelationKind,
  name: String(name),
  owner: String(owner),
});

/** Ids of the target and its readers. A view reads what its rule depends on. Depth is the longest way, so that it orders them. */
const found = (reach: Reach, target: string): string => {
  const readers = (id: string): string => `
  join pg_catalog.pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = ${id} and d.classid = 'pg_rewrite'::regclass
  join pg_catalog.pg_rewrite r on r.oid = d.objid and r.ev_class <> ${id}`;
  const own = `select c.oid as id, 0 as depth from pg_catalog.pg_class c where c.oid = to_regclass(${target})`;
  return reach === "direct"
    ? `with found as (${own} union select r.ev_class, 1 from pg_catalog.pg_class c ${readers("c.oid")} where c.oid = to_regclass(${target}))`
    : `with recursive ways as (${own} union select r.ev_class, w.depth + 1 from ways w ${readers("w.id")}),
found as (select id, max(depth) as depth from ways group by id)`;
};

const KIND = "case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end";
const MORE = `f.depth = 0 and exists (${moreOf("f.id")})`;

const seenQuery = (reach: Reach, target: string): string => `${found(reach, target)}
select ${KIND}, format('%I.%I', n.nspname, c.relname), quote_ident(pg_get_userbyid(c.relowner)), ${MORE}
from found f join pg_catalog.pg_class c on c.oid = f.id join pg_catalog.pg_namespace n on n.oid = c.relnamespace
order by f.depth, c.oid`;

const factsQuery = (reach: Reach, target: string, beside: string): string => `${found(reach, target)}
select json_build_object(
  'depth', f.depth,
  'isBeside', f.is_beside,
  'hasMore', not f.is_beside and ${MORE},
  'schema', n.nspname,
  'identifier', c.relname,
  'name', format('%I.%I', n.nspname, c.relname),
  'kind', ${KIND},
  'owner', quote_ident(pg_get_userbyid(c.relowner)),
  'definition', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
  'options', coalesce(c.reloptions, '{}'),
  'isPopulated', c.relispopulated,
  'reads', (select coalesce(json_agg(distinct case when b.oid = to_regclass(${target}) then '' else format('%I.%I', bn.nspname, b.relname) end), '[]')
    from pg_catalog.pg_rewrite r join pg_catalog.pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
      and d.refclassid = 'pg_class'::regclass and d.refobjid in (select id from found) and d.refobjid <> c.oid
    join pg_catalog.pg_class b on b.oid = d.refobjid join pg_catalog.pg_namespace bn on bn.oid = b.relnamespace
    where r.ev_class = c.oid),
  'indexes', (select coalesce(json_agg(pg_get_indexdef(i.indexrelid) order by i.indexrelid), '[]')
    from pg_catalog.pg_index i where i.indrelid = c.oid and c.relkind = 'm'),
  'triggers', (select coalesce(json_agg(pg_get_triggerdef(g.oid) order by g.oid), '[]')
    from pg_catalog.pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal and c.relkind = 'v'),
  'comment', obj_description(c.oid, 'pg_class'),
  'columns', (select coalesce(json_agg(quote_ident(a.attname) order by a.attnum), '[]') from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'columnComments', (select coalesce(json_agg(json_build_object('column', quote_ident(a.attname), 'comment', d.description) order by a.attnum), '[]')
    from pg_catalog.pg_attribute a join pg_catalog.pg_description d on d.objoid = a.attrelid and d.objsubid = a.attnum
      and d.classoid = 'pg_class'::regclass where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'grants', (select case when c.relacl is null and not bool_or(acl.attname is not null) then null else
      coalesce(json_agg(json_build_object('column', quote_ident(acl.attname),
        'grantee', case acl.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end,
        'privilege', acl.privilege_type, 'isGrantable', acl.is_grantable)) filter (where acl.grantee is not null), '[]') end
    from (select null::name as attname, x.grantee, x.privilege_type, x.is_grantable from aclexplode(c.relacl) x
      union all
      select a.attname, x.grantee, x.privilege_type, x.is_grantable
      from pg_catalog.pg_attribute a cross join aclexplode(a.attacl) x
      where a.attrelid = c.oid and not a.attisdropped and a.attacl is not null
      union all select null, null, null, null) acl)
)::text
from (select id, depth, false as is_beside from found union all select to_regclass(${beside})::oid, 0, true) f join pg_catalog.pg_class c on c.oid = f.id join pg_catalog.pg_namespace n on n.oid = c.relnamespace
order by f.depth, c.oid`;
