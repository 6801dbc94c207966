import { literalOf } from "./literal-of.ts";
import type { Expr, GlobalSpecs, SectionNode } from "./types.ts";

/** What names mean at a place of a template, as far as it is known before rendering. */
export type StaticScope = {
  readonly names: ReadonlySet<string>;
  /** A section around it has a context whose fields only rendering knows. */
  readonly open: boolean;
};

const position = ["first", "last", "index"];

/** The scope within a section that renders its children. */
export function sectionScope(scope: StaticScope, section: SectionNode, specs: GlobalSpecs): StaticScope {
  const { mode, expr, item } = section;
  if (mode === "if" || mode === "unless" || mode === "inverted") return scope;
  if (mode === "each" && item !== null) return within(scope, [item, ".", ...position], false);
  if (mode === "section" && isBoolean(expr, specs)) return scope;
  const literal = literalOf(expr);
  // A tag that could not be read stands as null: nothing is known of it, and its own mistake is told.
  if (literal === undefined || literal === null) return within(scope, [".", ...position], true);
  const list = Array.isArray(literal);
  const items = list ? literal : [literal];
  const fields = items.flatMap((each) =>
    typeof each === "object" && each !== null ? Object.keys(each) : [],
  );
  return within(scope, [".", ...(list ? position : []), ...fields], false);
}

const within = (scope: StaticScope, names: readonly string[], open: boolean): StaticScope => ({
  names: new Set([...scope.names, ...names]),
  open: scope.open || open,
});

/** Certainly true or false: a section of it only chooses. */
function isBoolean(expr: Expr, specs: GlobalSpecs): boolean {
  switch (expr.kind) {
    case "not":
      return true;
    case "literal":
      return typeof expr.value === "boolean";
    case "binary":
      if (expr.operator === "~") return false;
      return expr.operator === "and" || expr.operator === "or"
        ? isBoolean(expr.left, specs) && isBoolean(expr.right, specs)
        : true;
    case "name":
      return expr.path.length === 1 && specs.get(expr.path[0]!)?.returns === "boolean";
    case "call":
      return expr.package === null && specs.get(expr.name)?.returns === "boolean";
    case "list":
    case "map":
    case "field":
      return false;
  }
}
