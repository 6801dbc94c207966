import { isObject } from "../base/json.ts";
import { isList, textOf, valueToJson } from "./value-to-json.ts";
import { Data, Identifier, Sql } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

/** Mustache's rule: false, nothing, 0, empty text and the empty list are false. Text of blanks alone counts as empty. */
export function isTruthy(value: Value): boolean {
  const plain = value instanceof Data || value instanceof Sql ? valueToJson(value) : value;
  if (typeof plain === "string") return plain.trim() !== "";
  return Array.isArray(plain) ? plain.length > 0 : Boolean(plain);
}

/** The items of a list; those of data are data. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (isList(value)) return value;
  if (value instanceof Data && Array.isArray(value.value)) return value.value.map((item) => new Data(item));
  return undefined;
}

/** A field of a map, of data or of a relation; undefined: there is none. */
export function fieldOf(value: Value, name: string): Value | undefined {
  if (value instanceof Data) {
    const { value: inner } = value;
    return isObject(inner) && Object.hasOwn(inner, name) ? new Data(inner[name]!) : undefined;
  }
  if (value instanceof Sql) return value.fields.get(name);
  return isMap(value) ? value.get(name) : undefined;
}

/** The names of a value's fields. */
export function fieldNames(value: Value): string[] {
  if (value instanceof Data) return isObject(value.value) ? Object.keys(value.value) : [];
  if (value instanceof Sql) return [...value.fields.keys()];
  return isMap(value) ? [...value.keys()] : [];
}

const isMap = (value: Value): value is ValueMap => value instanceof Map;

/** Equal in what they say: the var `'a'` equals the text `'a'`. */
export function areEqual(left: Value, right: Value): boolean {
  const a = valueToJson(left);
  const b = valueToJson(right);
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}

/** Below zero, zero or above, for two numbers or two texts; undefined for anything else. */
export function compare(left: Value, right: Value): number | undefined {
  const [a, b] = [valueToJson(left), valueToJson(right)];
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

/** Both texts after one another: data when either is, so that code with data in it cannot pass as code. */
export function concat(left: Value, right: Value): Value {
  if (left instanceof Data || right instanceof Data) return new Data(textOf(left) + textOf(right));
  if (left instanceof Identifier || right instanceof Identifier)
    return new Identifier(textOf(left) + textOf(right));
  const [before, after] = [partsOf(left), partsOf(right)];
  const [first, second] = [before[0], after[0]];
  return before.length === 1 && after.length === 1 && typeof first === "string" && typeof second === "string"
    ? new Sql(first + second)
    : new Sql([...before, ...after]);
}

const partsOf = (value: Value): Sql["parts"] => (value instanceof Sql ? value.parts : [textOf(value)]);

/** What it is, for messages. */
export function kindOf(value: Value): string {
  const json = valueToJson(value);
  if (json === null) return "nothing";
  if (Array.isArray(json)) return "a list";
  if (typeof json === "string") return "text";
  return typeof json === "object" ? "a map" : `a ${typeof json}`;
}
