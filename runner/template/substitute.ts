import type { Argument, Expr } from "./types.ts";

/** What the parameters of a macro, or the item of a loop, stand for. */
export type Bindings = ReadonlyMap<string, Expr>;

/** An expression with names replaced by what they stand for. A field that what they stand for does not have stays unknown. */
export function substitute(expr: Expr, bindings: Bindings): Expr {
  switch (expr.kind) {
    case "literal":
      return expr;
    case "list":
      return { ...expr, items: expr.items.map((item) => substitute(item, bindings)) };
    case "map":
      return {
        ...expr,
        entries: expr.entries.map(({ key, value }) => ({ key, value: substitute(value, bindings) })),
      };
    case "not":
      return { ...expr, operand: substitute(expr.operand, bindings) };
    case "field":
      return fieldOf(substitute(expr.of, bindings), expr.name);
    case "binary":
      return { ...expr, left: substitute(expr.left, bindings), right: substitute(expr.right, bindings) };
    case "call":
      return { ...expr, args: substituteArguments(expr.args, bindings) };
    case "name": {
      const [head, ...fields] = expr.path;
      const found = bindings.get(head!);
      return found === undefined ? expr : fields.reduce<Expr>(fieldOf, found);
    }
  }
}

export const substituteArguments = (args: readonly Argument[], bindings: Bindings): Argument[] =>
  args.map((argument) => ({ ...argument, value: substitute(argument.value, bindings) }));

function fieldOf(expr: Expr, field: string): Expr {
  if (expr.kind === "name") return { ...expr, path: [...expr.path, field] };
  if (expr.kind === "call" || expr.kind === "field")
    return { kind: "field", at: expr.at, of: expr, name: field };
  const entry = expr.kind === "map" ? expr.entries.find(({ key }) => key === field) : undefined;
  return entry?.value ?? { kind: "name", at: expr.at, path: ["?", field] };
}

/** Whether any of these names is spoken of. */
export function mentions(expr: Expr, name: string): boolean {
  switch (expr.kind) {
    case "literal":
      return false;
    case "list":
      return expr.items.some((item) => mentions(item, name));
    case "map":
      return expr.entries.some(({ value }) => mentions(value, name));
    case "not":
      return mentions(expr.operand, name);
    case "field":
      return mentions(expr.of, name);
    case "binary":
      return mentions(expr.left, name) || mentions(expr.right, name);
    case "call":
      return expr.args.some(({ value }) => mentions(value, name));
    case "name":
      return expr.path[0] === name;
  }
}
