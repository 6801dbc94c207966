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
  const at = firstOf(text, start, end);
  switch (sigil) {
    case "!":
      return { kind: "comment", at };
    case "/":
      return { kind: "close", at, name: squeeze(text.slice(at, end)) };
    case ">":
      return readPartial(text.slice(at, end).trim(), at);
    case "#":
    case "^":
      return readOpen(text, sigil, at, end);
    case "=":
      throw new SyntaxMistake(at, "tags cannot be set to something else", "the tags are always {{ and }}");
    default:
      return isElse(text, at, end) ? { kind: "else", at } : readOutput(text, at, end);
  }
}

/** Where the contents begin. */
function firstOf(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) <= 32) at++;
  if (text.charCodeAt(at) <= 127) return at;
  const body = text.slice(at, end);
  return at + body.length - body.trimStart().length;
}

function readOutput(text: string, at: number, end: number): Tag {
  // A slice and three patterns for each tag add up, and few can be any of this.
  if (mayBeHabit(text, at, end)) checkHabits(text, at, end);
  const parser = new ExpressionParser(text, at, end);
  const expr = parser.expression();
  parser.end();
  return { kind: "output", at, expr };
}

const isElse = (text: string, at: number, end: number): boolean =>
  text.startsWith("else", at) && text.slice(at, end).trim() === "else";

function mayBeHabit(text: string, at: number, end: number): boolean {
  let to = end;
  while (to > at && text.charCodeAt(to - 1) <= 32) to--;
  const first = text.charCodeAt(at);
  const last = text.charCodeAt(to - 1);
  return to === at || first === E || first === HYPHEN || last === HYPHEN || last > 127;
}

/** What hands know from Jinja, and what cannot be an expression by its first or last character. */
function checkHabits(text: string, at: number, end: number): void {
  const body = text.slice(at, end).trim();
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
  const word = parser.next.kind === "name" ? parser.next.text : "";
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
  if (mode === "each" && parser.take("as")) item = parser.name("the name of the item");
  if (mode === "each" && parser.next.text === "in") {
    throw new SyntaxMistake(parser.next.at, '"in" is not known', "write {{#each list as item}}…{{/each}}");
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

const E = 101;
const HYPHEN = 45;

const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
