import type { Problem } from "../base/problems.ts";
import { PlaceFinder } from "./place-finder.ts";
import type { Tag } from "./read-tag.ts";
import type { Piece } from "./scan-tags.ts";
import type { Source } from "./types.ts";

/**
 * A file as mustache gets it: tags as numbers, sections properly closed, and of plain text only what decides whether a
 * line vanishes (blank beginnings and ends stay, the rest is one letter). Mustache looks at each character, so this is also fast.
 */
export type Outline = {
  readonly masked: string;
  readonly tags: readonly Tag[];
  readonly stretches: readonly Stretch[];
  readonly problems: readonly Problem[];
};
/** A piece of plain text in the outline and in the file. */
export type Stretch = {
  readonly maskedStart: number;
  readonly maskedEnd: number;
  readonly start: number;
  readonly end: number;
};

/** Deeper than anybody writes; keeps a hostile file from using up the stack. */
const maxDepth = 100;
/** A tag that leaves nothing. */
const silent = "{{!}}";

export function outline(source: Source, pieces: readonly Piece[]): Outline {
  const drawing = new Drawing(source);
  for (const piece of pieces) {
    if (piece.kind === "text") drawing.plain(piece.start, piece.end);
    else drawing.tag(piece.tag);
  }
  drawing.end();
  return drawing;
}

type Open = { readonly tag: Tag & { kind: "open" }; readonly id: number };

class Drawing implements Outline {
  masked = "";
  readonly tags: Tag[] = [];
  readonly stretches: Stretch[] = [];
  readonly problems: Problem[] = [];
  readonly #open: Open[] = [];
  readonly #text: string;
  readonly #places: PlaceFinder;

  constructor(source: Source) {
    this.#text = source.text;
    this.#places = new PlaceFinder(source);
  }

  plain(start: number, end: number): void {
    const text = this.#text;
    const firstBreak = text.indexOf("\n", start);
    if (firstBreak === -1 || firstBreak >= end) {
      const line = text.slice(start, end);
      this.#stretch(start, end, isBlank(line) ? line : "x");
      return;
    }
    const head = text.slice(start, firstBreak + 1);
    const last = text.lastIndexOf("\n", end - 1) + 1;
    const tail = text.slice(last, end);
    this.#stretch(start, firstBreak + 1, isBlank(head) ? head : "x\n");
    this.#stretch(firstBreak + 1, last, "x\n");
    this.#stretch(last, end, isBlank(tail) ? tail : "x");
  }

  #stretch(start: number, end: number, mask: string): void {
    if (start === end) return;
    const maskedStart = this.masked.length;
    this.stretches.push({ start, end, maskedStart, maskedEnd: maskedStart + mask.length });
    this.masked += mask;
  }

  tag(tag: Tag | null): void {
    if (tag === null || tag.kind === "comment") {
      this.masked += silent;
      return;
    }
    const id = this.tags.push(tag) - 1;
    switch (tag.kind) {
      case "output":
      case "partial":
        this.masked += `{{${id}}}`;
        break;
      case "open":
        this.#open.push({ tag, id });
        if (this.#open.length === maxDepth + 1) {
          this.#report(
            tag.at,
            "TEMPLATE_SYNTAX",
            "sections are nested too deeply",
            "make a macro of the inner ones",
          );
        }
        this.masked += this.#open.length > maxDepth ? silent : `{{#${id}}}`;
        break;
      case "close":
        this.#close(tag);
        break;
      case "else":
        if (this.#open.length === 0) {
          const hint = "write {{#if x}}…{{else}}…{{/if}}";
          this.#report(tag.at, "TEMPLATE_SYNTAX", "{{else}} stands in no section", hint);
        }
        this.masked += `{{!${id}}}`;
        break;
    }
  }

  #close(tag: Tag & { kind: "close" }): void {
    const index = this.#open.findLastIndex((other) => other.tag.closedBy.includes(tag.name));
    if (index === -1) {
      const innermost = this.#open.at(-1)?.tag.closedBy[0];
      const hint =
        innermost === undefined ? "no section is open" : `the open section is closed by {{/${innermost}}}`;
      this.#report(tag.at, "TEMPLATE_UNEXPECTED_CLOSE", `"{{/${tag.name}}}" closes nothing`, hint);
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
    for (const { tag } of this.#open.slice(from)) {
      const name = tag.closedBy[0];
      const message = `the section "${name}" is not closed`;
      this.#report(tag.at, "TEMPLATE_UNCLOSED_SECTION", message, `end it with {{/${name}}}`);
    }
    while (this.#open.length > from) this.#leave();
  }

  #leave(): void {
    const { id } = this.#open.pop()!;
    this.masked += this.#open.length >= maxDepth ? silent : `{{/${id}}}`;
  }

  #report(at: number, code: string, message: string, hint: string): void {
    this.problems.push({ ...this.#places.at(at), code, message, hint });
  }
}

const isBlank = (text: string): boolean => text.trim() === "";
