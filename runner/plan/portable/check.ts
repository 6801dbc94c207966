import { child, isTree, list } from "../../graph/columns/tree.ts";
import type { Tree } from "../../graph/columns/tree.ts";
import { FIELDS, FORMATS, HINTS, JOINS, KINDS, TYPES } from "./known.ts";
import { REWRITTEN, nameOf, textOf, whyNot } from "./rewrite.ts";
import { expressionOf, objectsIn } from "./walk.ts";

/** What no test has shown to mean the same on every engine; `word`: how it is spelled in the query, to find its place. */
export type Stranger = {
  readonly what: string;
  readonly word: string;
  readonly start: number;
  readonly hint: string;
};

const HINT = "use what README.md lists as portable, or set portable to false and write it for each engine";

/** All that is not known, in the order in which it stands in the tree. */
export function strangersIn(tree: Tree): Stranger[] {
  const found: Stranger[] = [];
  const tables = new Set<Tree>();
  const add = (what: string, word: string, at: Tree, hint = HINT): void => {
    found.push({ what, word, start: startIn(at), hint });
  };
  if (child(tree, "values"))
    add("values as a whole query", "values", tree, "select from (values …) with an alias and columns");
  for (const each of objectsIn(tree)) {
    const type = each["data_type"];
    if (typeof type === "string" && !TYPES.has(type))
      add(`the type ${type.replaceAll("_", "")}`, type.replaceAll("_", ""), each);
    if (isTree(each["sample"])) add("sample", "sample", each);
    if (each["all"] === true && Array.isArray(each["expressions"]))
      add("group by all", "all", each, "name the columns: group by geo, year");
    if (each["percent"] === true) add("limit in percent", "limit", each);
    for (const join of list(each, "joins"))
      if (!JOINS.has(String(join["kind"]))) add(`a join of the kind ${String(join["kind"])}`, "join", join);
    const expression = expressionOf(each);
    for (const table of list(child(each, "from"), "expressions")) {
      tables.add(table);
      const aliased = child(child(table, "alias"), "this");
      if (aliased) tables.add(aliased);
    }
    if (expression !== undefined) inExpression(each, expression.kind, expression.body, add, tables);
  }
  return found;
}

function inExpression(
  tree: Tree,
  kind: string,
  body: Tree,
  add: (what: string, word: string, at: Tree, hint?: string) => void,
  tables: ReadonlySet<Tree>,
): void {
  const name = nameOf(kind, body);
  const isFunction = kind === "function" || kind === "aggregate_function";
  if (kind === "star" && ["except", "replace", "rename"].some((key) => Array.isArray(body[key])))
    add("* with exclude, replace or rename", "*", tree, "name the columns");
  else if (whyNot(kind, body) !== undefined) add(whyNot(kind, body)!, name, tree);
  else if (kind === "extract" && !FIELDS.has(fieldOf(body)))
    add(`extract of ${fieldOf(body)}`, "extract", tree);
  else if (
    kind === "column" &&
    child(body, "name")?.["name"] === "all" &&
    child(body, "name")?.["quoted"] === false
  )
    add("order by all", "all", tree, "name the columns: order by geo, year");
  else if (name === "date_part" && !FIELDS.has(textOf(list(body, "args")[0]) ?? ""))
    add("date_part of this", "date_part", tree);
  else if (name === "generate_series" && !tables.has(tree))
    add("generate_series outside of from", "generate_series", tree, HINTS["generate_series"]);
  else if (name === "strftime") {
    const format = child(list(body, "args")[1], "literal")?.["value"];
    if (typeof format !== "string" || !FORMATS.test(format))
      add("a format of strftime besides %Y %m %d %H %M %S", "strftime", tree);
  } else if (!(KINDS.has(isFunction ? `${name}()` : kind) || (name in REWRITTEN && isFunction)))
    add(
      isFunction ? `the function ${name}` : kind.replaceAll("_", " "),
      isFunction ? String(body["name"]) : kind,
      tree,
      HINTS[name] ?? HINT,
    );
}

/** `Year`, or `{Custom: "isodow"}`. */
const fieldOf = ({ field }: Tree): string =>
  String(isTree(field) ? Object.values(field)[0] : field).toLowerCase();

/** Where a tree begins, as far as the parser tells; -1: it does not. */
function startIn(tree: Tree): number {
  for (const each of objectsIn(tree)) {
    const start = child(each, "span")?.["start"];
    if (typeof start === "number") return start;
  }
  return -1;
}
