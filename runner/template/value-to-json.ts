import type { Json } from "../base/json.ts";
import { Data, Gap, Identifier, Sql } from "./values.ts";
import type { Part, Value } from "./values.ts";

/** What a value says, without what it is: text of SQL, of a name, or of data is text. */
export function valueToJson(value: Value): Json {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (value instanceof Data) return value.value;
  if (value instanceof Identifier) return value.text;
  if (value instanceof Sql) return textOfParts(value.parts);
  if (isList(value)) return value.map(valueToJson);
  return Object.fromEntries([...value].map(([key, inner]) => [key, valueToJson(inner)]));
}

/** Nearly always it is one text. */
function textOfParts(parts: Sql["parts"]): string {
  const first = parts[0];
  return parts.length === 1 && typeof first === "string" ? first : parts.map(textOfPart).join("");
}

function textOfPart(part: Part): string {
  if (typeof part === "string") return part;
  return part instanceof Gap ? part.look() : textOf(part.value);
}

/** As text within other text: numbers and booleans as SQL spells them, lists and maps as JSON. */
export function textOf(value: Value): string {
  const json = valueToJson(value);
  return typeof json === "string" ? json : JSON.stringify(json);
}

/** Narrows arrays that are read-only, which `Array.isArray` alone does not. */
export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);
