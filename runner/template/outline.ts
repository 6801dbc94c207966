import { placeAt } from "../base/problems.ts";
import type { Problem } from "../base/problems.ts";
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

type Open = { readonly tag: Tag & { kind: "open" }; readonly id: number };

export function outline(source: Source, pieces: readonly Piece[]): Outline {
  const { file, text } = source;
  const tags: Tag[] = [];
  const stretches: Stretch[] = [];
  const problems: Problem[] = [];
  const open: Open[] = [];
  let masked = "";

  const report = (at: number, code: string, message: string, hint: string): void => {
    problems.push({ ...placeAt(file, text, at), code, message, hint });
  };
  const stretch = (start: number, end: number, mask: string): void => {
    if (start === end) return;
    stretches.push({ start, end, maskedStart: masked.length, maskedEnd: masked.length + mask.length });
    masked += mask;
  };
  const plain = (start: number, end: number): void => {
    const firstBreak = text.indexOf("\n", start);
    if (firstBreak === -1 || firstBreak >= end) {
      const line = text.slice(start, end);
      stretch(start, end, isBlank(line) ? line : "x");
      return;
    }
    const head = text.slice(start, firstBreak + 1);
    const last = text.lastIndexOf("\n", end - 1) + 1;
    const tail = text.slice(last, end);
    stretch(start, firstBreak + 1, isBlank(head) ? head : "x\n");
    stretch(firstBreak + 1, last, "x\n");
    stretch(last, end, isBlank(tail) ? tail : "x");
  };
  const unclosed = ({ tag, id }: Open): void => {
    const [name] = tag.closedBy;
    report(
      tag.at,
      "TEMPLATE_UNCLOSED_SECTION",
      `the section "${name}" is not closed`,
      `end it with {{/${name}}}`,
    );
    masked += end(id);
  };
  const end = (id: number): string => (open.length >= maxDepth ? "{{!}}" : `{{/${id}}}`);
  const close = (tag: Tag & { kind: "close" }): void => {
    const index = open.findLastIndex((other) => other.tag.closedBy.includes(tag.name));
    const innermost = open.at(-1);
    if (index === -1) {
      const hint = innermost
        ? `the open section is closed by {{/${innermost.tag.closedBy[0]}}}`
        : "no section is open";
      report(tag.at, "TEMPLATE_UNEXPECTED_CLOSE", `"{{/${tag.name}}}" closes nothing`, hint);
      masked += "{{!}}";
      return;
    }
    while (open.length > index + 1) unclosed(open.pop()!);
    masked += end(open.pop()!.id);
  };

  for (const piece of pieces) {
    if (piece.kind === "text") {
      plain(piece.start, piece.end);
      continue;
    }
    const { tag } = piece;
    const id = tags.length;
    if (tag === null) {
      masked += "{{!}}";
      continue;
    }
    tags.push(tag);
    switch (tag.kind) {
      case "output":
      case "partial":
        masked += `{{${id}}}`;
        break;
      case "open":
        open.push({ tag, id });
        if (open.length === maxDepth + 1) {
          report(
            tag.at,
            "TEMPLATE_SYNTAX",
            "sections are nested too deeply",
            "make a macro of the inner ones",
          );
        }
        masked += open.length > maxDepth ? "{{!}}" : `{{#${id}}}`;
        break;
      case "close":
        close(tag);
        break;
      case "else":
        if (open.length === 0) {
          report(
            tag.at,
            "TEMPLATE_SYNTAX",
            "{{else}} stands in no section",
            "write {{#if x}}…{{else}}…{{/if}}",
          );
        }
        masked += `{{!${id}}}`;
        break;
      case "comment":
        masked += "{{!}}";
        break;
    }
  }
  while (open.length > 0) unclosed(open.pop()!);
  return { masked, tags, stretches, problems };
}

const isBlank = (text: string): boolean => text.trim() === "";
