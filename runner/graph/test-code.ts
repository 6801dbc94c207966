import type { Macro } from "../template/types.ts";
import type { TestDefinition } from "./test-macros.ts";
import type { TestScan } from "./types.ts";

/**
 * A text with gaps: for what is tested, for the test's id, and by number for the value of an argument. Tests of one name with arguments of the same names have one, and
 * one filled with the values is that of all tests which say the same; of ten thousand tests each fills the gaps that are left.
 */
type Pattern = readonly (string | number | symbol)[];
const TESTED = Symbol("what is tested");
const ID = Symbol("the test's id");

/** How tests are written that are given arguments of the same names. */
export type TestPlan = {
  readonly query: Pattern;
  readonly scan: ScanPlan | null;
};
type ScanPlan =
  | { readonly kind: "rows"; readonly fails: Pattern; readonly counts: boolean }
  | { readonly kind: "whole"; readonly measure: Pattern; readonly fails: Pattern }
  | { readonly kind: "key"; readonly key: Pattern };

/**
 * `package`: where the macros are looked for; null: wherever they are. Arguments are all given to the macro that judges, which says so when it has no such; a
 * macro that measures is given those that it names.
 */
export function testPlan(
  definition: TestDefinition,
  packageName: string | null,
  names: readonly string[],
): TestPlan {
  const written = (macro: Macro, which: "all" | "named", always?: "model"): Pattern =>
    callOf(macro, packageName, names, which, always);
  const rows: Pattern = ["{{ get_where_subquery(", TESTED, ', "tested") }}'];
  switch (definition.kind) {
    case "query": {
      const { test, hint } = definition;
      return { query: written(test, "all", "model"), scan: hint && hintOf(hint, written) };
    }
    case "rows": {
      const fails = written(definition.fails, "all");
      return {
        query: ["select *\nfrom ", ...rows, "\nwhere ", ...fails],
        scan: { kind: "rows", fails, counts: true },
      };
    }
    case "whole": {
      const measure = written(definition.measure, "named");
      const fails = written(definition.fails, "all");
      const inner: Pattern = [
        "    select ",
        ...measure,
        " as measured, count(*) as rows_checked\n    from ",
        ...rows,
      ];
      return {
        query: ["select *\nfrom (\n", ...inner, "\n) as checked\nwhere ", ...fails],
        scan: { kind: "whole", measure, fails },
      };
    }
  }
}

const hintOf = (
  hint: { readonly fails: Macro } | { readonly key: Macro },
  written: (macro: Macro, which: "named") => Pattern,
): ScanPlan =>
  "fails" in hint
    ? { kind: "rows", fails: written(hint.fails, "named"), counts: false }
    : { kind: "key", key: written(hint.key, "named") };

function callOf(
  macro: Macro,
  packageName: string | null,
  names: readonly string[],
  which: "all" | "named",
  always?: "model",
): Pattern {
  const known = new Set(macro.kind === "sql" ? macro.parameters.map(({ name }) => name) : []);
  const list: Pattern[] = [];
  if (always === "model" || known.has("model")) list.push(["model=get_where_subquery(", TESTED, ")"]);
  if (known.has("measured")) list.push(['measured=identifier("measured")']);
  if (known.has("test_id")) list.push(["test_id=", ID]);
  names.forEach((name, i) => {
    if (which === "all" || macro.kind === "script" || known.has(name)) list.push([`${name}=`, i]);
  });
  const spoken = macro.name.replace(/^[a-z0-9]+__/, "");
  const inside = list.flatMap((part, i) => (i === 0 ? part : [", ", ...part]));
  return [`{{ ${packageName === null ? "" : `${packageName}.`}${spoken}(`, ...inside, ") }}"];
}

/** What is written of tests that say the same: `tested` as `ref("orders")`, and the id that macros which ask for it find their own history by. */
export class TestCode {
  readonly #plan: TestPlan;
  /** Of the arguments, as a template spells them. */
  readonly #values: readonly string[];
  readonly #query: Pattern;
  /** One object for all tests, where nothing in it is a test's own. */
  #scan: TestScan | null | undefined;

  constructor(plan: TestPlan, values: readonly string[]) {
    this.#plan = plan;
    this.#values = values;
    this.#query = withValues(plan.query, values);
  }

  /** The query that finds what is wrong, as a template. */
  rawCode(tested: string, uniqueId: string): string {
    return filled(this.#query, tested, uniqueId);
  }

  /** The expressions that it is made of. */
  scan(tested: string, uniqueId: string): TestScan | null {
    if (this.#scan !== undefined) return this.#scan;
    const { scan } = this.#plan;
    const own = scan && scanOf(scan, (part) => filled(withValues(part, this.#values), tested, uniqueId));
    if (scan === null || isShared(scan)) this.#scan = own;
    return own;
  }
}

function scanOf(plan: ScanPlan, text: (pattern: Pattern) => string): TestScan {
  switch (plan.kind) {
    case "rows":
      return { kind: "rows", fails: text(plan.fails), counts: plan.counts };
    case "whole":
      return { kind: "whole", measure: text(plan.measure), fails: text(plan.fails) };
    case "key":
      return { kind: "key", key: text(plan.key) };
  }
}

function isShared(plan: ScanPlan): boolean {
  const hasOwn = (pattern: Pattern): boolean => pattern.includes(TESTED) || pattern.includes(ID);
  if (plan.kind === "key") return !hasOwn(plan.key);
  return !hasOwn(plan.fails) && (plan.kind === "rows" || !hasOwn(plan.measure));
}

/** Texts that come to stand beside each other are one. */
function withValues(pattern: Pattern, values: readonly string[]): Pattern {
  const parts: (string | symbol)[] = [];
  let text = "";
  for (let i = 0; i < pattern.length; i++) {
    const part = pattern[i]!;
    if (typeof part === "string") text += part;
    else if (typeof part === "number") text += values[part]!;
    else {
      parts.push(text, part);
      text = "";
    }
  }
  parts.push(text);
  return parts;
}

function filled(pattern: Pattern, tested: string, uniqueId: string): string {
  let text = "";
  for (let i = 0; i < pattern.length; i++) {
    const part = pattern[i]!;
    text += typeof part === "string" ? part : part === TESTED ? tested : JSON.stringify(uniqueId);
  }
  return text;
}
