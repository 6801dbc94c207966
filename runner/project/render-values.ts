import { isObject } from "../base/json.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { Place, Problem } from "../base/problems.ts";
import type { Target } from "./target-types.ts";
import type { Path, YamlFile } from "./yaml.ts";

/**
 * What a text of a YAML file with `{{ … }}` in it comes to: a value where that is all of it, else text. The language is a later stage's; who reads
 * a project hands it in.
 */
export type RenderText = (text: string, place: () => Place) => Rendered;
export type Rendered = { readonly value: Json } | { readonly problems: readonly Problem[] };
/** What such texts may ask for. */
export type RenderScope = {
  readonly vars: JsonObject;
  readonly target: Pick<Target, "name" | "type" | "schema" | "threads">;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** A configuration that was written as a template, and what it came to. */
export type DynamicConfig = { readonly key: string; readonly written: Json; readonly value: Json };

/** Rendered when its turn comes, with what is known then. */
export const LATER = /^\+?(?:(?:pre|post)[-_]hook|sql_header|where|loaded_at_query)$/;

export const isTemplate = (text: string): boolean => text.includes("{{");

/** Whether a template stands anywhere in it. */
export const holdsTemplate = (value: unknown): boolean =>
  typeof value === "string"
    ? isTemplate(value)
    : typeof value === "object" && value !== null && Object.values(value).some(holdsTemplate);

/** Stands for what could not be rendered, and is left out: what is missing then is no further mistake. */
const WRONG = Symbol("wrong");

/** A configuration with its templates rendered; `at` is where it stands. */
export function renderConfig(
  config: unknown,
  at: Path,
  yaml: YamlFile,
  render: RenderText,
  problems: Problem[],
): unknown {
  const walk = (inner: unknown, path: Path): unknown => {
    if (typeof inner === "string") return isTemplate(inner) ? renderOne(inner, path) : inner;
    if (Array.isArray(inner))
      return inner.map((item, i) => walk(item, [...path, i])).filter((item) => item !== WRONG);
    if (!isObject(inner)) return inner;
    const entries = Object.entries(inner).map(([key, value]) => [
      key,
      LATER.test(key) ? value : walk(value, [...path, key]),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== WRONG));
  };
  const renderOne = (text: string, path: Path): unknown => {
    const made = render(text, () => yaml.placeOf(path));
    if ("value" in made) return made.value;
    problems.push(...made.problems);
    return WRONG;
  };
  if (!holdsTemplate(config)) return config;
  const made = walk(config, at);
  return made === WRONG ? undefined : made;
}

/** Of ten thousand models hardly any has one. */
const noneDynamic: readonly DynamicConfig[] = [];

/** Those of a configuration that were written as templates; `read` is what they came to. */
export function dynamicOf(written: unknown, read: object): readonly DynamicConfig[] {
  if (written === undefined || !holdsTemplate(written)) return noneDynamic;
  const values = read as JsonObject;
  return Object.entries(isObject(written) ? written : {})
    .filter(([key, value]) => !LATER.test(key) && holdsTemplate(value))
    .map(([key, value]) => ({ key, written: value as Json, value: values[key] ?? null }));
}
