import type { Json, JsonObject } from "../base/json.ts";
import { repr } from "../base/python-repr.ts";

/**
 * What dbt hashes for the id of a generic test, after its name: its package, its name and its arguments, the tested relation among them, each value as Python's
 * `str` and `repr` spell it, keys in order, which are `sorted` (`get_hashable_md` in dbt-core). The relation stands between `before` and `after`.
 */
export function hashedOf(
  name: string,
  namespace: string | null,
  args: JsonObject,
  sorted: readonly string[],
): { readonly before: string; readonly after: string } {
  let before = "{'kwargs': {";
  let after = "";
  for (let i = 0; i < sorted.length; i++) {
    const key = sorted[i]!;
    if (key < "model") before += `${repr(key)}: ${hashable(args[key]!)}, `;
    else if (key > "model") after += `, ${repr(key)}: ${hashable(args[key]!)}`;
  }
  return {
    before: `${before}'model': `,
    after: `${after}}, 'name': ${repr(name)}, 'namespace': ${hashable(namespace)}}`,
  };
}

/** The relation as dbt hands it to a test: `call` is `ref('orders')`. */
export const hashedRelation = (call: string): string => repr(`{{ get_where_subquery(${call}) }}`);

function hashable(value: Json): string {
  if (typeof value === "string") return repr(value);
  if (Array.isArray(value)) {
    let text = "";
    for (let i = 0; i < value.length; i++) text += (i === 0 ? "" : ", ") + hashable(value[i] as Json);
    return `[${text}]`;
  }
  if (typeof value !== "object" || value === null) return repr(pythonText(value));
  const entries = Object.entries(value as JsonObject).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${repr(key)}: ${hashable(item)}`).join(", ")}}`;
}

/** A value as Python's `str` writes it; names of tests have it, too. */
export function pythonText(value: Json): string {
  if (typeof value === "string") return value;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : pythonInfinity(value);
  const literal = (item: Json): string => (typeof item === "string" ? repr(item) : pythonText(item));
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(literal).join(", ")}]`;
  const entries = Object.entries(value as JsonObject);
  return `{${entries.map(([key, item]) => `${repr(key)}: ${literal(item)}`).join(", ")}}`;
}

const pythonInfinity = (value: number): string => (Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
