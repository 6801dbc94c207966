import { child, isTree, list } from "../../graph/columns/tree.ts";
import type { Tree } from "../../graph/columns/tree.ts";
import type { SqlLibrary } from "./sql-library.ts";
import { expressionOf, mapTree } from "./walk.ts";

/**
 * What the library translates wrongly, and means the same when it is said otherwise: by kind or function, an expression on its arguments
 * `a`, `b`, `c`. Of an aggregate, `filter` and `order` go with the `array_agg` in it.
 */
export const REWRITTEN: Readonly<Record<string, string>> = {
  year: "extract(year from a)",
  month: "extract(month from a)",
  day: "extract(day from a)",
  quarter: "extract(quarter from a)",
  hour: "extract(hour from a)",
  minute: "extract(minute from a)",
  week: "extract(week from a)",
  day_of_week: "extract(dow from a)",
  weekday: "extract(dow from a)",
  epoch: "extract(epoch from a)",
  last_day: "cast(date_trunc('month', cast(a as timestamp)) + interval '1 month' - interval '1 day' as date)",
  contains: "(strpos(a, b) > 0)",
  median: "quantile_cont(a, 0.5)",
  any_value: "(array_agg(a) filter (where a is not null))[1]",
  arg_max: "(array_agg(a order by b desc) filter (where a is not null and b is not null))[1]",
  max_by: "(array_agg(a order by b desc) filter (where a is not null and b is not null))[1]",
  arg_min: "(array_agg(a order by b) filter (where a is not null and b is not null))[1]",
  min_by: "(array_agg(a order by b) filter (where a is not null and b is not null))[1]",
};

/** Of units that have no fixed length, borders are counted, as DuckDB does, not whole ones. */
const DATE_DIFF: Readonly<Record<string, string>> = {
  year: "cast(extract(year from cast(b as timestamp)) - extract(year from cast(a as timestamp)) as bigint)",
  month:
    "cast(12 * (extract(year from cast(b as timestamp)) - extract(year from cast(a as timestamp))) + extract(month from cast(b as timestamp)) - extract(month from cast(a as timestamp)) as bigint)",
  day: "cast(extract(epoch from date_trunc('day', cast(b as timestamp)) - date_trunc('day', cast(a as timestamp))) / 86400 as bigint)",
  hour: "cast(extract(epoch from date_trunc('hour', cast(b as timestamp)) - date_trunc('hour', cast(a as timestamp))) / 3600 as bigint)",
  minute:
    "cast(extract(epoch from date_trunc('minute', cast(b as timestamp)) - date_trunc('minute', cast(a as timestamp))) / 60 as bigint)",
};

/** A query that the library translates rightly, which means to DuckDB what this one does. */
export function rewriteQuery(tree: Tree, library: SqlLibrary): Tree {
  let aliases = 0;
  /** PostgreSQL before 16 wants a name for a query that stands where tables do. */
  const named = (source: Tree): Tree => {
    const subquery = child(source, "subquery");
    if (subquery === undefined || isTree(subquery["alias"])) return source;
    return { subquery: { ...subquery, alias: identifier(`statloom_${++aliases}`) } };
  };
  return mapTree(tree, (each) => {
    if ("from" in each && Array.isArray(each["joins"])) {
      const from = child(each, "from");
      const joins = list(each, "joins").map((join) => ({ ...join, this: named(child(join, "this") ?? {}) }));
      return {
        ...each,
        joins,
        from: from === undefined ? null : { ...from, expressions: list(from, "expressions").map(named) },
      };
    }
    // A length means nothing to DuckDB.
    if (each["data_type"] === "var_char") return { ...each, length: null };
    const found = expressionOf(each);
    return found === undefined ? each : (rewrite(found.kind, found.body, library) ?? each);
  }) as Tree;
}

function rewrite(kind: string, body: Tree, library: SqlLibrary): Tree | undefined {
  const args = argumentsOf(body);
  switch (nameOf(kind, body)) {
    case "like":
      // DuckDB has no escape unless it is said, PostgreSQL has one unless it is said that there is none.
      return isTree(body["escape"]) ? undefined : { like: { ...body, escape: literal("") } };
    case "date_trunc":
      // Of a date, PostgreSQL would make an instant in a zone.
      if (isCast(args[1])) return undefined;
      return fill("date_trunc(a, cast(b as timestamp))", args, library);
    case "date_diff":
    case "datediff": {
      const text = DATE_DIFF[textOf(args[0]) ?? ""];
      return text === undefined ? undefined : fill(text, args.slice(1), library);
    }
    case "regexp_extract":
      return regexpExtract(args, library);
    case "string_agg":
    case "list_agg":
    case "listagg":
    case "group_concat": {
      const separator: Tree = child(body, "separator") ?? args[1] ?? literal(",");
      return aggregate(
        "array_to_string(array_agg(cast(a as varchar)) filter (where a is not null), b)",
        [args[0]!, separator],
        body,
        library,
      );
    }
    case "list":
      return aggregate("array_agg(a)", args, body, library);
    default: {
      const text = REWRITTEN[nameOf(kind, body)];
      if (text === undefined || args.length === 0) return undefined;
      return fill(text, args, library);
    }
  }
}

/** `list` of `{function: {name: "list"}}`, the kind of everything else. */
export const nameOf = (kind: string, body: Tree): string =>
  (kind === "function" || kind === "aggregate_function") && typeof body["name"] === "string"
    ? body["name"].toLowerCase()
    : kind;

function argumentsOf(body: Tree): readonly Tree[] {
  const args = list(body, "args");
  if (args.length > 0) return args;
  return ["this", "expression"].map((key) => child(body, key)).filter((arg) => arg !== undefined);
}

/** What stands against saying an expression otherwise; undefined: nothing, or it need not be. */
export function whyNot(kind: string, body: Tree): string | undefined {
  const name = nameOf(kind, body);
  const [first, second, third] = argumentsOf(body);
  if (/^date_?diff$/.test(name) && DATE_DIFF[textOf(first) ?? ""] === undefined)
    return `${name} besides that of ${Object.keys(DATE_DIFF).join(", ")}`;
  if (
    name === "regexp_extract" &&
    (textOf(second) === undefined || (third && !/^\d$/.test(textOf(third) ?? "")))
  )
    return "regexp_extract of a pattern that is no text, or of a group that is no number";
  if (name in REWRITTEN && isTree(body["filter"])) return `${name} with a filter`;
  return undefined;
}

const isCast = (tree: Tree | undefined): boolean =>
  tree !== undefined && ["timestamp"].includes(String(child(child(tree, "cast"), "to")?.["data_type"]));

export const textOf = (tree: Tree | undefined): string | undefined => {
  const value = child(tree, "literal")?.["value"];
  return typeof value === "string" ? value.toLowerCase() : undefined;
};

const literal = (value: string): Tree => ({ literal: { literal_type: "string", value } });

const identifier = (name: string): Tree => ({
  name,
  quoted: false,
  trailing_comments: [],
  span: { start: 0, end: 0, line: 1, column: 1 },
});

/** Without a match DuckDB gives an empty text, of nothing null. */
function regexpExtract(args: readonly Tree[], library: SqlLibrary): Tree | undefined {
  const [text, pattern, group] = args;
  const said = child(pattern, "literal")?.["value"];
  const wanted = group === undefined ? "0" : textOf(group);
  if (text === undefined || typeof said !== "string" || wanted === undefined) return undefined;
  const [found, at] = wanted === "0" ? [`(${said})`, "1"] : [said, wanted];
  const words = `case when a is not null then coalesce((regexp_match(a, b))[${Number(at)}], '') end`;
  return fill(words, [text, literal(found)], library);
}

/** `filter`, `order_by` and `distinct` of the aggregate go to the `array_agg` of the text. */
function aggregate(text: string, args: readonly Tree[], body: Tree, library: SqlLibrary): Tree {
  const filter = child(body, "filter");
  return mapTree(fill(text, args, library), (each) => {
    const inner = child(each, "array_agg");
    if (inner === undefined) return each;
    const own = child(inner, "filter");
    const both = own && filter ? { and: { ...binary, left: own, right: filter } } : (own ?? filter ?? null);
    const order = Array.isArray(body["order_by"]) ? body["order_by"] : [];
    return { array_agg: { ...inner, filter: both, order_by: order, distinct: body["distinct"] === true } };
  }) as Tree;
}

const binary = { left_comments: [], operator_comments: [], trailing_comments: [] };

/** The expression of a text with its names `a`, `b`, `c` as the arguments. */
function fill(text: string, args: readonly Tree[], library: SqlLibrary): Tree {
  const parsed = library.parse(`select ${text}`);
  if ("error" in parsed) throw new Error(`cannot read our own SQL: ${text}: ${parsed.error}`);
  const [expression] = list(child(parsed.tree, "select"), "expressions");
  return mapTree(expression, (each) => {
    const name = child(child(each, "column"), "name")?.["name"];
    const at = typeof name === "string" && /^[abc]$/.test(name) ? name.charCodeAt(0) - 97 : -1;
    const argument = args[at];
    return argument === undefined ? each : { paren: { this: argument, trailing_comments: [] } };
  }) as Tree;
}
