import { distinct, fold, resolveName } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { isAggregate, isAggregateFunction, stronger } from "./transformations.ts";
import { child, isTree, kindOf, nameIn, namesIn, startOf } from "./tree.ts";
import type { Tree } from "./tree.ts";
import type { ColumnFinding, ColumnOrigin, QueryColumn, Shape, Transformation } from "./types.ts";

export type ExpressionReader = {
  /** A query within an expression, with what it can see. */
  readonly subquery: (tree: Tree, scope: Scope) => Shape;
  readonly findings: ColumnFinding[];
};

const QUERIES = new Set(["select", "union", "intersect", "except", "subquery"]);
export const isQuery = (tree: Tree): boolean => QUERIES.has(kindOf(tree).kind);

/** The columns that the value of an expression comes from. `name` is that of a bare column. */
export function resolveExpression(tree: Tree, scope: Scope, reader: ExpressionReader): QueryColumn {
  const { kind, body } = kindOf(tree);
  if (kind === "column") return { ...column(body, scope, reader), name: nameIn(body, "name") };
  if (kind === "dot") return { ...dotted(body, scope, reader), name: nameIn(body, "field") };
  if (kind === "alias") return resolveExpression(child(body, "this") ?? {}, scope, reader);
  if (kind === "paren") return { ...resolveExpression(child(body, "this") ?? {}, scope, reader), name: null };
  const found = new Gathered();
  gather(tree, scope, reader, found);
  return found.column();
}

/** What the parts of an expression come from, added up. */
class Gathered {
  readonly #origins: ColumnOrigin[] = [];
  #strongest: Transformation = "constant";
  #complete = true;

  add({ origins, transformation, complete }: Omit<QueryColumn, "name">): void {
    this.#origins.push(...origins);
    this.#strongest = stronger(this.#strongest, transformation);
    this.#complete &&= complete;
  }

  aggregates(): void {
    this.#strongest = "aggregation";
  }

  /** An expression of columns is not one of them, so that it transforms at least. */
  column(): QueryColumn {
    const origins = distinct(this.#origins);
    const plain = origins.length === 0 && this.#complete && this.#strongest !== "aggregation";
    return {
      name: null,
      origins,
      transformation: plain ? "constant" : stronger(this.#strongest, "transformation"),
      complete: this.#complete,
    };
  }
}

/** All that lies at and below a node, whatever kinds it is made of. */
function gather(tree: Tree, scope: Scope, reader: ExpressionReader, found: Gathered): void {
  const keys = Object.keys(tree);
  const { kind, body } = kindOf(tree);
  if (keys.length === 1 && isTree(tree[kind])) gatherKind(kind, body, tree, scope, reader, found);
  else for (const key of keys) gatherValue(tree[key], scope, reader, found);
}

function gatherValue(value: unknown, scope: Scope, reader: ExpressionReader, found: Gathered): void {
  if (isTree(value)) gather(value, scope, reader, found);
  else if (Array.isArray(value)) for (const each of value) gatherValue(each, scope, reader, found);
}

function gatherKind(
  kind: string,
  body: Tree,
  tree: Tree,
  scope: Scope,
  reader: ExpressionReader,
  found: Gathered,
): void {
  if (isQuery(tree)) {
    const shape = reader.subquery(tree, scope);
    for (const each of shape.columns) found.add(each);
    if (shape.open) found.add({ origins: [], transformation: "identity", complete: false });
  } else if (kind === "column") found.add(column(body, scope, reader));
  else if (kind === "dot") found.add(dotted(body, scope, reader));
  else if (kind === "lambda") {
    const hidden = new Set([...scope.hidden, ...namesIn(body, "parameters").map(fold)]);
    gatherValue(body["body"], { ...scope, hidden }, reader, found);
  } else if (kind === "comprehension") {
    const variable = nameIn(kindOf(child(body, "expression") ?? {}).body, "name") ?? "";
    const inner = { ...scope, hidden: new Set([...scope.hidden, fold(variable)]) };
    gatherValue(body["iterator"], scope, reader, found);
    for (const key of ["this", "condition"]) gatherValue(body[key], inner, reader, found);
  } else {
    if (isAggregate(kind) || (kind === "function" && isAggregateFunction(nameIn(body, "name") ?? "")))
      found.aggregates();
    gather(body, scope, reader, found);
  }
}

function column(body: Tree, scope: Scope, { findings }: ExpressionReader): QueryColumn {
  const name = nameIn(body, "name") ?? "";
  const identifier = child(body, "name");
  return resolveName(
    { name, qualifier: nameIn(body, "table"), start: identifier ? startOf(identifier) : -1 },
    scope,
    findings,
  );
}

/** `schema.table.column`, or a field of a struct: only what is certain is told. */
function dotted(body: Tree, scope: Scope, reader: ExpressionReader): QueryColumn {
  const inner = child(child(body, "this"), "column");
  const field = nameIn(body, "field");
  const table = nameIn(inner, "name");
  const qualified = nameIn(inner, "table") !== null;
  if (qualified && field !== null && table !== null) {
    const ofTable = resolveName({ name: field, qualifier: table, start: -1 }, scope, []);
    if (ofTable.complete && ofTable.origins.length > 0) return ofTable;
  }
  const found = new Gathered();
  gatherValue(body["this"], scope, { ...reader, findings: [] }, found);
  return found.column();
}
