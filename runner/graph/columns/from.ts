import { resolveExpression } from "./expression.ts";
import type { ExpressionReader } from "./expression.ts";
import { fold, union } from "./scope.ts";
import type { Scope, Source } from "./scope.ts";
import { child, kindOf, list, nameIn, namesIn } from "./tree.ts";
import type { Tree } from "./tree.ts";
import type { Catalog, ColumnOrigin, QueryColumn, Shape } from "./types.ts";

export type FromReader = ExpressionReader & {
  readonly catalog: Catalog;
  readonly influences: ColumnOrigin[];
};
type Sources = Pick<Scope, "sources" | "merged">;

const OPEN: Shape = { columns: [], open: true };

/** What a FROM with its joins makes visible. Each item sees those before it, as a lateral subquery may. */
export function resolveFrom(
  items: readonly Tree[],
  joins: readonly Tree[],
  scope: Scope,
  reader: FromReader,
): Sources {
  let seen: Sources = { sources: [], merged: new Map() };
  for (const item of items) seen = beside(seen, resolveItem(item, within(scope, seen), reader));
  for (const join of joins) seen = resolveJoin(join, seen, scope, reader);
  return seen;
}

const within = (scope: Scope, seen: Sources): Scope => ({ ...scope, ...seen, aliases: new Map() });

function beside(left: Sources, right: Sources): Sources {
  return {
    sources: [...left.sources, ...right.sources],
    merged: right.merged.size === 0 ? left.merged : new Map([...left.merged, ...right.merged]),
  };
}

function resolveJoin(join: Tree, left: Sources, scope: Scope, reader: FromReader): Sources {
  const kind = typeof join["kind"] === "string" ? join["kind"] : "";
  const right = resolveItem(child(join, "this") ?? {}, within(scope, left), reader);
  const both = beside(left, right);
  const names = /natural/i.test(kind) ? commonNames(left, right) : namesIn(join, "using");
  const merged = new Map(both.merged);
  for (const name of names) {
    const [l, r] = [pick(left, name), pick(right, name)];
    reader.influences.push(...l.origins, ...r.origins);
    merged.set(fold(name), { ...mergedColumn(kind, l, r), name });
  }
  for (const key of ["on", "match_condition"]) {
    const condition = child(join, key);
    if (condition)
      reader.influences.push(...resolveExpression(condition, within(scope, both), reader).origins);
  }
  // Only the left side goes on from a semi or anti join.
  if (/semi|anti/i.test(kind)) return left;
  return { sources: both.sources, merged };
}

/** Of an outer join's two columns the one that is never null; of a full join's, both. */
function mergedColumn(kind: string, left: QueryColumn, right: QueryColumn): QueryColumn {
  if (/full/i.test(kind)) return { ...union([left, right]), transformation: "transformation" };
  return /right/i.test(kind) ? right : left;
}

function pick({ sources, merged }: Sources, name: string): QueryColumn {
  const found = sources.flatMap(({ columns }) =>
    columns.filter((column) => column.name !== null && fold(column.name) === fold(name)),
  );
  const known = merged.get(fold(name)) ?? found[0];
  return known ?? { name, origins: [], transformation: "identity", complete: false };
}

function commonNames(left: Sources, right: Sources): readonly string[] {
  const there = new Set(right.sources.flatMap(namesOf).map(fold));
  return [...new Set(left.sources.flatMap(namesOf))].filter((name) => there.has(fold(name)));
}

const namesOf = ({ columns }: Shape): readonly string[] =>
  columns.flatMap(({ name }) => (name === null ? [] : [name]));

function resolveItem(item: Tree, scope: Scope, reader: FromReader): Sources {
  const { kind, body } = kindOf(item);
  if (kind === "joined_table") {
    const inner = resolveFrom([child(body, "left") ?? {}], list(body, "joins"), scope, reader);
    const alias = nameIn(body, "alias");
    if (alias === null) return inner;
    const shape = starOf(inner);
    return only({ ...shape, alias });
  }
  if (kind === "paren") return resolveItem(child(body, "this") ?? {}, scope, reader);
  if (kind === "table") return only(resolveTable(body, scope, reader));
  if (kind === "subquery" || kind === "alias") {
    const shape =
      kind === "subquery" ? resolveDerived(body, scope, reader) : resolveFunction(body, scope, reader);
    return only({ ...renamed(shape, namesIn(body, "column_aliases")), alias: nameIn(body, "alias") });
  }
  // A table function, a pivot, whatever else: rows with columns that only the engine knows.
  return only({ ...OPEN, alias: nameIn(body, "alias") });
}

const only = (source: Source): Sources => ({ sources: [source], merged: new Map() });

function resolveTable(body: Tree, scope: Scope, { catalog }: FromReader): Source {
  const name = nameIn(body, "name") ?? "";
  const parts = [nameIn(body, "catalog"), nameIn(body, "schema"), name].filter((part) => part !== null);
  const alias = nameIn(body, "alias") ?? name;
  const aliases = namesIn(body, "column_aliases");
  const cte = parts.length === 1 ? scope.ctes.get(fold(name)) : undefined;
  if (cte) return { ...renamed(cte, aliases), alias };
  const known = catalog(parts);
  if (!known?.columns) return { ...OPEN, alias };
  const { relation } = known;
  const columns = known.columns.map((column): QueryColumn => ({
    name: column,
    origins: [{ relation, column }],
    transformation: "identity",
    complete: true,
  }));
  return { ...renamed({ columns, open: false }, aliases), alias };
}

function resolveDerived(body: Tree, scope: Scope, reader: FromReader): Shape {
  const inner = child(body, "this") ?? {};
  if (kindOf(inner).kind !== "values") return reader.subquery(inner, scope);
  const width = list(kindOf(inner).body, "expressions").map((row) => list(row, "expressions").length)[0] ?? 0;
  const made = Array.from({ length: width }, (_, index): QueryColumn => constant(`col${index}`));
  return { columns: made, open: false };
}

/** `unnest(x) as t(y)`: what the function makes of its arguments has the names that are given, if they are. */
function resolveFunction(body: Tree, scope: Scope, reader: FromReader): Shape {
  const inner = child(body, "this") ?? {};
  if (kindOf(inner).kind === "table") return OPEN;
  const from = resolveExpression(inner, scope, reader);
  const named = namesIn(body, "column_aliases");
  return named.length === 0 ? OPEN : { columns: named.map((name) => ({ ...from, name })), open: false };
}

const constant = (name: string): QueryColumn => ({
  name,
  origins: [],
  transformation: "constant",
  complete: true,
});

/** Names given to the first columns: `t(a, b)`. */
export function renamed(shape: Shape, names: readonly string[]): Shape {
  if (names.length === 0) return shape;
  if (shape.open) return OPEN;
  return {
    columns: shape.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name })),
    open: false,
  };
}

/** What `*` means: the columns of all sources in order, those that a join merged once, where they first stand. */
export function starOf({ sources, merged }: Sources): Shape {
  const done = new Set<string>();
  const columns = sources.flatMap((source) =>
    source.columns.flatMap((column) => {
      const key = column.name === null ? null : fold(column.name);
      const one = key === null ? undefined : merged.get(key);
      if (key === null || !one) return [column];
      if (done.has(key)) return [];
      done.add(key);
      return [one];
    }),
  );
  return { columns, open: sources.some(({ open }) => open) };
}
