/** What a value of a column is in a program, where rows come as JSON can say them: see `Cell`. */
export type ValueType =
  | { readonly kind: "boolean" | "number" | "text" | "date" | "instant" | "unknown" }
  | { readonly kind: "one-of"; readonly values: readonly (string | number)[] }
  | { readonly kind: "list"; readonly of: ValueType }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [string, ValueType])[] };

const NUMBER =
  /^(u?tinyint|u?smallint|u?integer|int[124]?|int(?:16|32)|smallserial|serial|float[48]?|real|double(?: precision)?|oid)$/;
const INSTANT = /^(timestamp|datetime)/;

/**
 * The type of a column, as DuckDB or PostgreSQL spell it. Whole numbers of 64 bits and more and decimals are texts, as a number of
 * JavaScript would round them; so is whatever has no type of its own in JSON.
 */
export function valueType(spelt: string): ValueType {
  const type = spelt.trim();
  const list = /^([\s\S]*)\[\d*\]$/.exec(type);
  if (list) return { kind: "list", of: valueType(list[1]!) };
  const [, name = "", inside = ""] = /^(enum|struct|map)\s*\(([\s\S]*)\)$/i.exec(type) ?? [];
  switch (name.toLowerCase()) {
    case "enum":
      return { kind: "one-of", values: parts(inside).map(unquoted) };
    case "struct":
      return { kind: "struct", fields: parts(inside).map(field) };
    case "map": {
      const [key = "", value = ""] = parts(inside);
      const fields = [["key", valueType(key)] as const, ["value", valueType(value)] as const];
      return { kind: "list", of: { kind: "struct", fields } };
    }
  }
  const base = type.toLowerCase().replace(/\s*\(.*$/s, "");
  if (base === "boolean" || base === "bool") return { kind: "boolean" };
  if (base === "date") return { kind: "date" };
  if (base === "union" || base === "variant" || base === '"null"') return { kind: "unknown" };
  if (INSTANT.test(base)) return { kind: "instant" };
  return { kind: NUMBER.test(base) ? "number" : "text" };
}

/** Texts between commas that stand in no brackets and no quotes. */
function parts(text: string): string[] {
  const found = [""];
  let depth = 0;
  for (const [piece] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[^]/g)) {
    if (piece === "(") depth++;
    if (piece === ")") depth--;
    if (piece === "," && depth === 0) found.push("");
    else found[found.length - 1] += piece;
  }
  return found.map((part) => part.trim()).filter((part) => part !== "");
}

function field(text: string): readonly [string, ValueType] {
  const [, name = "", type = ""] = /^("(?:[^"]|"")*"|\S+)\s+([\s\S]*)$/.exec(text) ?? [];
  return [unquoted(name), valueType(type)];
}

const unquoted = (text: string): string =>
  /^(['"])[\s\S]*\1$/.test(text) ? text.slice(1, -1).replaceAll(text[0]! + text[0]!, text[0]!) : text;
