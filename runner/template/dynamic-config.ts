import { Recent } from "../base/recent.ts";
import { SyntaxMistake } from "./expression-tokens.ts";
import { findTagEnd } from "./find-tag-end.ts";
import { literalOf } from "./literal-of.ts";
import { ExpressionParser } from "./parse-expression.ts";

const CONFIG = /\{\{-?\s*config\s*\(/y;

/** What `config()` calls come to, by their text: models say the same over and over. */
const known = new Recent<ReadonlyMap<string, string>>(500);

/** Keys that a text's `config()` calls give no literal, and how they say it: `target.schema`. */
export function dynamicConfig(text: string): ReadonlyMap<string, string> {
  let found: Map<string, string> | undefined;
  for (let at = text.indexOf(NAME); at !== -1; at = text.indexOf(NAME, at + NAME.length)) {
    const open = text.lastIndexOf("{{", at);
    if (open === -1 || !isCall(text, open, at)) continue;
    const begin = open + 2;
    const end = findTagEnd(text, begin, text.length, "}}");
    if (!end.found) continue;
    const call = text.slice(begin, end.end);
    let said = known.get(call);
    if (said === undefined) known.set(call, (said = dynamicIn(call)));
    if (said.size > 0) found = new Map([...(found ?? none), ...said]);
  }
  return found ?? none;
}

const NAME = "config";

/** Whether a tag that begins at `from` is a call of what is named at `at`. */
function isCall(text: string, from: number, at: number): boolean {
  CONFIG.lastIndex = from;
  return CONFIG.test(text) && CONFIG.lastIndex > at;
}

const none: ReadonlyMap<string, string> = new Map();

function dynamicIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  try {
    const call = new ExpressionParser(text, 0, text.length).expression();
    if (call.kind !== "call") return none;
    call.args.forEach(({ name, at, value }, i) => {
      if (name === null || literalOf(value) !== undefined) return;
      const to = call.args[i + 1]?.at ?? text.lastIndexOf(")");
      const said = text.slice(at, to).replace(/^\s*\w+\s*=\s*/, "");
      found.set(name, said.replaceAll(/\s+/g, "").replace(/,$/, ""));
    });
  } catch (error) {
    if (!(error instanceof SyntaxMistake)) throw error;
  }
  return found;
}
