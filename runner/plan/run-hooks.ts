import type { Json } from "../base/json.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { withGlobals } from "../template/globals.ts";
import { renderTemplate } from "../template/render-template.ts";
import { Data, Identifier } from "../template/values.ts";
import type { RunHook } from "../project/types.ts";
import { specsWithResults } from "../graph/specs.ts";
import { nodeQuery } from "./node-query.ts";
import { compileContext } from "./compile-context.ts";
import type { CompileInput } from "./compile-input.ts";
import { isBlankSql } from "./ephemeral.ts";
import type { Step } from "./step.ts";

/** What a hook at the end is told: what became of the nodes, in dbt's words, and the schemas that they were built in. */
export type Ended = { readonly results: Json; readonly schemas: readonly string[] };
const nothingYet: Ended = { results: [], schemas: [] };

/** A hook of a whole run as a step. null: nothing is left of it when it is rendered. Throws a ProjectError. */
export function planRunHook(
  input: CompileInput,
  name: "on-run-start" | "on-run-end",
  { sql, place, package: of }: RunHook,
  { results, schemas }: Ended = nothingYet,
): Step | null {
  const inner = compileContext(
    input,
    undefined,
    (parent) => {
      throw new Error(`a hook cannot read "${parent.name}": an ephemeral model is no table`);
    },
    of ?? input.project.name,
  );
  const globals = withGlobals(inner.globals, {
    results: new Data(results),
    schemas: schemas.map((schema) => new Identifier(schema)),
  });
  const context = { ...inner, globals, specs: specsWithResults };
  const { template } = parseTemplate(place.file, sql);
  const text = renderTemplate(template, input.parsed.library, context).trim();
  return isBlankSql(text) ? null : { kind: "hook", label: `${name} hook`, sql: nodeQuery(text) };
}
