import { ProjectError, messageOf } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { plainPlace } from "../base/problems.ts";
import type { RenderScope, RenderText } from "../project/render-values.ts";
import { createMacroLibrary } from "../template/macro-library.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { renderTemplate } from "../template/render-template.ts";
import type { RenderContext, Template } from "../template/types.ts";
import { evaluateArguments, namingContext } from "./evaluate.ts";
import type { ParseScope } from "./evaluate.ts";

/**
 * Renders texts of YAML files: `{{ target.name == 'prod' }}` is true or false, `{{ var('size') }}` what the variable is, anything beside a tag
 * makes text of it. Variables, environment variables and the target are known, as in dbt; macros are not.
 */
export function yamlRenderer({ vars, target, env }: RenderScope): RenderText {
  let known: { readonly scope: ParseScope; readonly context: RenderContext } | undefined;
  // Made when the first template is met: most projects have none, and what macros are shipped takes a while to read.
  const knowledge = (): NonNullable<typeof known> => {
    if (known !== undefined) return known;
    const { library } = createMacroLibrary(target.type, []);
    const scope = { project: { vars, target }, env, package: null, library };
    return (known = { scope, context: namingContext(scope) });
  };
  const valueOf = (template: Template): Json => {
    const { scope, context } = knowledge();
    const [only] = template.nodes;
    if (template.nodes.length !== 1 || only?.kind !== "output")
      return renderTemplate(template, scope.library, context);
    const value = { name: "value", at: 0, value: only.expr };
    const site = {
      name: "config",
      args: [value],
      at: only.at,
      place: { file: template.file, line: 1, column: 1 },
      viaMacro: null,
    };
    return evaluateArguments(scope, template, site)["value"] ?? null;
  };
  return (text, place) => {
    const { template, problems } = parseTemplate("", text.trim());
    const told = (found: readonly { code: string; message: string; hint?: string }[]) =>
      found.map(({ code, message, hint }) => ({
        ...plainPlace(place()),
        code,
        message,
        ...(hint && { hint }),
      }));
    if (problems.length > 0) return { problems: told(problems) };
    try {
      return { value: valueOf(template) };
    } catch (error) {
      const found =
        error instanceof ProjectError
          ? error.problems
          : [{ code: "CONFIG_INVALID", message: messageOf(error) }];
      return { problems: told(found) };
    }
  };
}
