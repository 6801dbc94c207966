import { ExpressionParser } from "./parse-expression.ts";
import { SyntaxMistake } from "./expression-tokens.ts";
import type { Expr, SectionNode } from "./types.ts";

/** A tag with its contents read. `at` is where the contents begin. */
export type Tag =
  | { readonly kind: "output"; readonly at: number; readonly expr: Expr }
  | {
      readonly kind: "open";
      readonly at: number;
      readonly mode: SectionNode["mode"];
      readonly expr: Expr;
      readonly item: string | null;
      /** What may stand in `{{/…}}`, the usual one first. */
      readonly closedBy: readonly string[];
    }
  | { readonly kind: "close"; readonly at: number; readonly name: string }
  | { readonly kind: "else"; readonly at: number }
  | { readonly kind: "partial"; readonly at: number; readonly name: string }
  | { readonly kind: "comment"; readonly at: number };

/** Reads what stands between the braces, after `sigil` (`&` for `{{{`). Throws a {@link SyntaxMistake}. */
export function readTag(text: string, sigil: string, start: number, end: number): Tag {
  const body = text.slice(start, end);
  const at = start + body.length - body.trimStart().length;
  switch (sigil) {
    case "!":
      return { kind: "comment", at };
    case "/":
      return { kind: "close", at, name: squeeze(body) };
    case ">":
      return readPartial(body.trim(), at);
    case "#":
    case "^":
      return readOpen(text, sigil, at, end);
    case "=":
      throw new SyntaxMistake(at, "tags cannot be set to something else", "the tags are always {{ and }}");
    default:
      return readOutput(text, body.trim(), at, end);
  }
}

function readOutput(text: string, body: string, at: number, end: number): Tag {
  if (body === "else") return { kind: "else", at };
  if (/^(else\s*if|elif|elseif)\b/.test(body)) {
    throw new SyntaxMistake(
      at,
      `"${body.split(/\s/)[0]}" is not known`,
      "put another {{#if x}}…{{/if}} after {{else}}",
    );
  }
  if (body === "") throw new SyntaxMistake(at, "the tag is empty");
  if (body.startsWith("-") && !/^-\d/.test(body)) {
    throw new SyntaxMistake(
      at,
      '"{{-" is Jinja',
      "write {{; a section alone on its line leaves no blank line",
    );
  }
  const jinjaEnd = /-\s*$/.exec(body);
  if (jinjaEnd) {
    throw new SyntaxMistake(
      at + jinjaEnd.index,
      '"-}}" is Jinja',
      "write }}; a section alone on its line leaves no blank line",
    );
  }
  const parser = new ExpressionParser(text, at, end);
  const expr = parser.expression();
  parser.end();
  return { kind: "output", at, expr };
}

function readPartial(name: string, at: number): Tag {
  if (/^\w+(\.\w+)?$/.test(name)) return { kind: "partial", at, name };
  throw new SyntaxMistake(
    at,
    `"${name}" is not the name of a macro`,
    "{{> name}} takes a name alone; with arguments write {{ name(…) }}",
  );
}

function readOpen(text: string, sigil: "#" | "^", at: number, end: number): Tag {
  const parser = new ExpressionParser(text, at, end);
  const word = parser.peek.kind === "name" ? parser.peek.text : "";
  let mode: SectionNode["mode"] = sigil === "#" ? "section" : "inverted";
  if (word === "for") {
    throw new SyntaxMistake(at, '"for" is not known', "write {{#each list as item}}…{{/each}}");
  }
  if (word === "if" || word === "unless" || word === "each") {
    if (sigil === "^" && word !== "if") {
      throw new SyntaxMistake(
        at,
        `"{{^${word}" is not known`,
        `write {{#${word} …}}, with {{else}} for the other case`,
      );
    }
    parser.name(word);
    mode = sigil === "^" ? "unless" : word;
  }
  const expr = parser.expression();
  let item: string | null = null;
  if (mode === "each" && parser.take("as")) item = parser.name("the name of the item").text;
  if (mode === "each" && parser.peek.text === "in") {
    throw new SyntaxMistake(parser.peek.at, '"in" is not known', "write {{#each list as item}}…{{/each}}");
  }
  parser.end();
  return { kind: "open", at, mode, expr, item, closedBy: closers(text, at, end) };
}

/** A section whose tag makes no sense: what stands in it is looked at all the same, and nothing is known of its context. */
export function unreadableSection(text: string, start: number, end: number): Tag {
  const body = text.slice(start, end);
  const at = start + body.length - body.trimStart().length;
  const expr: Expr = { kind: "literal", at, value: null };
  return { kind: "open", at, mode: "section", expr, item: null, closedBy: closers(text, at, end) };
}

function closers(text: string, at: number, end: number): string[] {
  const whole = squeeze(text.slice(at, end));
  const head = /^[\p{L}\p{N}_.]+/u.exec(whole)?.[0] ?? whole;
  return [head, whole];
}

const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
