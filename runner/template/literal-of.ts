import type { Json } from "../base/json.ts";
import type { Expr } from "./types.ts";

/** The value of an expression of literals, lists, maps and `~` of these; undefined when it depends on anything else. */
export function literalOf(_expr: Expr): Json | undefined {
  return undefined;
}
