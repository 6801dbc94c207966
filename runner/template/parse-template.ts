import { Findings } from "./findings.ts";
import { layoutOf } from "./layout.ts";
import type { Layout, RunLayout, SectionLayout } from "./layout.ts";
import { outline } from "./outline.ts";
import { scanAgain, scanTags } from "./scan-tags.ts";
import type { Mark, Piece, Scanned } from "./scan-tags.ts";
import type { OpenTag } from "./read-tag.ts";
import type { TagPlaces } from "./tag-places.ts";
import type { ParsedTemplate, SectionNode, Source, Template, TemplateNode, TextNode } from "./types.ts";

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
  const findings = new Findings(source);
  const scanned = scanTags(source, from, to, findings);
  const nodes = assemble(scanned, layoutIn(scanned, findings), findings);
  return { template: { file, text, nodes }, problems: findings.problems };
}

/** A text in which nothing is wrong, and what is known of it, so that it takes half the time when it is parsed again. */
export type SoundTemplate = Source & {
  /** Where its tags are in the list of places. */
  readonly begin: number;
  readonly end: number;
  readonly layout: Layout | null;
};

/** Like {@link parseTemplate}; `sound` is what {@link parseAgain} needs: null where something is wrong. */
export function parseAndKeep(
  file: string,
  text: string,
  places: TagPlaces,
): ParsedTemplate & { readonly sound: SoundTemplate | null } {
  const source = { file, text };
  const findings = new Findings(source);
  const begin = places.length;
  const scanned = scanTags(source, 0, text.length, findings, places);
  const layout = layoutIn(scanned, findings);
  const nodes = assemble(scanned, layout, findings);
  const { problems } = findings;
  const isSound = problems.length === 0;
  const sound = isSound ? { file, text, begin, end: places.length, layout } : null;
  if (!isSound) places.cut(begin);
  return { template: { file, text, nodes }, problems, sound };
}

/** `places`: the same that it was parsed with. */
export function parseAgain(sound: SoundTemplate, places: TagPlaces): Template {
  const { file, text, begin, end, layout } = sound;
  const nodes = assemble(scanAgain(text, places, begin, end), layout, new Findings(sound));
  return { file, text, nodes };
}

/** Only sections, partials and comments nest or take lines with them; without any there is nothing to ask mustache: null. */
function layoutIn({ pieces, marks }: Scanned, findings: Findings): Layout | null {
  if (marks.length === 0) return null;
  const before = findings.problems.length;
  const lines = outline(pieces, marks, findings);
  return layoutOf(lines, findings.problems.length === before);
}

const assemble = (
  { pieces, marks }: Scanned,
  layout: Layout | null,
  findings: Findings,
): readonly TemplateNode[] =>
  layout === null ? (pieces as readonly TemplateNode[]) : new Assembly(pieces, marks, findings).nodes(layout);

class Assembly {
  readonly #pieces: readonly Piece[];
  readonly #findings: Findings;
  readonly #marks: readonly number[];

  constructor(pieces: readonly Piece[], marks: readonly number[], findings: Findings) {
    this.#pieces = pieces;
    this.#findings = findings;
    this.#marks = marks;
  }

  nodes(layout: Layout): readonly TemplateNode[] {
    if (layout.length === 0) return none;
    const nodes: TemplateNode[] = [];
    for (const node of layout) {
      if (node.kind === "run") this.#run(node, nodes);
      else nodes.push(this.#section(node));
    }
    return nodes;
  }

  #section({ mark, children, otherwise, tooMany }: SectionLayout): SectionNode {
    const { at, tag } = this.#mark(mark);
    const { mode, expr, item } = tag as OpenTag;
    if (tooMany !== null)
      this.#findings.add(this.#mark(tooMany).at, "TEMPLATE_SYNTAX", "a section has one {{else}}");
    return {
      kind: "section",
      at,
      mode,
      expr,
      item,
      children: this.nodes(children),
      otherwise: this.nodes(otherwise),
    };
  }

  /** What stands between two marks, without the blank ends that vanish with them. */
  #run({ run, head, tail }: RunLayout, nodes: TemplateNode[]): void {
    const from = run === 0 ? 0 : this.#marks[run - 1]! + 1;
    const to = this.#marks[run] ?? this.#pieces.length;
    for (let i = from; i < to; i++) {
      let piece = this.#pieces[i] as TemplateNode;
      if (piece.kind === "text") {
        if (!tail && i === to - 1) piece = cut(piece, 0, piece.text.lastIndexOf("\n") + 1);
        if (!head && i === from) piece = cut(piece, piece.text.indexOf("\n") + 1, piece.text.length);
        if (piece.text === "") continue;
      }
      nodes.push(piece);
    }
  }

  #mark(number: number): Mark {
    return this.#pieces[this.#marks[number]!] as Mark;
  }
}

const cut = ({ at, text }: TextNode, from: number, to: number): TextNode => ({
  kind: "text",
  at: at + from,
  text: text.slice(from, to),
});

const none: readonly never[] = [];
