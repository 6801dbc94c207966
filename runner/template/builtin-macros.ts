import { soundMacros } from "./parse-macro-file.ts";
import { dbtTests } from "./shipped/dbt-tests.ts";
import { rowTests } from "./shipped/row-tests.ts";
import { seriesTests } from "./shipped/series-tests.ts";
import { portableMacros } from "./shipped/portable-macros.ts";
import type { ShippedTest } from "./shipped/shipped-test.ts";
import { valueTests } from "./shipped/value-tests.ts";
import type { MacroDefinition } from "./types.ts";

/**
 * The generic tests that are shipped. `model` and `to` are relations. They are written in the language of the project's own macros, and a
 * test of the same name in the project takes their place.
 */
export const shippedTests: readonly ShippedTest[] = [...dbtTests, ...valueTests, ...rowTests, ...seriesTests];

let found: readonly MacroDefinition[] | undefined;

/** Found when first asked for; a tenth of them is looked into by most projects, and all would be 10 ms of every command. */
export function builtinMacros(): readonly MacroDefinition[] {
  found ??= [
    ...read("generic-tests", shippedTests.map(({ sql }) => sql).join("\n")),
    ...read("portable", portableMacros),
  ];
  return found;
}

const read = (name: string, sql: string): readonly MacroDefinition[] =>
  soundMacros(`statloom/macros/${name}.sql`, sql, "statloom");
