import { nearest } from "../../base/nearest.ts";
import { isQuery, resolveExpression } from "./expression.ts";
import { renamed, resolveFrom } from "./from.ts";
import type { FromReader } from "./from.ts";
import { distinct, emptyScope, fold, union } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { selectList } from "./select-list.ts";
import { child, isTree, kindOf, list, nameIn, namesIn } from "./tree.ts";
import type { Tree } from "./tree.ts";
import type { Catalog, ColumnFinding, ColumnOrigin, QueryColumn, QueryColumns, Shape } from "./types.ts";

/**
 * The columns that a query returns and the columns of tables that each comes from, through CTEs, subqueries, joins, set operations
 * and stars. Where a table's columns are not known, or the syntax is one that we do not follow, the answer says so (`open`,
 * `complete: false`) and nothing is guessed.
 *
 * @param tree A query as `@polyglot-sql/sdk` parses it.
 */
export function resolveQuery(tree: Tree, catalog: Catalog): QueryColumns {
  const findings: ColumnFinding[] = [];
  const influences: ColumnOrigin[] = [];
  const reader: FromReader = {
    catalog,
    findings,
    influences,
    subquery: (inner, scope) => queryShape(inner, { ...emptyScope, ctes: scope.ctes, outer: scope }, reader),
  };
  const shape = queryShape(tree, emptyScope, reader);
  return { ...shape, influences: distinct(influences), findings };
}

const OPEN: Shape = { columns: [], open: true };

function queryShape(tree: Tree, outer: Scope, reader: FromReader): Shape {
  const { kind, body } = kindOf(tree);
  const scope = withCtes(child(body, "with"), outer, reader);
  switch (kind) {
    case "select":
      return selectShape(body, scope, reader);
    case "union":
    case "intersect":
    case "except":
      return setShape(kind, body, scope, reader);
    case "subquery":
    case "paren":
      return queryShape(child(body, "this") ?? {}, scope, reader);
    default:
      return OPEN;
  }
}

function withCtes(clause: Tree | undefined, scope: Scope, reader: FromReader): Scope {
  if (!clause) return scope;
  const ctes = new Map(scope.ctes);
  for (const cte of list(clause, "ctes")) {
    const name = fold(nameIn(cte, "alias") ?? "");
    const query = child(cte, "this") ?? {};
    const named = namesIn(cte, "columns");
    const inner = { ...scope, ctes };
    if (clause["recursive"] === true) {
      // What a recursive CTE reads of itself is what its first part returns.
      const first = child(kindOf(query).body, "left");
      const silent = { ...reader, findings: [], influences: [] };
      ctes.set(name, first ? renamed(queryShape(first, inner, silent), named) : OPEN);
    }
    ctes.set(name, isQuery(query) ? renamed(queryShape(query, inner, reader), named) : OPEN);
  }
  return { ...scope, ctes };
}

/** Clauses that decide on rows; what they name may be an alias of the select list. */
const DECIDING = ["where_clause", "group_by", "having", "qualify", "distinct_on"];

function selectShape(body: Tree, scope: Scope, reader: FromReader): Shape {
  const from = resolveFrom(list(child(body, "from"), "expressions"), list(body, "joins"), scope, reader);
  const inside: Scope = { ...scope, ...from };
  const before = reader.findings.length;
  const { shape, aliases } = selectList(body, inside, reader);
  const wrong = reader.findings.slice(before).filter(({ kind }) => kind === "unknown");
  const after = { ...inside, aliases };
  for (const key of DECIDING) influence(body[key], after, reader);
  for (const window of list(body, "windows")) influence(window["spec"], after, reader);
  influence(body["order_by"], { ...after, ...preferring(aliases, from.merged) }, reader);
  return wrong.length === 0 ? shape : withMeant(shape, wrong);
}

/**
 * Who reads a query with a misspelt column means the right one, and has made no mistake of its own: it is there too. Where nobody can tell
 * which is meant, anything may be.
 */
function withMeant(shape: Shape, wrong: readonly ColumnFinding[]): Shape {
  const meant = wrong.map(({ name, known }) => nearest(name, known));
  if (shape.open || meant.includes(undefined)) return OPEN;
  const columns = meant.map((name): QueryColumn => ({
    name: name ?? null,
    origins: [],
    transformation: "identity",
    complete: false,
  }));
  return { columns: [...shape.columns, ...columns], open: false };
}

/** ORDER BY looks among the names of the select list first. */
const preferring = (
  aliases: ReadonlyMap<string, QueryColumn>,
  merged: ReadonlyMap<string, QueryColumn>,
): Pick<Scope, "merged"> => ({ merged: new Map([...merged, ...aliases]) });

function influence(clause: unknown, scope: Scope, reader: FromReader): void {
  if (Array.isArray(clause)) for (const each of clause) influence(each, scope, reader);
  else if (isTree(clause)) reader.influences.push(...resolveExpression({ clause }, scope, reader).origins);
}

function setShape(kind: string, body: Tree, scope: Scope, reader: FromReader): Shape {
  const left = queryShape(child(body, "left") ?? {}, scope, reader);
  const right = queryShape(child(body, "right") ?? {}, scope, reader);
  influence(body["order_by"], { ...scope, sources: [{ ...left, alias: null }] }, { ...reader, findings: [] });
  if (kind !== "union") {
    // The second query only decides which rows of the first are returned.
    reader.influences.push(...right.columns.flatMap(({ origins }) => origins));
    return left;
  }
  if (body["by_name"] === true) return byName(left, right);
  if (left.open || right.open) return OPEN;
  return {
    columns: left.columns.map((column, index) => {
      const other = right.columns[index];
      return other ? { ...union([column, other]), name: column.name } : column;
    }),
    open: false,
  };
}

function byName(left: Shape, right: Shape): Shape {
  const there = new Map(right.columns.map((column) => [fold(column.name ?? ""), column]));
  const columns = left.columns.map((column) => {
    const other = there.get(fold(column.name ?? ""));
    if (!other) return column;
    there.delete(fold(column.name ?? ""));
    return { ...union([column, other]), name: column.name };
  });
  return { columns: [...columns, ...there.values()], open: left.open || right.open };
}
