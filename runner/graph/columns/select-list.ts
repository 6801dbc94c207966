import { resolveExpression } from "./expression.ts";
import type { ExpressionReader } from "./expression.ts";
import { starOf } from "./from.ts";
import { fold } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { child, isTree, kindOf, list, nameIn, namesIn } from "./tree.ts";
import type { Tree } from "./tree.ts";
import type { QueryColumn, Shape } from "./types.ts";

export type SelectList = {
  readonly shape: Shape;
  /** Names that the list gives, for the clauses and the expressions after it. */
  readonly aliases: ReadonlyMap<string, QueryColumn>;
};

/** What a select list returns. A name given in it may be used by what follows, as in DuckDB. */
export function selectList(body: Tree, scope: Scope, reader: ExpressionReader): SelectList {
  const columns: QueryColumn[] = [];
  const aliases = new Map<string, QueryColumn>();
  let open = false;
  // `select * exclude (x)` may keep the exclusion beside the list.
  const excluded = namesIn(body, "exclude");
  for (const item of list(body, "expressions")) {
    const seen = { ...scope, aliases };
    const { kind, body: inner } = kindOf(item);
    if (kind === "star") {
      const shape = resolveStar(inner, excluded, seen, reader);
      columns.push(...shape.columns);
      open ||= shape.open;
    } else if (isManyColumns(item)) open = true;
    else {
      const alias = kind === "alias" ? nameIn(inner, "alias") : null;
      const value = resolveExpression(item, seen, reader);
      const column = alias === null ? value : { ...value, name: alias };
      columns.push(column);
      if (alias !== null) aliases.set(fold(alias), column);
    }
  }
  return { shape: open ? { columns: [], open } : { columns, open }, aliases };
}

/** An expression over a star or `columns(…)` is as many columns as it finds; `count(*)` is one. */
function isManyColumns(item: Tree): boolean {
  const { kind, body } = kindOf(item);
  if (kind === "star") return true;
  if (kind === "count" && body["star"] === true) return false;
  if (kind === "function" && /^(columns|unnest)$/i.test(nameIn(body, "name") ?? ""))
    return /^columns$/i.test(nameIn(body, "name") ?? "") || hasRecursion(body);
  if (kind === "select" || kind === "subquery" || kind === "union") return false;
  return Object.values(body).some((value) =>
    Array.isArray(value)
      ? value.some((each) => isTree(each) && isManyColumns(each))
      : isTree(value) && Object.keys(value).length === 1 && isManyColumns(value),
  );
}

const hasRecursion = (body: Tree): boolean =>
  list(body, "args").some((argument) => kindOf(argument).kind === "named_argument");

function resolveStar(body: Tree, excluded: readonly string[], scope: Scope, reader: ExpressionReader): Shape {
  const table = nameIn(body, "table");
  const source = scope.sources.find(
    ({ alias }) => table !== null && alias !== null && fold(alias) === fold(table),
  );
  if (table !== null && !source) return { columns: [], open: true };
  const all = source ?? starOf(scope);
  const without = new Set([...namesIn(body, "except"), ...excluded].map(fold));
  const replaced = new Map(
    list(body, "replace").map((alias) => [
      fold(nameIn(alias, "alias") ?? ""),
      resolveExpression(child(alias, "this") ?? {}, scope, reader),
    ]),
  );
  const renames = renamesIn(body["rename"]);
  const columns = all.columns.flatMap((column) => {
    const key = fold(column.name ?? "");
    if (without.has(key)) return [];
    const value = { ...(replaced.get(key) ?? column), name: column.name };
    return [{ ...value, name: renames.get(key) ?? value.name }];
  });
  return { columns, open: all.open };
}

/** `rename` is a list of pairs of identifiers. */
function renamesIn(value: unknown): ReadonlyMap<string, string> {
  const pairs = Array.isArray(value) ? value : [];
  return new Map(
    pairs.flatMap((pair: unknown) => {
      const [from, to] = Array.isArray(pair) ? (pair as unknown[]) : [];
      const [old, name] = [isTree(from) ? from["name"] : null, isTree(to) ? to["name"] : null];
      return typeof old === "string" && typeof name === "string" ? [[fold(old), name] as const] : [];
    }),
  );
}
