import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { Place, Problem } from "../base/problems.ts";
import { testConfigSchema } from "./config-schemas.ts";
import type { TestEntry } from "./property-schema.ts";
import { dynamicOf } from "./render-values.ts";
import type { DynamicConfig } from "./render-values.ts";
import type { TestProperties } from "./types.ts";
import type { Path, YamlFile } from "./yaml.ts";
import { knownKeys, zodProblems } from "./zod-problems.ts";

/** Shared by all that say nothing: there are tens of thousands of them. */
const nothing = {};
const saysNothing = { success: true, data: nothing } as const;
export const CONFIG_KEYS = new Set(knownKeys(testConfigSchema, []));

/**
 * Generic tests as people write them for dbt: `unique`, `{accepted_values: {values: [a]}}`, arguments under `arguments:` or
 * beside the configuration, configuration under `config:` or beside, `{name: x, test_name: unique}`.
 */
export function readTests(
  entries: readonly TestEntry[],
  key: "tests" | "data_tests",
  where: TestsPlace,
  problems: Problem[],
): readonly TestProperties[] {
  if (entries.length === 0) return none;
  const { yaml, at, index } = where;
  // Not pushed one by one: an array that grows has room for 17, and most have one.
  const tests = entries.map((entry, i) => {
    const place = index === undefined ? yaml.placeOf(at, key, i) : yaml.placeOf(at, index, key, i);
    if (typeof entry === "string")
      return { test: entry, name: null, description: "", arguments: nothing, config: nothing, place };
    const path = index === undefined ? [...at, key, i] : [...at, index, key, i];
    return readTest(entry, yaml, path, place, problems);
  });
  return tests.includes(undefined) ? tests.filter((test) => test !== undefined) : (tests as TestProperties[]);
}
const none: readonly TestProperties[] = [];

/** `at`: where what is tested stands, or its list, where it is the `index`th. */
export type TestsPlace = { readonly yaml: YamlFile; readonly at: Path; readonly index: number | undefined };

function readTest(
  entry: Exclude<TestEntry, string>,
  yaml: YamlFile,
  path: Path,
  place: Place,
  problems: Problem[],
): TestProperties | undefined {
  const refuse = (message: string, hint: string): undefined => {
    const { file, line, column } = place;
    problems.push({ file, line, column, code: "TEST_INVALID", message, hint });
  };
  const { test_name: named, ...beside } = entry;
  const keys = Object.keys(entry);
  const test = typeof named === "string" ? named : keys[0];
  const body = typeof named === "string" ? beside : (entry[test ?? ""] ?? {});
  if (test === undefined || (named === undefined && keys.length !== 1)) {
    return refuse(
      `a test is one name, found ${keys.map((key) => `"${key}"`).join(", ")}`,
      "indent the arguments below the test's name",
    );
  }
  if (!isObject(body))
    return refuse(
      `the arguments of "${test}" must be a map`,
      "write them as `name: value` lines below the test's name",
    );
  const { name, description, arguments: given, config, ...rest } = body;
  const args: Record<string, unknown> = isObject(given) ? { ...given } : {};
  const settings: Record<string, unknown> = isObject(config) ? { ...config } : {};
  for (const [key, value] of Object.entries(rest)) (CONFIG_KEYS.has(key) ? settings : args)[key] = value;
  const parsed = Object.keys(settings).length === 0 ? saysNothing : testConfigSchema.safeParse(settings);
  if (!parsed.success) {
    const inner = typeof named === "string" ? path : [...path, test];
    const under = isObject(config) ? config : {};
    const where = { ...besideOrUnder(yaml, inner, under), value: settings };
    problems.push(...zodProblems(parsed.error, testConfigSchema, where));
  }
  const read = {
    test,
    name: typeof name === "string" ? name : null,
    description: typeof description === "string" ? description : "",
    arguments: args as JsonObject,
    config: parsed.success ? parsed.data : nothing,
    place,
  };
  if (yaml.written === undefined) return read;
  const dynamic = dynamicTest(yaml.written(path), test, read.config);
  return dynamic.length === 0 ? read : { ...read, dynamic };
}

/** Of a test's configuration, what was written as templates; `entry` is as it is written. */
function dynamicTest(entry: unknown, test: string, config: object): readonly DynamicConfig[] {
  const whole = isObject(entry) ? entry : {};
  const body = typeof whole["test_name"] === "string" ? whole : whole[test];
  if (!isObject(body)) return [];
  const beside = Object.entries(body).filter(([key]) => CONFIG_KEYS.has(key));
  const under = isObject(body["config"]) ? body["config"] : {};
  return dynamicOf({ ...under, ...Object.fromEntries(beside) }, config);
}

/** A configuration key stands under `config:` or beside the arguments; problems must point at where it does. */
function besideOrUnder(yaml: YamlFile, at: Path, under: Record<string, unknown>): YamlFile {
  return {
    ...yaml,
    placeOf: ([key, ...rest]) =>
      key === undefined
        ? yaml.placeOf(at)
        : yaml.placeOf(key in under ? [...at, "config", key, ...rest] : [...at, key, ...rest]),
  };
}
