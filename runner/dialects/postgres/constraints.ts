import { md5 } from "../../base/hash.ts";
import type { Relation } from "../../graph/types.ts";
import type { ConstraintSpelling, TableConstraint } from "../dialect.ts";
import { question } from "../question.ts";
import { literal, quoteIdentifier, quoteRelation } from "../standard.ts";
import { BESIDE, LONGEST, idOf } from "./names.ts";

/** Comments of constraints that a project declares begin so: what others made is never touched. */
export const DECLARED = "statloom: ";

const ENDINGS = {
  not_null: "not_null",
  unique: "key",
  primary_key: "pkey",
  check: "check",
  foreign_key: "fkey",
};

/**
 * Constraints are told by their comments, a hash of what they say. One that is there is left alone; one that is declared no longer goes. A
 * foreign key needs something that keeps the columns unique that it points to: where there is nothing, it is only looked at when the table is built.
 */
export const constraints: ConstraintSpelling = {
  settle(made, target, declared) {
    const table = quoteRelation(made);
    const isBeside = made.identifier !== target.identifier;
    const keysFirst = declared.toSorted(
      (a, b) => Number(a.type === "foreign_key") - Number(b.type === "foreign_key"),
    );
    const wanted = keysFirst.map((each, nth) => {
      const name = `${nameOf(each, target)}${isBeside ? BESIDE : ""}`;
      const said = definition(each, target, made);
      const comment = commentOf(each, target);
      const add = `alter table ${table} add constraint ${quoteIdentifier(name)} ${said}`;
      const tell = `comment on constraint ${quoteIdentifier(name)} on ${table} is ${literal(comment)}`;
      const fill =
        each.type === "not_null"
          ? `alter table ${table} alter column ${quoteIdentifier(each.columns[0]!)} set not null`
          : null;
      return `(${[String(nth), literal(comment), literal(add), literal(tell), fill === null ? "null::text" : literal(fill), isPossible(each, target)].join(", ")})`;
    });
    const none = "select 0, null::text, null::text, null::text, null::text, false where false";
    return `with ${heldOf(idOf(made))},
wanted(nth, comment, added, told, filled, is_possible) as (${wanted.length === 0 ? none : `values ${wanted.join(",\n")}`})
select sql from wanted cross join lateral unnest(array[added, told, filled]) with ordinality as part(sql, at)
where is_possible and sql is not null and comment not in (select comment from held) order by nth, at`;
  },
  forget(target, declared) {
    const comments = JSON.stringify(declared.map((each) => commentOf(each, target)));
    return question(
      "statloom_forget",
      [quoteRelation(target), comments],
      (name = "", kept = "") => `with ${heldOf(`to_regclass(${name})`)},
gone as (select * from held where comment not in (select jsonb_array_elements_text(${kept}::jsonb)))
select sql from (
  select 1, format('alter table %s drop constraint %I', ${name}, conname) from gone
  union all select distinct 2, format('alter table %s alter column %I drop not null', ${name}, a.attname)
    from gone join pg_catalog.pg_attribute a on a.attrelid = gone.conrelid and a.attnum = any (gone.conkey) and a.attnotnull
    where gone.contype = 'p' or gone.comment like ${literal(`${DECLARED}not_null%`)}
) as statements(step, sql) order by step`,
    );
  },
  /** From PostgreSQL 18 on a column that is not null is a constraint too, which the server named after the table built beside. */
  rename: (target, beside) => `
with k as (select oid, conname, contype, conrelid from pg_catalog.pg_constraint where conrelid = ${idOf(target)}),
own as (
  select oid, conname, left(conname, -${BESIDE.length}) as called from k
  where right(conname, ${BESIDE.length}) = '${BESIDE}' and obj_description(oid, 'pg_constraint') like ${literal(`${DECLARED}%`)}
), automatic as (
  select oid, conname, ${literal(`${target.identifier}_`)} || substr(conname, ${beside.identifier.length + 2}) as called from k
  where contype = 'n' and starts_with(conname, ${literal(`${beside.identifier}_`)})
)
select format('alter table %s rename constraint %I to %I', ${literal(quoteRelation(target))}, conname, called) from (
  select * from own
  union all select oid, conname, called || case when called in (select conname from k union all select called from own) then '1' else '' end from automatic
) as named order by oid`,
};

const heldOf = (id: string): string =>
  `held as (select k.conname, k.contype, k.conkey, k.conrelid, obj_description(k.oid, 'pg_constraint') as comment
  from pg_catalog.pg_constraint k where k.conrelid = ${id}
    and obj_description(k.oid, 'pg_constraint') like ${literal(`${DECLARED}%`)})`;

const commentOf = (each: TableConstraint, target: Relation): string =>
  `${DECLARED}${each.type} ${md5(JSON.stringify([definition(each, target, target), each.name]))}`;

function definition(
  { type, columns, expression, other, toColumns }: TableConstraint,
  target: Relation,
  made: Relation,
): string {
  const list = columns.map(quoteIdentifier).join(", ");
  switch (type) {
    case "check":
      return `check (${expression}\n)`;
    case "not_null":
      return `check (${columns.map((name) => `${quoteIdentifier(name)} is not null`).join(" and ")})`;
    case "unique":
      return `unique (${list})`;
    case "primary_key":
      return `primary key (${list})`;
    case "foreign_key": {
      const isOwn = other !== null && quoteRelation(other) === quoteRelation(target);
      return `foreign key (${list}) references ${quoteRelation(isOwn ? made : other!)} (${toColumns.map(quoteIdentifier).join(", ")})`;
    }
  }
}

/** Whether something keeps unique what a foreign key points to; of the table itself that is declared beside it, and the server says whether. */
function isPossible({ type, other, toColumns }: TableConstraint, target: Relation): string {
  if (type !== "foreign_key") return "true";
  if (other === null) return "false";
  if (quoteRelation(other) === quoteRelation(target)) return "true";
  const names = literal(JSON.stringify([...toColumns].toSorted()));
  return `exists (select 1 from pg_catalog.pg_index i where i.indrelid = ${idOf(other)} and i.indisunique and i.indisvalid
  and i.indpred is null and i.indexprs is null and (select json_agg(a.attname order by a.attname collate "C")::jsonb from pg_catalog.pg_attribute a
    where a.attrelid = i.indrelid and a.attnum = any (i.indkey::smallint[])) = ${names}::jsonb)`;
}

/** `orders_geo_year_key`, as the server would call it; one that would be too long is cut and told apart by a hash. */
function nameOf({ type, name, columns, expression }: TableConstraint, { identifier }: Relation): string {
  const words = [
    identifier,
    ...(type === "check" ? [md5(expression ?? "").slice(0, 8)] : columns),
    ENDINGS[type],
  ];
  const whole = name ?? words.join("_");
  if (Buffer.byteLength(whole) <= LONGEST) return whole;
  return `${Buffer.from(whole)
    .subarray(0, LONGEST - 9)
    .toString()
    .replace(/\uFFFD$/, "")}_${md5(whole).slice(0, 8)}`;
}
