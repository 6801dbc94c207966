import type { Macro } from "../template/types.ts";
import type { MacroLibrary } from "../template/macro-library.ts";
import { shippedPackage } from "../template/macro-library.ts";

/**
 * How a generic test `x` is defined. `query`: the macro `test_x`, whose rows are what is wrong; beside it, one pass over a relation can
 * tell for many tests at once that nothing is wrong, where there is `fails_x`, true for a row that must not be, or `key_x`, which must
 * not be there twice. Without a query, `fails_x` is the whole test; with `measure_x`, an aggregate, it is true of a measure that must
 * not be.
 */
export type TestDefinition =
  | { readonly kind: "query"; readonly test: Macro; readonly hint: { fails: Macro } | { key: Macro } | null }
  | { readonly kind: "rows"; readonly fails: Macro }
  | { readonly kind: "whole"; readonly measure: Macro; readonly fails: Macro };

/** The macros that the query of a test calls. */
export function calledMacros(definition: TestDefinition): readonly Macro[] {
  switch (definition.kind) {
    case "query":
      return [definition.test];
    case "rows":
      return [definition.fails];
    case "whole":
      return [definition.measure, definition.fails];
  }
}

const PREFIXES = ["test_", "fails_"] as const;

/** The nearest definition of a test: the project's own before what is shipped, a query before an expression. */
export function findTest(
  library: MacroLibrary,
  name: string,
  namespace: string | null,
  callerPackage: string | null,
): TestDefinition | undefined {
  const find = (prefix: string): Macro | undefined =>
    library.find(`${prefix}${name}`, namespace, callerPackage);
  const [nearest] = PREFIXES.flatMap((prefix) => find(prefix) ?? []).toSorted((a, b) => rank(a) - rank(b));
  if (nearest === undefined) return undefined;
  const beside = (prefix: string): Macro | undefined => {
    const found = find(prefix);
    return found?.package === nearest.package ? found : undefined;
  };
  if (nearest === find("test_")) {
    const [fails, key] = [beside("fails_"), beside("key_")];
    return { kind: "query", test: nearest, hint: fails ? { fails } : key ? { key } : null };
  }
  const measure = beside("measure_");
  return measure ? { kind: "whole", measure, fails: nearest } : { kind: "rows", fails: nearest };
}

export const isShipped = (test: TestDefinition): boolean =>
  (test.kind === "query" ? test.test : test.fails).package === shippedPackage;

const rank = ({ package: of }: Macro): number => (of === null ? 0 : of === shippedPackage ? 2 : 1);

/** Names of tests, for "did you mean". */
export const testNames = (library: MacroLibrary): string[] =>
  library
    .names()
    .flatMap((name) =>
      PREFIXES.flatMap((prefix) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
    );
