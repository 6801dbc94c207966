import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { queryReader } from "../../../../../runner/api/columns/read-query.ts";
import type { Catalog } from "../../../../../runner/graph/columns/types.ts";

const tables: Readonly<Record<string, readonly string[]>> = {
  t: ["a", "b", "c", "k", "x"],
  u: ["a", "b", "k"],
  stg: ["id", "value", "geo"],
  dim: ["geo", "label"],
};
const catalog: Catalog = (parts) => {
  const relation = parts.at(-1)!.toLowerCase();
  const columns = tables[relation];
  if (columns) return { relation, columns };
  return relation === "unknown" ? { relation, columns: null } : undefined;
};
const duckdb = await queryReader("duckdb");

/** `name <- origins transformation`, `?` where there may be more; `…` where there may be other columns. */
function told(sql: string): string[] {
  const { columns, open } = duckdb(sql, catalog);
  const lines = columns.map(({ name, origins, transformation, complete }) => {
    const from = origins.map(({ relation, column }) => `${relation}.${column}`).join(" ");
    return `${name} <- ${from} ${transformation}${complete ? "" : " ?"}`.replace(/ +/g, " ");
  });
  return open ? [...lines, "…"] : lines;
}

/** Query and what it is made of, a case each. */
const cases: readonly (readonly [why: string, sql: string, ...columns: string[]])[] = [
  ["a column", "select a from t", "a <- t.a identity"],
  ["an alias", 'select t.a as "A b" from t', "A b <- t.a identity"],
  ["any case", "select T.A from T", "A <- t.a identity"],
  ["a cast", "select a::int as i from t", "i <- t.a transformation"],
  ["a constant", "select 1 as one from t", "one <- constant"],
  ["an aggregate", "select sum(a) as s from t", "s <- t.a aggregation"],
  [
    "an aggregate with a filter",
    "select sum(a) filter (where b > 1) as s from t",
    "s <- t.a t.b aggregation",
  ],
  ["an aggregate by a function's name", "select list(a order by b) as l from t", "l <- t.a t.b aggregation"],
  ["counting rows", "select count(*) as n from t", "n <- aggregation"],
  [
    "case with its conditions",
    "select case when a > 1 then b else c end as v from t",
    "v <- t.a t.b t.c transformation",
  ],
  [
    "a window",
    "select row_number() over (partition by a order by b) as n from t",
    "n <- t.a t.b transformation",
  ],
  [
    "a star of a join with USING",
    "select * from stg join dim using (geo)",
    "id <- stg.id identity",
    "value <- stg.value identity",
    "geo <- stg.geo identity",
    "label <- dim.label identity",
  ],
  ["a full join gives either", "select k from t full join u using (k)", "k <- t.k u.k transformation"],
  ["a right join gives the right one", "select k from t right join u using (k)", "k <- u.k identity"],
  [
    "a natural join",
    "select geo, label from stg natural join dim",
    "geo <- stg.geo identity",
    "label <- dim.label identity",
  ],
  [
    "a semi join hides the right side",
    "select * from dim semi join stg using (geo)",
    "geo <- dim.geo identity",
    "label <- dim.label identity",
  ],
  [
    "exclude, replace, rename",
    "select * exclude (c, k, x) replace (upper(a) as a) rename (b as bb) from t",
    "a <- t.a transformation",
    "bb <- t.b identity",
  ],
  [
    "a table's star",
    "select u.* exclude (k), t.c from t join u on t.a = u.a",
    "a <- u.a identity",
    "b <- u.b identity",
    "c <- t.c identity",
  ],
  ["from first", "from dim", "geo <- dim.geo identity", "label <- dim.label identity"],
  [
    "CTEs upon CTEs",
    "with x as (select a + 1 as a1 from t), y(z) as (select a1 from x) select z from y",
    "z <- t.a transformation",
  ],
  ["a CTE hides a table", "with t as (select geo from dim) select * from t", "geo <- dim.geo identity"],
  [
    "a recursive CTE",
    "with recursive r as (select 1 as n, a as q from t union all select n + 1, q from r where n < 5) select * from r",
    "n <- constant",
    "q <- t.a identity",
  ],
  ["a subquery with column names", "select y.p from (select a, b from t) as y(p, q)", "p <- t.a identity"],
  ["a lateral subquery", "select q from t as x, lateral (select x.b as q from u) as l", "q <- t.b identity"],
  ["a scalar subquery", "select (select max(b) from u where u.k = t.k) as m from t", "m <- u.b aggregation"],
  ["in a subquery", "select a in (select b from u) as i from t", "i <- t.a u.b transformation"],
  [
    "a union by place",
    "select a, b from t union all select k, a from u",
    "a <- t.a u.k identity",
    "b <- t.b u.a identity",
  ],
  [
    "a union by name",
    "select a, k from t union all by name select k, b from u",
    "a <- t.a identity",
    "k <- t.k u.k identity",
    "b <- u.b identity",
  ],
  ["except takes from the first", "select a from t except select b from u", "a <- t.a identity"],
  ["values", "select v.m from (values (1, 2)) as v(m, n)", "m <- constant"],
  [
    "a lambda's parameter is no column",
    "select list_transform(c, x -> x + b) as l from t",
    "l <- t.c t.b transformation",
  ],
  ["nor is a comprehension's", "select [y + a for y in c] as l from t", "l <- t.c t.a transformation"],
  [
    "a name of the list in the list",
    "select a + 1 as p, p * 2 as q from t",
    "p <- t.a transformation",
    "q <- t.a transformation",
  ],
  [
    "a column goes before such a name",
    "select b as a, a as c2 from t",
    "a <- t.b identity",
    "c2 <- t.a identity",
  ],
  ["unnest with a name", "select n.m from t, unnest(t.c) as n(m)", "m <- t.c transformation"],
  ["a row as a value", "select dim from dim", "dim <- dim.geo dim.label transformation"],
  ["a field of a struct", "select x.y as f from t", "f <- t.x transformation"],
  ["a qualified name in parts", "select main.t.a from main.t", "a <- t.a identity"],
  ["a join in parentheses", "select y.c from (t join u using (a)) as y", "c <- t.c identity"],
  [
    "a table that is not known",
    "select a, b + 1 as c from unknown",
    "a <- identity ?",
    "c <- transformation ?",
  ],
  ["a star of it", "select *, 1 as one from unknown", "…"],
  ["columns(…)", "select columns('a|b') from t", "…"],
  ["a pivot", "pivot t on a using sum(x)", "…"],
  ["what is no query", "update t set a = 1", "…"],
];

describe("the columns of a query", () => {
  for (const [why, sql, ...columns] of cases) {
    test(why, () => assert.deepEqual(told(sql), columns));
  }

  test("filters, joins, groupings and orders decide on rows and are no origins", () => {
    const { influences } = duckdb(
      "select t.a, count(*) as n from t join u on t.k = u.k where u.b > 1 group by t.a having max(t.x) > 0 order by n, t.c",
      catalog,
    );
    const names = influences.map(({ relation, column }) => `${relation}.${column}`);
    assert.deepEqual(names.toSorted(), ["t.a", "t.c", "t.k", "t.x", "u.b", "u.k"]);
  });
});

/** Query, and the names in it that cannot be right, with where they stand. */
const mistakes: readonly (readonly [why: string, sql: string, ...found: string[]])[] = [
  ["a name that no table has", "select a, d from t", "unknown d at 10"],
  ["in a CTE", "with y as (select contry from dim) select * from y", "unknown contry at 18"],
  ["of a CTE", "with y as (select geo from dim) select label from y", "unknown label at 39"],
  ["of a named table", "select t.d from t join unknown on true", "unknown d at 9"],
  [
    "in a filter, an order and a group",
    "select a from t where d = 1 group by e order by f",
    "unknown d at 22",
    "unknown e at 37",
    "unknown f at 48",
  ],
  ["a name that two tables have", "select k from t join u on t.a = u.a", "ambiguous k at 7"],
  ["places count characters, not bytes", "select 'é𝒳', d from t", "unknown d at 13"],
  ["in a correlated subquery", "select (select u.a from u where u.k = t.zz) from t", "unknown zz at 40"],
  [
    "once, and not again where it is read by its right name",
    "with y as (select labell, geo from dim), z as (select * from y) select label, geo, goe from z where label > ''",
    "unknown labell at 18",
    "unknown goe at 83",
  ],
  [
    "and nothing of what reads a name that could be any",
    "with y as (select quite_another from dim) select label from y",
    "unknown quite_another at 18",
  ],
  ["not when a table is unknown", "select d from t join unknown on true"],
  ["not after USING", "select k from t join u using (k)"],
  ["not a field of a struct", "select a.d from t"],
  ["not what a lambda names", "select list_filter(c, y -> y > a) from t"],
  ["not an outer query's column", "select (select x from u limit 1) from t"],
  ["not a name given in the list", "select a + b as s from t where s > 1 order by s"],
];

describe("names that cannot be right", () => {
  for (const [why, sql, ...found] of mistakes) {
    test(why, () =>
      assert.deepEqual(
        duckdb(sql, catalog).findings.map(({ kind, name, start }) => `${kind} ${name} at ${start}`),
        found,
      ),
    );
  }
  test("names of all queries around are known, the nearest first", () => {
    const [finding] = duckdb("select a from t join (select gio from dim) as d on true", catalog).findings;
    assert.deepEqual(finding?.known.slice(0, 2), ["geo", "label"]);
    const [inner] = duckdb("select (select label from dim where zz = 1) as l from t", catalog).findings;
    assert.deepEqual(inner?.known.slice(0, 3), ["geo", "label", "a"]);
  });
});
