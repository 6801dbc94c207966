import { ExpressionParser } from "./parse-expression.ts";
import { SyntaxMistake } from "./expression-tokens.ts";
import type { Expr, SectionNode } from "./types.ts";

/** What a tag says, wherever it stands: the same tag in thousands of files is one. */
export type Tag =
  | { readonly kind: "output"; readonly expr: Expr }
  | { readonly kind: "partial"; readonly name: string }
  | StructuralTag;
/** A tag that prints nothing itself: sections are made of them, and lines vanish with them. */
export type StructuralTag =
  | OpenTag
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "else" }
  | { readonly kind: "comment" };
export type OpenTag = {
  readonly kind: "open";
  readonly mode: SectionNode["mode"];
  readonly expr: Expr;
  readonly item: string | null;
  /** What may stand in `{{/…}}`, the usual one first. */
  readonly closedBy: readonly string[];
};

/**
 * Reads what a tag holds after its `sigil` (`&` for `{{{`) and the blanks after that. Throws a {@link SyntaxMistake}; its offset, and those of the
 * expression, are counted from there too.
 */
export function readTag(contents: string, sigil: string): Tag {
  switch (sigil) {
    case "!":
      return comment;
    case "/":
      return { kind: "close", name: squeeze(contents) };
    case ">":
      return readPartial(contents.trim());
    case "#":
    case "^":
      return readOpen(contents, sigil);
    case "=":
      throw new SyntaxMistake(0, "tags cannot be set to something else", "the tags are always {{ and }}");
    default:
      return isElse(contents) ? { kind: "else" } : readOutput(contents);
  }
}

export const comment: Tag & { readonly kind: "comment" } = { kind: "comment" };

function readOutput(contents: string): Tag {
  // A slice and three patterns for each tag add up, and few can be any of this.
  if (mayBeHabit(contents)) checkHabits(contents.trim());
  const parser = new ExpressionParser(contents, 0, contents.length);
  const expr = parser.expression();
  parser.end();
  return { kind: "output", expr };
}

const isElse = (contents: string): boolean => contents.startsWith("else") && contents.trim() === "else";

function mayBeHabit(contents: string): boolean {
  let to = contents.length;
  while (to > 0 && contents.charCodeAt(to - 1) <= 32) to--;
  const first = contents.charCodeAt(0);
  const last = contents.charCodeAt(to - 1);
  return to === 0 || first === E || first === HYPHEN || last === HYPHEN || last > 127;
}

/** What hands know from Jinja, and what cannot be an expression by its first or last character. */
function checkHabits(body: string): void {
  if (/^(else\s*if|elif|elseif)\b/.test(body)) {
    throw new SyntaxMistake(
      0,
      `"${body.split(/\s/)[0]}" is not known`,
      "put another {{#if x}}…{{/if}} after {{else}}",
    );
  }
  if (body === "") throw new SyntaxMistake(0, "the tag is empty");
  if (body.startsWith("-") && !/^-\d/.test(body)) {
    throw new SyntaxMistake(
      0,
      '"{{-" is Jinja',
      "write {{; a section alone on its line leaves no blank line",
    );
  }
  const jinjaEnd = /-\s*$/.exec(body);
  if (jinjaEnd) {
    throw new SyntaxMistake(
      jinjaEnd.index,
      '"-}}" is Jinja',
      "write }}; a section alone on its line leaves no blank line",
    );
  }
}

function readPartial(name: string): Tag {
  if (/^\w+(\.\w+)?$/.test(name)) return { kind: "partial", name };
  throw new SyntaxMistake(
    0,
    `"${name}" is not the name of a macro`,
    "{{> name}} takes a name alone; with arguments write {{ name(…) }}",
  );
}

function readOpen(contents: string, sigil: "#" | "^"): OpenTag {
  const parser = new ExpressionParser(contents, 0, contents.length);
  const word = parser.next.kind === "name" ? parser.next.text : "";
  let mode: SectionNode["mode"] = sigil === "#" ? "section" : "inverted";
  if (word === "for") {
    throw new SyntaxMistake(0, '"for" is not known', "write {{#each list as item}}…{{/each}}");
  }
  if (word === "if" || word === "unless" || word === "each") {
    if (sigil === "^" && word !== "if") {
      throw new SyntaxMistake(
        0,
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
  return { kind: "open", mode, expr, item, closedBy: closers(contents) };
}

/** A section whose tag makes no sense: what stands in it is looked at all the same, and nothing is known of its context. */
export function unreadableSection(contents: string): OpenTag {
  const expr: Expr = { kind: "literal", at: 0, value: null };
  return { kind: "open", mode: "section", expr, item: null, closedBy: closers(contents) };
}

function closers(contents: string): string[] {
  const whole = squeeze(contents);
  const head = /^[\p{L}\p{N}_.]+/u.exec(whole)?.[0] ?? whole;
  return [head, whole];
}

const E = 101;
const HYPHEN = 45;

const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
