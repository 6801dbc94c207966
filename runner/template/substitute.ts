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

/** The same with its places counted from `by` characters further left: what meets what stands in other tags has its places from the file's beginning. */
export function shifted(expr: Expr, by: number): Expr {
  const at = expr.at + by;
  switch (expr.kind) {
    case "literal":
    case "name":
      return { ...expr, at };
    case "list":
      return { ...expr, at, items: expr.items.map((item) => shifted(item, by)) };
    case "map":
      return {
        ...expr,
        at,
        entries: expr.entries.map(({ key, value }) => ({ key, value: shifted(value, by) })),
      };
    case "not":
      return { ...expr, at, operand: shifted(expr.operand, by) };
    case "field":
      return { ...expr, at, of: shifted(expr.of, by) };
    case "binary":
      return { ...expr, at, left: shifted(expr.left, by), right: shifted(expr.right, by) };
    case "call":
      return { ...expr, at, args: shiftedArguments(expr.args, by) };
  }
}

export const shiftedArguments = (args: readonly Argument[], by: number): readonly Argument[] =>
  by === 0 ? args : args.map(({ name, at, value }) => ({ name, at: at + by, value: shifted(value, by) }));
