import type { Findings } from "./findings.ts";
import type { OpenTag } from "./read-tag.ts";
import type { Mark, Piece } from "./scan-tags.ts";
import type { TextNode } from "./types.ts";

/**
 * A file as mustache gets it: of what stands between two marks, a run, only what decides whether the lines at its ends vanish, and marks
 * as sections that are properly closed, each under its number. Most files of a project have one of a handful of outlines.
 */
export type Outline = {
  readonly masked: string;
  /** Begin and end in `masked` of the run before each mark, and of that after the last. */
  readonly runs: readonly number[];
};

/** Deeper than anybody writes; keeps a hostile file from using up the stack. */
const maxDepth = 100;
/** A tag that leaves nothing. */
const silent = "{{!}}";

/** `marks`: where they are among the pieces. Also finds which of them have no place. */
export function outline(pieces: readonly Piece[], marks: readonly number[], findings: Findings): Outline {
  const drawing = new Drawing(findings);
  let from = 0;
  for (const mark of marks) {
    drawing.run(pieces, from, mark);
    drawing.mark(pieces[mark] as Mark);
    from = mark + 1;
  }
  drawing.run(pieces, from, pieces.length);
  drawing.end();
  return drawing;
}

type Open = { readonly at: number; readonly tag: OpenTag; readonly id: number };

class Drawing implements Outline {
  masked = "";
  readonly runs: number[] = [];
  readonly #open: Open[] = [];
  readonly #findings: Findings;
  #marks = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  run(pieces: readonly Piece[], from: number, to: number): void {
    const start = this.masked.length;
    if (from < to) this.masked += maskOf(pieces[from]!, pieces[to - 1]!);
    this.runs.push(start, this.masked.length);
  }

  mark({ at, tag }: Mark): void {
    const id = this.#marks++;
    if (tag === null || tag.kind === "comment") {
      this.masked += silent;
      return;
    }
    switch (tag.kind) {
      case "open":
        this.#open.push({ at, tag, id });
        if (this.#open.length === maxDepth + 1) {
          const hint = "make a macro of the inner ones";
          this.#findings.add(at, "TEMPLATE_SYNTAX", "sections are nested too deeply", hint);
        }
        this.masked += this.#open.length > maxDepth ? silent : `{{#${id}}}`;
        break;
      case "close":
        this.#close(at, tag.name);
        break;
      case "else":
        if (this.#open.length === 0) {
          const hint = "write {{#if x}}…{{else}}…{{/if}}";
          this.#findings.add(at, "TEMPLATE_SYNTAX", "{{else}} stands in no section", hint);
        }
        this.masked += `{{!${id}}}`;
        break;
    }
  }

  #close(at: number, name: string): void {
    let index = this.#open.length - 1;
    while (index >= 0 && !this.#open[index]!.tag.closedBy.includes(name)) index--;
    if (index === -1) {
      const innermost = this.#open.at(-1)?.tag.closedBy[0];
      const hint =
        innermost === undefined ? "no section is open" : `the open section is closed by {{/${innermost}}}`;
      this.#findings.add(at, "TEMPLATE_UNEXPECTED_CLOSE", `"{{/${name}}}" closes nothing`, hint);
      this.masked += silent;
      return;
    }
    this.#unclosed(index + 1);
    this.#leave();
  }

  end(): void {
    this.#unclosed(0);
  }

  #unclosed(from: number): void {
    for (let i = from; i < this.#open.length; i++) {
      const { at, tag } = this.#open[i]!;
      const name = tag.closedBy[0];
      const message = `the section "${name}" is not closed`;
      this.#findings.add(at, "TEMPLATE_UNCLOSED_SECTION", message, `end it with {{/${name}}}`);
    }
    while (this.#open.length > from) this.#leave();
  }

  #leave(): void {
    const { id } = this.#open.pop()!;
    this.masked += this.#open.length >= maxDepth ? silent : `{{/${id}}}`;
  }
}

/**
 * A run by its first and its last piece: whether there is anything on the line of the tag before it and on that of the tag after it. Blank
 * ends stay, as they may vanish; all else is one letter.
 */
function maskOf(first: Piece, last: Piece): string {
  const head = first.kind === "text" ? firstBreak(first.text) : -1;
  if (first === last && first.kind === "text" && head === first.text.length) return " ";
  const tail = last.kind === "text" ? lastBreak(last.text) : -1;
  const isHeadBlank = head !== -1 && head < (first as TextNode).text.length;
  if (tail === -1) return isHeadBlank ? "\nx" : "x";
  const end = tail + 1 === (last as TextNode).text.length ? "" : " ";
  if (!isHeadBlank) return `x\n${end}`;
  return first === last && head === tail ? `\n${end}` : `\nx\n${end}`;
}

/** Where the first line ends, if it is blank; -1: it is not. */
function firstBreak(text: string): number {
  let at = 0;
  while (at < text.length && isBlank(text, at)) at++;
  return at === text.length || text.charCodeAt(at) === BREAK ? at : -1;
}

/** Where the last line begins, at the break before it, if it is blank; -1: it is not, or there is no other line. */
function lastBreak(text: string): number {
  let at = text.length - 1;
  while (at >= 0 && isBlank(text, at)) at--;
  return text.charCodeAt(at) === BREAK ? at : -1;
}

const BREAK = 10;

/** Whether a character is white space, but no end of a line. */
function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code <= 127) return code === 32 || (code >= 9 && code <= 13 && code !== BREAK);
  return text.charAt(at).trim() === "";
}
