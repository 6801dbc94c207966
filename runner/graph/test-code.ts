import type { Macro } from "../template/types.ts";
import type { TestDefinition } from "./test-macros.ts";
import type { TestScan } from "./types.ts";

/** What a test says, whatever it is said of. */
export type TestCall = {
  /** Where the macros are looked for; null: wherever they are. */
  readonly package: string | null;
  /** As a template spells them. */
  readonly arguments: readonly (readonly [name: string, value: string])[];
};

/** What is written of one test: `tested` as `ref("orders")`, and the id that macros which ask for it find their own history by. */
export type TestCode = {
  /** The query that finds what is wrong, as a template. */
  readonly rawCode: (tested: string, uniqueId: string) => string;
  /** The expressions that it is made of; one object for all tests, where nothing in them is a test's own. */
  readonly scan: (tested: string, uniqueId: string) => TestScan | null;
};

/** A text with gaps where tests of the same words differ: ten thousand of them are written by filling the gaps. */
type Pattern = readonly (string | symbol)[];
const TESTED = Symbol("what is tested");
const ID = Symbol("the test's id");

/**
 * How tests that say the same are written. Arguments are all given to the macro that judges, which says so when it has no such; a macro
 * that measures is given those that it names.
 */
export function testCode(definition: TestDefinition, call: TestCall): TestCode {
  const rows: Pattern = ["{{ get_where_subquery(", TESTED, ', "tested") }}'];
  switch (definition.kind) {
    case "query": {
      const { test, hint } = definition;
      return { rawCode: filled(written(test, call, "all", "model")), scan: hintOf(hint, call) };
    }
    case "rows": {
      const fails = written(definition.fails, call, "all");
      return {
        rawCode: filled(["select *\nfrom ", ...rows, "\nwhere ", ...fails]),
        scan: scanOf([fails], ([text]) => ({ kind: "rows", fails: text!, counts: true })),
      };
    }
    case "whole": {
      const measure = written(definition.measure, call, "named");
      const fails = written(definition.fails, call, "all");
      const inner: Pattern = [
        "    select ",
        ...measure,
        " as measured, count(*) as rows_checked\n    from ",
        ...rows,
      ];
      return {
        rawCode: filled(["select *\nfrom (\n", ...inner, "\n) as checked\nwhere ", ...fails]),
        scan: scanOf([measure, fails], ([one, other]) => ({ kind: "whole", measure: one!, fails: other! })),
      };
    }
  }
}

function hintOf(
  hint: { readonly fails: Macro } | { readonly key: Macro } | null,
  call: TestCall,
): TestCode["scan"] {
  if (hint === null) return () => null;
  return "fails" in hint
    ? scanOf([written(hint.fails, call, "named")], ([text]) => ({
        kind: "rows",
        fails: text!,
        counts: false,
      }))
    : scanOf([written(hint.key, call, "named")], ([text]) => ({ kind: "key", key: text! }));
}

function scanOf(
  patterns: readonly Pattern[],
  make: (texts: readonly string[]) => TestScan,
): TestCode["scan"] {
  const fills = patterns.map(filled);
  const scanFor: TestCode["scan"] = (tested, id) => make(fills.map((fill) => fill(tested, id)));
  if (patterns.flat().some((part) => typeof part === "symbol")) return scanFor;
  const scan = scanFor("", "");
  return () => scan;
}

function written(macro: Macro, call: TestCall, which: "all" | "named", always?: "model"): Pattern {
  const names = new Set(macro.kind === "sql" ? macro.parameters.map(({ name }) => name) : []);
  const list: Pattern[] = [];
  if (always === "model" || names.has("model")) list.push(["model=get_where_subquery(", TESTED, ")"]);
  if (names.has("measured")) list.push(['measured=identifier("measured")']);
  if (names.has("test_id")) list.push(["test_id=", ID]);
  for (const [name, value] of call.arguments)
    if (which === "all" || macro.kind === "script" || names.has(name)) list.push([`${name}=${value}`]);
  const spoken = macro.name.replace(/^[a-z0-9]+__/, "");
  const inside = list.flatMap((part, i) => (i === 0 ? part : [", ", ...part]));
  return [`{{ ${call.package === null ? "" : `${call.package}.`}${spoken}(`, ...inside, ") }}"];
}

function filled(pattern: Pattern): (tested: string, uniqueId: string) => string {
  const parts: (string | symbol)[] = [];
  for (const part of pattern) {
    const before = parts.at(-1);
    if (typeof part === "string" && typeof before === "string") parts[parts.length - 1] = before + part;
    else parts.push(part);
  }
  return (tested, uniqueId) => {
    let text = "";
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      text += typeof part === "string" ? part : part === TESTED ? tested : JSON.stringify(uniqueId);
    }
    return text;
  };
}
