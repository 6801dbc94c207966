import Mustache from "mustache";
import { placeAt } from "../base/problems.ts";
import type { Problem } from "../base/problems.ts";
import { outline } from "./outline.ts";
import type { Outline } from "./outline.ts";
import { scanTags } from "./scan-tags.ts";
import type { Piece } from "./scan-tags.ts";
import type { Tag } from "./read-tag.ts";
import type { OutputNode, ParsedTemplate, SectionNode, Source, TemplateNode, TextNode } from "./types.ts";

/** Mustache keeps every template it has seen; ten thousand models are seen once each. */
const writer = Object.assign(new Mustache.Writer(), { templateCache: undefined });

/**
 * Text to tree. All mistakes of the file are in `problems`; the tree is then what could be made of it.
 *
 * Mustache's own parser knows no quotes, so `}}` in a text or the end of nested maps would end a tag. Therefore the tags
 * are found and read first, and mustache gets an outline of the file in which each tag is its number. What it gives
 * back, nesting and the lines that vanish because nothing but a section's tag stands on them, is put together with what was read.
 */
export function parseTemplate(file: string, text: string): ParsedTemplate {
  return parseRange({ file, text }, 0, text.length);
}

/** A part of a file as a template of its own; offsets and places are those of the file. */
export function parseRange(source: Source, from: number, to: number): ParsedTemplate {
  const { file, text } = source;
  const { pieces, problems } = scanTags(source, from, to);
  // Only sections, partials and comments nest or take lines with them; without any there is nothing to ask mustache.
  const flat = flatNodes(text, pieces);
  if (flat !== null) return { template: { file, text, nodes: flat }, problems };
  const lines = outline(source, pieces);
  const tokens = writer.parse(lines.masked) as readonly MustacheToken[];
  const reader = new TokenReader(source, lines);
  const nodes = reader.nodes(tokens);
  return { template: { file, text, nodes }, problems: [...problems, ...lines.problems, ...reader.problems] };
}

/** Plain text and outputs as they stand; null where there is anything else, or a tag that could not be read. */
function flatNodes(text: string, pieces: readonly Piece[]): TemplateNode[] | null {
  if (!pieces.every((piece) => piece.kind === "text" || piece.tag?.kind === "output")) return null;
  return pieces.map((piece) =>
    piece.kind === "text"
      ? { kind: "text", at: piece.start, text: text.slice(piece.start, piece.end) }
      : outputOf(piece.tag as Tag & { readonly kind: "output" }),
  );
}

const outputOf = ({ at, expr }: Tag & { readonly kind: "output" }): OutputNode => ({
  kind: "output",
  at,
  expr,
});

/** Kind, value, start and end in the outline; a section has its children after that. */
type MustacheToken = readonly [string, string, number, number, (readonly MustacheToken[])?, ...unknown[]];

class TokenReader {
  readonly problems: Problem[] = [];
  readonly #source: Source;
  readonly #outline: Outline;
  /** The next stretch of plain text; tokens come in the order of the file. */
  #stretch = 0;

  constructor(source: Source, lines: Outline) {
    this.#source = source;
    this.#outline = lines;
  }

  nodes(tokens: readonly MustacheToken[]): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (const token of tokens) {
      const node = this.#node(token);
      if (node !== null) nodes.push(node);
    }
    // What is pushed to has room for sixteen more; the trees of ten thousand files are kept for long.
    return nodes.slice();
  }

  #node(token: MustacheToken): TemplateNode | null {
    const [kind, value] = token;
    if (kind === "text") return this.#text(token[2], token[3]);
    const tag = value === "" ? null : (this.#outline.tags[Number(value)] ?? null);
    if (tag === null) return null;
    switch (tag.kind) {
      case "output":
        return outputOf(tag);
      case "partial":
        return { kind: "partial", at: tag.at, name: tag.name, indent: this.#indent(tag.at) };
      case "open": {
        const { at, mode, expr, item } = tag;
        return { kind: "section", at, mode, expr, item, ...this.#branches(token[4] ?? []) };
      }
      case "close":
      case "else":
      case "comment":
        return null;
    }
  }

  #branches(tokens: readonly MustacheToken[]): Pick<SectionNode, "children" | "otherwise"> {
    const elses = tokens.flatMap(([kind, value], index) => (kind === "!" && value !== "" ? [index] : []));
    const [first, second] = elses;
    if (first === undefined) return { children: this.nodes(tokens), otherwise: [] };
    if (second !== undefined) {
      const at = this.#outline.tags[Number(tokens[second]![1])]!.at;
      this.problems.push({
        ...placeAt(this.#source.file, this.#source.text, at),
        code: "TEMPLATE_SYNTAX",
        message: "a section has one {{else}}",
      });
    }
    return { children: this.nodes(tokens.slice(0, first)), otherwise: this.nodes(tokens.slice(first + 1)) };
  }

  /** Stretches of the outline stand for those of the file; mustache drops them whole or not at all. */
  #text(start: number, end: number): TextNode {
    const { stretches } = this.#outline;
    while (stretches[this.#stretch]!.maskedStart < start) this.#stretch++;
    const at = stretches[this.#stretch]!.start;
    while (stretches[this.#stretch]!.maskedEnd < end) this.#stretch++;
    return { kind: "text", at, text: this.#source.text.slice(at, stretches[this.#stretch]!.end) };
  }

  /** The blank beginning of the line on which a tag stands, or nothing when there is something else before it. */
  #indent(at: number): string {
    const { text } = this.#source;
    const open = text.lastIndexOf("{{", at);
    const before = text.slice(text.lastIndexOf("\n", open) + 1, open);
    return before.trim() === "" ? before : "";
  }
}
