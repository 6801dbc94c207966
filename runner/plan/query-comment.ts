import { packageVersion } from "../base/package-root.ts";
import { specsOfComment } from "../graph/specs.ts";
import { commentText } from "../base/text.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { withGlobals } from "../template/globals.ts";
import { renderTemplate } from "../template/render-template.ts";
import { Data } from "../template/values.ts";
import { compileContext } from "./compile-context.ts";
import type { CompileInput } from "./compile-input.ts";

/**
 * The comment of a node's statements, in one line; null where the project wants none. Unless told otherwise it is dbt's: a JSON
 * object that names the program, the target and the node. Throws a ProjectError where the project's own cannot be rendered.
 */
export function queryCommentOf(
  input: CompileInput,
  nodeId: string | null,
): { readonly text: string; readonly append: boolean } | null {
  const { queryComment, target } = input.project;
  if (queryComment === null) return null;
  const { sql, place, append } = queryComment;
  if (sql === null) {
    const facts = {
      app: "statloom",
      statloom_version: packageVersion(),
      target_name: target.name,
      ...(nodeId !== null && { node_id: nodeId }),
    };
    return { text: commentText(JSON.stringify(facts)), append };
  }
  const inner = compileContext(input, undefined, ({ name }) => {
    throw new Error(`a comment cannot read "${name}"`);
  });
  const globals = withGlobals(inner.globals, { node_id: new Data(nodeId ?? "") });
  // Data is words here, not SQL.
  const words = { literal: String, quoteIdentifier: String };
  const context = { ...inner, ...words, globals, specs: specsOfComment };
  const text = renderTemplate(parseTemplate(place.file, sql).template, input.parsed.library, context);
  return text.trim() === "" ? null : { text: commentText(text), append };
}
