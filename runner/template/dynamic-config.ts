import { SyntaxMistake } from "./expression-tokens.ts";
import { findTagEnd } from "./find-tag-end.ts";
import { literalOf } from "./literal-of.ts";
import { ExpressionParser } from "./parse-expression.ts";

const CONFIG = /\{\{-?\s*config\s*\(/g;

/** Keys that a text's `config()` calls give no literal, and how they say it: `target.schema`. */
export function dynamicConfig(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(CONFIG)) {
    const end = findTagEnd(text, match.index + 2, text.length, "}}");
    if (!end.found) continue;
    try {
      const call = new ExpressionParser(text, match.index + 2, end.end).expression();
      if (call.kind !== "call") continue;
      call.args.forEach(({ name, at, value }, i) => {
        if (name === null || literalOf(value) !== undefined) return;
        const to = call.args[i + 1]?.at ?? text.lastIndexOf(")", end.end);
        const said = text.slice(at, to).replace(/^\s*\w+\s*=\s*/, "");
        found.set(name, said.replaceAll(/\s+/g, "").replace(/,$/, ""));
      });
    } catch (error) {
      if (!(error instanceof SyntaxMistake)) throw error;
    }
  }
  return found;
}
