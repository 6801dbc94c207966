import { weightOf } from "./transformations.ts";
import type { ColumnFinding, ColumnOrigin, QueryColumn, Shape } from "./types.ts";

/** One thing in a FROM: a table, a CTE, a subquery. */
export type Source = Shape & { readonly alias: string | null };

/** What names can mean at a place in a query. */
export type Scope = {
  readonly sources: readonly Source[];
  /** Columns that USING or a natural join made one of two, by folded name. */
  readonly merged: ReadonlyMap<string, QueryColumn>;
  /** Names given in the select list, which others may use. */
  readonly aliases: ReadonlyMap<string, QueryColumn>;
  /** Parameters of lambdas around this place. */
  readonly hidden: ReadonlySet<string>;
  readonly ctes: ReadonlyMap<string, Shape>;
  /** The query around this one. */
  readonly outer: Scope | null;
};

export const emptyScope: Scope = {
  sources: [],
  merged: new Map(),
  aliases: new Map(),
  hidden: new Set(),
  ctes: new Map(),
  outer: null,
};

/** Names are compared without case: DuckDB does so always, and what PostgreSQL tells apart by quotes alone is no mistake here. */
export const fold = (name: string): string => name.toLowerCase();

type Name = { readonly name: string; readonly qualifier: string | null; readonly start: number };
const nothing: QueryColumn = { name: null, origins: [], transformation: "constant", complete: true };
const unsure: QueryColumn = { ...nothing, transformation: "identity", complete: false };

/** What a name means. A name that cannot mean anything is noted in `findings`; one that we cannot judge is not. */
export function resolveName(name: Name, scope: Scope, findings: ColumnFinding[]): QueryColumn {
  return name.qualifier === null
    ? resolveBare(name, scope, findings)
    : resolveQualified(name, name.qualifier, scope, findings);
}

/** `inner`: names of the queries between the place and this scope. */
function resolveBare(
  name: Name,
  scope: Scope,
  findings: ColumnFinding[],
  inner: readonly string[] = [],
): QueryColumn {
  const key = fold(name.name);
  if (scope.hidden.has(key)) return nothing;
  const merged = scope.merged.get(key);
  if (merged) return merged;
  const holders = scope.sources.filter((source) => columnsOf(source, key).length > 0);
  const [holder] = holders;
  if (holders.length > 1) {
    const known = holders.flatMap(({ alias }) => (alias === null ? [] : [`${alias}.${name.name}`]));
    findings.push({ kind: "ambiguous", name: name.name, start: name.start, known });
    return union(holders.flatMap((source) => columnsOf(source, key)));
  }
  if (holder) return union(columnsOf(holder, key));
  const alias = scope.aliases.get(key);
  if (alias) return alias;
  const row = sourceNamed(scope, key);
  if (row) return wholeRow(row);
  if (scope.sources.some(({ open }) => open)) return unsure;
  if (scope.outer) return resolveBare(name, scope.outer, findings, [...inner, ...namesAt(scope)]);
  findings.push({
    kind: "unknown",
    name: name.name,
    start: name.start,
    known: [...inner, ...namesAt(scope)],
  });
  return unsure;
}

function resolveQualified(
  name: Name,
  qualifier: string,
  scope: Scope,
  findings: ColumnFinding[],
): QueryColumn {
  const key = fold(qualifier);
  for (let at: Scope | null = scope; at; at = at.outer) {
    const source = sourceNamed(at, key);
    if (!source) continue;
    const found = columnsOf(source, fold(name.name));
    if (found.length > 0) return union(found);
    if (!source.open) {
      const known = source.columns.flatMap((column) => (column.name === null ? [] : [column.name]));
      findings.push({ kind: "unknown", name: name.name, start: name.start, known });
    }
    return unsure;
  }
  // No table is called so: a field of a struct, perhaps. Whether it has that field is for the engine to say.
  const column = resolveBare({ name: qualifier, qualifier: null, start: name.start }, scope, []);
  return column.origins.length > 0 ? { ...column, transformation: "transformation" } : unsure;
}

const columnsOf = (source: Shape, key: string): readonly QueryColumn[] =>
  source.columns.filter(({ name }) => name !== null && fold(name) === key);

const sourceNamed = (scope: Scope, key: string): Source | undefined =>
  scope.sources.find(({ alias }) => alias !== null && fold(alias) === key);

/** A table's name where a column's is expected: its row as one value. */
function wholeRow(source: Source): QueryColumn {
  const row = union(source.columns);
  return { ...row, transformation: "transformation", complete: row.complete && !source.open };
}

function namesAt(scope: Scope): readonly string[] {
  return [...scope.sources.flatMap(({ columns }) => columns), ...scope.aliases.values()].flatMap(({ name }) =>
    name === null ? [] : [name],
  );
}

/** Several columns as one value: all origins, the strongest transformation. */
export function union(columns: readonly QueryColumn[]): QueryColumn {
  if (columns.length === 1) return columns[0]!;
  let strongest: QueryColumn["transformation"] = "constant";
  for (const { transformation } of columns)
    if (weightOf(transformation) > weightOf(strongest)) strongest = transformation;
  return {
    name: columns[0]?.name ?? null,
    origins: distinct(columns.flatMap(({ origins }) => origins)),
    transformation: strongest,
    complete: columns.every(({ complete }) => complete),
  };
}

/** Each origin once, in the order in which they came. */
export function distinct(origins: readonly ColumnOrigin[]): readonly ColumnOrigin[] {
  if (origins.length < 2) return origins;
  return [
    ...new Map(origins.map((origin) => [JSON.stringify([origin.relation, origin.column]), origin])).values(),
  ];
}
