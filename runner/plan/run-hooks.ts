import type { Json } from "../base/json.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { renderTemplate } from "../template/render-template.ts";
import { Data } from "../template/values.ts";
import type { RunHook } from "../project/types.ts";
import { specsWithResults } from "../graph/specs.ts";
import { compileContext } from "./compile-context.ts";
import type { CompileInput } from "./compile-context.ts";
import { isBlankSql } from "./ephemeral.ts";
import type { Step } from "./step.ts";

/**
 * The hooks of a whole run as steps; `results` is what became of the nodes, in dbt's words. One of which nothing is left when it
 * is rendered is no step. Throws a ProjectError.
 */
export function planRunHooks(
  input: CompileInput,
  name: "on-run-start" | "on-run-end",
  hooks: readonly RunHook[],
  results: Json = [],
): Step[] {
  return hooks.flatMap(({ sql, place, package: of }): Step[] => {
    const inner = compileContext(
      input,
      null,
      (parent) => {
        throw new Error(`a hook cannot read "${parent.name}": an ephemeral model is no table`);
      },
      of ?? input.project.name,
    );
    const globals = new Map([...inner.globals, ["results", new Data(results)] as const]);
    const context = { ...inner, globals, specs: specsWithResults };
    const { template } = parseTemplate(place.file, sql);
    const text = renderTemplate(template, input.parsed.library, context).trim();
    if (isBlankSql(text)) return [];
    return [{ kind: "hook", label: `${name} hook`, sql: text.replace(/[\s;]+$/, "") }];
  });
}
