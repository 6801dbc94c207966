import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { testConfigSchema } from "./config-schemas.ts";
import type { TestEntry } from "./property-schema.ts";
import type { TestProperties } from "./types.ts";
import type { Path, YamlFile } from "./yaml.ts";
import { knownKeys, zodProblems } from "./zod-problems.ts";

/** Shared by all that say nothing: there are tens of thousands of them. */
const nothing = {};
const CONFIG_KEYS = new Set(knownKeys(testConfigSchema, []));

type ReadTests = { readonly tests: readonly TestProperties[]; readonly problems: readonly Problem[] };
const none: ReadTests = { tests: [], problems: [] };

/**
 * Generic tests as people write them for dbt: `unique`, `{accepted_values: {values: [a]}}`, arguments under `arguments:` or
 * beside the configuration, configuration under `config:` or beside, `{name: x, test_name: unique}`.
 */
export function readTests(entries: readonly TestEntry[], yaml: YamlFile, at: Path): ReadTests {
  if (entries.length === 0) return none;
  const problems: Problem[] = [];
  const tests = entries.flatMap((entry, i): TestProperties[] => {
    const path = [...at, i];
    const place = yaml.placeOf(path);
    const refuse = (message: string, hint: string): TestProperties[] => {
      const { file, line, column } = place;
      problems.push({ file, line, column, code: "TEST_INVALID", message, hint });
      return [];
    };
    if (typeof entry === "string") {
      return [{ test: entry, name: null, description: "", arguments: nothing, config: nothing, place }];
    }
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
    const { name, description, arguments: under, config, ...rest } = body;
    const args: Record<string, unknown> = isObject(under) ? { ...under } : {};
    const settings: Record<string, unknown> = isObject(config) ? { ...config } : {};
    for (const [key, value] of Object.entries(rest)) (CONFIG_KEYS.has(key) ? settings : args)[key] = value;
    const parsed = testConfigSchema.safeParse(settings);
    if (!parsed.success) {
      const inner = typeof named === "string" ? path : [...path, test];
      problems.push(
        ...zodProblems(
          parsed.error,
          testConfigSchema,
          besideOrUnder(yaml, inner, isObject(config) ? config : {}),
        ),
      );
      return [];
    }
    return [
      {
        test,
        name: typeof name === "string" ? name : null,
        description: typeof description === "string" ? description : "",
        arguments: args as JsonObject,
        config: parsed.data,
        place,
      },
    ];
  });
  return { tests, problems };
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
