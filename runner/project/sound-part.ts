import type * as z from "zod";
import { isObject } from "../base/json.ts";
import type { Path } from "./yaml.ts";
import { plainIssues, valueAt } from "./zod-problems.ts";

export type SoundPart<T> = {
  readonly data: T;
  /** Where what stands at a path of the part stands in the whole: entries of lists have moved up. */
  readonly inWhole: (path: Path) => Path;
};

/** Stands for an entry of a list until all that is wrong is taken out. */
const GONE = Symbol("gone");

/**
 * What a schema has nothing against: a value without its wrong keys, and without the entries of lists that lack what they need. What is wrong is told
 * already; the rest is for those who look further. undefined: nothing is left.
 */
export function soundPart<S extends z.ZodType>(
  value: unknown,
  schema: S,
): SoundPart<z.output<S>> | undefined {
  const part = copy(value);
  const moved = new WeakMap<readonly unknown[], number[]>();
  for (;;) {
    const parsed = schema.safeParse(part);
    if (parsed.success) return { data: parsed.data, inWhole: (path) => inWhole(part, moved, path) };
    for (const issue of parsed.error.issues.flatMap(plainIssues)) {
      const path = issue.path as Path;
      const wrong = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
      const allowed = issue.code === "invalid_value" ? issue.values[0] : undefined;
      if (!wrong.every((each) => takeOut(part, each, allowed))) return undefined;
    }
    closeRanks(part, moved);
  }
}

/** false: nothing is left. What is missing takes the entry with it that it is missing of, unless one of few values is; the first `allowed` one stands in. */
function takeOut(whole: unknown, path: Path, allowed?: unknown): boolean {
  if (path.length === 0) return false;
  const parent = valueAt(whole, path.slice(0, -1));
  const step = path.at(-1)!;
  if (typeof parent === "symbol") return true;
  if (Array.isArray(parent) && Number(step) < parent.length) {
    parent[Number(step)] = GONE;
    return true;
  }
  if (isObject(parent) && Object.hasOwn(parent, step)) return Reflect.deleteProperty(parent, step);
  if (isObject(parent) && allowed !== undefined) return Reflect.set(parent, step, allowed);
  return takeOut(whole, path.slice(0, -1));
}

function closeRanks(value: unknown, moved: WeakMap<readonly unknown[], number[]>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    const list = value as unknown[];
    const places = moved.get(list) ?? [...list.keys()];
    moved.set(
      list,
      places.filter((_, i) => list[i] !== GONE),
    );
    list.splice(0, list.length, ...list.filter((item) => item !== GONE));
  }
  for (const inner of Object.values(value)) closeRanks(inner, moved);
}

function inWhole(part: unknown, moved: WeakMap<readonly unknown[], number[]>, path: Path): Path {
  let at = part;
  return path.map((step) => {
    const found = Array.isArray(at) ? (moved.get(at)?.[Number(step)] ?? step) : step;
    at = valueAt(at, [step]);
    return found;
  });
}

/** Of its own all through: what YAML's aliases share is taken out of one place alone. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
}
