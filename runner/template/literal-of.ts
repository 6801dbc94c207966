import type { Json } from "../base/json.ts";
import type { Expr } from "./types.ts";

/** The value of an expression of literals, lists, maps and `~` of these; undefined when it depends on anything else. */
export function literalOf(expr: Expr): Json | undefined {
  switch (expr.kind) {
    case "literal":
      return expr.value;
    case "list": {
      const items = expr.items.map(literalOf);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case "map": {
      const entries = expr.entries.map(({ key, value }) => [key, literalOf(value)] as const);
      return entries.every((entry): entry is readonly [string, Json] => entry[1] !== undefined)
        ? Object.fromEntries(entries)
        : undefined;
    }
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
