import { ProjectError, messageOf } from "../base/errors.ts";
import type { Place } from "../base/problems.ts";
import type { Relation } from "../graph/types.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { withGlobals } from "../template/globals.ts";
import { renderTemplate } from "../template/render-template.ts";
import { Identifier, Sql } from "../template/values.ts";
import { trimmedQuery } from "./node-query.ts";
import { compileContext } from "./compile-context.ts";
import type { CompileInput } from "./compile-input.ts";

/** A `loaded_at_query` as SQL; `this` in it is the relation, as it stands in a `from`. Throws a ProjectError at `place`. */
export function renderLoadedAtQuery(
  input: CompileInput,
  query: string,
  sql: string,
  { schema, identifier }: Relation,
  { file, line, column }: Place,
): string {
  const context = compileContext(input, undefined, (parent) => {
    throw new Error(`the query of an age cannot read "${parent.name}": an ephemeral model is no table`);
  });
  const fields = new Map([
    ["schema", new Identifier(schema)],
    ["identifier", new Identifier(identifier)],
    ["name", new Identifier(identifier)],
  ]);
  const globals = withGlobals(context.globals, { this: new Sql(sql, fields) });
  try {
    const { template } = parseTemplate(file, query);
    return trimmedQuery(renderTemplate(template, input.parsed.library, { ...context, globals }));
  } catch (error) {
    const found = error instanceof ProjectError ? error.problems : [];
    const problem = { code: "COMPILE_FAILED", message: messageOf(error), ...found[0] };
    throw new ProjectError([{ ...problem, file, line, column }]);
  }
}
