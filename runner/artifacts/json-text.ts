import type { Json } from "../base/json.ts";

/** A sign that does not stand for itself in a text of JSON, or may not: other letters are looked at by the runtime. */
const ODD = /[^ !#-[\]-~]/;

/** A text in its quotes, as JSON.stringify gives it: which takes three times as long for the names and ids that need no escape. */
export const quoted = (text: string): string => (ODD.test(text) ? JSON.stringify(text) : `"${text}"`);

/** The same without the quotes, to be put together with others. */
export const escaped = (text: string): string => (ODD.test(text) ? JSON.stringify(text).slice(1, -1) : text);

/** The same of one of these texts: where none of them needs an escape, they are looked at once. */
export function escapedAmong(...lists: readonly Iterable<string>[]): (text: string) => string {
  for (const texts of lists) for (const text of texts) if (ODD.test(text)) return escaped;
  return (text) => text;
}

export const quotedOrNull = (text: string | null): string => (text === null ? "null" : quoted(text));

/** Any value, as JSON.stringify gives it. */
export function jsonOf(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (value === null) return "null";
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : JSON.stringify(value);
  return isEmpty(value) ? "{}" : JSON.stringify(value);
}

export function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

export function textsJson(texts: readonly string[], spell = escaped): string {
  if (texts.length === 0) return "[]";
  let json = `["${spell(texts[0]!)}`;
  for (let i = 1; i < texts.length; i++) json += `","${spell(texts[i]!)}`;
  return `${json}"]`;
}

/** Spells what mostly is made of the same values as the time before: one to three. */
export function remembering<Values extends readonly [unknown, unknown?, unknown?]>(
  spell: (...values: Values) => string,
): (...values: Values) => string {
  let last: readonly [unknown, unknown, unknown] | undefined;
  let json = "";
  const remembered = (one: unknown, two: unknown, three: unknown): string => {
    if (last === undefined || last[0] !== one || last[1] !== two || last[2] !== three) {
      last = [one, two, three];
      json = (spell as unknown as (...values: unknown[]) => string)(one, two, three);
    }
    return json;
  };
  return remembered as unknown as (...values: Values) => string;
}
