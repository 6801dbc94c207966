import { marked } from "marked";
import type { Token, Tokens } from "marked";
import type { Rich, RichNode, RichTag } from "./types.ts";

/**
 * Markdown as a tree of plain nodes. HTML in it stays text; addresses that are neither http, https, mailto nor within the page are
 * dropped, so that nothing that a user or publisher wrote can run.
 */
export function richText(markdown: string): Rich {
  const text = markdown.trim();
  if (text === "") return [];
  if (!MARKUP.test(text)) return make("p", [text]);
  try {
    return marked.lexer(text, { gfm: true }).flatMap(block);
  } catch {
    return make("p", [text]); // nested beyond any sense
  }
}

/** The same without the paragraph around it, where there is only one. */
export function richLine(markdown: string): Rich {
  const rich = richText(markdown);
  const [only] = rich;
  return rich.length === 1 && typeof only === "object" && only.tag === "p" ? only.children : rich;
}

/** Whatever may mean more than itself; texts without it are most of a large project, and need no parser. */
const MARKUP = /[*_`[\]<>#|~\\&\n@]|^\s*(?:[-+]|\d+[.)])\s|:\/\/|www\.|={3}|-{3}/;

/** The first sentence or line as plain text, cut after `most` characters. */
export function firstSentence(markdown: string, most = 160): string {
  const [start = ""] = markdown.trim().split(/\n\s*\n/, 1);
  if (start === "") return "";
  const plain = textOf(richText(start)).replaceAll(/\s+/g, " ").trim();
  const sentence = /^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain;
  return sentence.length <= most ? sentence : `${sentence.slice(0, most - 1).trimEnd()}…`;
}

export const textOf = (rich: Rich): string =>
  rich.map((node) => (typeof node === "string" ? node : textOf(node.children))).join("");

const make = (tag: RichTag, children: Rich): RichNode[] => [{ tag, children }];

function block(token: Token): RichNode[] {
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "heading": {
      // Below the headings of the page itself.
      const tags: readonly RichTag[] = ["h3", "h4", "h5"];
      return make(tags[Math.min(2, (token as Tokens.Heading).depth - 1)]!, inline(token.tokens));
    }
    case "code":
      return make("pre", make("code", [(token as Tokens.Code).text]));
    case "blockquote":
      return make("blockquote", (token.tokens ?? []).flatMap(block));
    case "list": {
      const { ordered, items } = token as Tokens.List;
      return make(
        ordered ? "ol" : "ul",
        items.flatMap((item) => make("li", item.tokens.flatMap(block))),
      );
    }
    case "hr":
      return make("hr", []);
    case "table":
      return table(token as Tokens.Table);
    case "paragraph":
      return make("p", inline(token.tokens));
    case "text":
      return "tokens" in token && token.tokens ? inline(token.tokens) : [(token as Tokens.Text).raw];
    default:
      return make("p", [token.raw]);
  }
}

function table({ header, rows }: Tokens.Table): RichNode[] {
  const line = (tag: RichTag, cells: readonly Tokens.TableCell[]): RichNode[] =>
    make(
      "tr",
      cells.flatMap((cell) => make(tag, inline(cell.tokens))),
    );
  return make("table", [
    ...make("thead", line("th", header)),
    ...make(
      "tbody",
      rows.flatMap((row) => line("td", row)),
    ),
  ]);
}

const inline = (tokens: readonly Token[] = []): RichNode[] => tokens.flatMap(span);

function span(token: Token): RichNode[] {
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return make(token.type, inline(token.tokens));
    case "codespan":
      return make("code", [(token as Tokens.Codespan).text]);
    case "br":
      return make("br", []);
    case "link": {
      const { href, tokens } = token as Tokens.Link;
      return isSafe(href) ? [{ tag: "a", href, children: inline(tokens) }] : inline(tokens);
    }
    case "image":
      // No request leaves the site: a picture is its description.
      return [(token as Tokens.Image).text];
    case "escape":
      return [(token as Tokens.Escape).text];
    case "text":
      return "tokens" in token && token.tokens
        ? inline(token.tokens)
        : [unescaped((token as Tokens.Text).text)];
    default:
      return [token.raw];
  }
}

export const isSafe = (href: string): boolean => /^(?:https?:\/\/|mailto:|#)/i.test(href);

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};
const unescaped = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity]!);
