import type { Macro } from "../template/types.ts";
import type { TestDefinition } from "./test-macros.ts";
import type { TestScan } from "./types.ts";

export type TestCall = {
  /** `ref("orders")` */
  readonly tested: string;
  /** Handed to macros that ask for it as `test_id`: what they find their own history by. */
  readonly uniqueId: string;
  /** Where the macros are looked for; null: wherever they are. */
  readonly package: string | null;
  /** As a template spells them. */
  readonly arguments: readonly (readonly [name: string, value: string])[];
};

/**
 * The query that finds what is wrong, as a template, and the expressions that it is made of. Arguments are all given to the macro that
 * judges, which says so when it has no such; a macro that measures is given those that it names.
 */
export function testCode(
  definition: TestDefinition,
  call: TestCall,
): { readonly rawCode: string; readonly scan: TestScan | null } {
  const rows = `{{ get_where_subquery(${call.tested}, "tested") }}`;
  switch (definition.kind) {
    case "query": {
      const { test, hint } = definition;
      return { rawCode: written(test, call, "all", "model"), scan: hint && scanOf(hint, call) };
    }
    case "rows": {
      const fails = written(definition.fails, call, "all");
      return {
        rawCode: `select *\nfrom ${rows}\nwhere ${fails}`,
        scan: { kind: "rows", fails, counts: true },
      };
    }
    case "whole": {
      const measure = written(definition.measure, call, "named");
      const fails = written(definition.fails, call, "all");
      const inner = `    select ${measure} as measured, count(*) as rows_checked\n    from ${rows}`;
      const rawCode = `select *\nfrom (\n${inner}\n) as checked\nwhere ${fails}`;
      return { rawCode, scan: { kind: "whole", measure, fails } };
    }
  }
}

const scanOf = (hint: { readonly fails: Macro } | { readonly key: Macro }, call: TestCall): TestScan =>
  "fails" in hint
    ? { kind: "rows", fails: written(hint.fails, call, "named"), counts: false }
    : { kind: "key", key: written(hint.key, call, "named") };

function written(macro: Macro, call: TestCall, which: "all" | "named", always?: "model"): string {
  const names = new Set(macro.kind === "sql" ? macro.parameters.map(({ name }) => name) : []);
  const supplied = [
    ["model", `get_where_subquery(${call.tested})`],
    ["measured", 'identifier("measured")'],
    ["test_id", JSON.stringify(call.uniqueId)],
  ].filter(([name]) => names.has(name!) || name === always);
  const given = call.arguments.filter(
    ([name]) => which === "all" || macro.kind === "script" || names.has(name),
  );
  const spoken = macro.name.replace(/^[a-z0-9]+__/, "");
  const list = [...supplied, ...given].map(([name, value]) => `${name}=${value}`).join(", ");
  return `{{ ${call.package === null ? "" : `${call.package}.`}${spoken}(${list}) }}`;
}
