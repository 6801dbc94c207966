import Mustache from "mustache";
import { Findings } from "../../../../runner/template/findings.ts";
import { scanTags } from "../../../../runner/template/scan-tags.ts";
import type { Piece } from "../../../../runner/template/scan-tags.ts";

type Token = readonly [string, string, number, number, (readonly Token[])?, ...unknown[]];

/**
 * A sound text as mustache itself sees it, in one line: every character is shown to it, letters as `x`, and each tag under its number. `text` takes
 * what stands in the file, `tag` a piece by its number.
 */
export function mustacheSketch(text: string): string {
  const { pieces } = scanTags({ file: "", text }, 0, text.length, new Findings({ file: "", text }));
  let masked = "";
  const origins: number[] = [];
  const open: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    if (piece.kind === "text")
      for (const [offset, char] of [...piece.text.matchAll(/[^]/g)].entries()) {
        origins[masked.length] = piece.at + offset;
        masked += /\s/.test(char[0]) ? char[0] : "x";
      }
    else masked += tagOf(piece, i, open);
  }
  const sketch = (tokens: readonly Token[]): string =>
    tokens
      .map(([kind, value, start, end, children]) => {
        if (kind === "text") return text.slice(origins[start], origins[end - 1]! + 1);
        if (kind === "name") return `<${pieces[Number(value)]!.at}>`;
        if (kind === "#") return `<${pieces[Number(value)]!.at} ${sketch(children!)}>`;
        return value === "" ? "" : "|";
      })
      .join("");
  return sketch(new Mustache.Writer().parse(masked) as readonly Token[]);
}

function tagOf(piece: Piece, i: number, open: number[]): string {
  if (piece.kind !== "mark") return `{{${i}}}`;
  switch (piece.tag?.kind) {
    case "open":
      open.push(i);
      return `{{#${i}}}`;
    case "close":
      return `{{/${open.pop()!}}}`;
    case "else":
      return `{{!${i}}}`;
    default:
      return "{{!}}";
  }
}
