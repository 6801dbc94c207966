import type { Json } from "../base/json.ts";
import type { Expr, ListExpr, MapExpr } from "./types.ts";

/** The value of an expression of literals, lists, maps and `~` of these; undefined when it depends on anything else. */
export function literalOf(expr: Expr): Json | undefined {
  switch (expr.kind) {
    case "literal":
      return expr.value;
    case "list":
      return listOf(expr);
    case "map":
      return mapOf(expr);
    case "binary": {
      if (expr.operator !== "~") return undefined;
      const [left, right] = [literalOf(expr.left), literalOf(expr.right)];
      return left === undefined || right === undefined ? undefined : text(left) + text(right);
    }
    case "name":
    case "call":
    case "field":
    case "not":
      return undefined;
  }
}

const text = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

function listOf({ items }: ListExpr): Json | undefined {
  const values: Json[] = [];
  for (const item of items) {
    const value = literalOf(item);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function mapOf({ entries }: MapExpr): Json | undefined {
  const values: [string, Json][] = [];
  for (const { key, value } of entries) {
    const literal = literalOf(value);
    if (literal === undefined) return undefined;
    values.push([key, literal]);
  }
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(values);
}
