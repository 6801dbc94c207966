import { placeAt } from "../base/problems.ts";
import type { Problem } from "../base/problems.ts";
import { SyntaxMistake } from "./expression-tokens.ts";
import { findTagEnd, naiveEnd } from "./find-tag-end.ts";
import { findJinja } from "./find-jinja.ts";
import { readTag } from "./read-tag.ts";
import type { Tag } from "./read-tag.ts";
import type { Source } from "./types.ts";

/** A stretch of plain text, or a tag; `end` is after the last brace. A tag that could not be read is null. */
export type Piece = { readonly start: number; readonly end: number } & (
  | { readonly kind: "text" }
  | { readonly kind: "tag"; readonly tag: Tag | null }
);

/** Cuts a text into plain stretches and tags, from left to right, and reads each tag. Never throws. */
export function scanTags(source: Source, from: number, to: number): { pieces: Piece[]; problems: Problem[] } {
  const { file, text } = source;
  const pieces: Piece[] = [];
  const problems: Problem[] = [];
  const report = (at: number, code: string, message: string, hint?: string): void => {
    problems.push({ ...placeAt(file, text, at), code, message, ...(hint && { hint }) });
  };
  for (let at = from; at < to;) {
    const open = text.indexOf("{{", at);
    const start = open === -1 || open >= to ? to : open;
    if (start > at) {
      pieces.push({ kind: "text", start: at, end: start });
      for (const found of findJinja(text, at, start))
        report(found.at, "TEMPLATE_JINJA", found.message, found.hint);
    }
    if (start === to) break;
    const { sigil, body, close } = opening(text, start);
    const literal = sigil === "!" || sigil === "/" || sigil === "=";
    let found = literal ? firstClose(text, body, to, close) : findTagEnd(text, body, to, close);
    let tag: Tag | null = null;
    if (found.found) {
      try {
        tag = readTag(text, sigil, body, found.end);
      } catch (error) {
        if (!(error instanceof SyntaxMistake)) throw error;
        const retry = found.crossed ? shorter(text, sigil, body, to, close) : null;
        if (retry) found = retry.end;
        const { at: where, message, hint } = retry?.mistake ?? error;
        report(where, "TEMPLATE_SYNTAX", message, hint);
      }
    } else {
      report(start, "TEMPLATE_UNCLOSED_TAG", `the tag is not closed by "${close}"`);
    }
    const end = found.found ? found.end + close.length : Math.max(found.next, start + 2);
    pieces.push({ kind: "tag", start, end, tag });
    at = end;
  }
  return { pieces, problems };
}

function opening(text: string, start: number): { sigil: string; body: number; close: string } {
  if (text.charCodeAt(start + 2) === 123) return { sigil: "&", body: start + 3, close: "}}}" };
  let body = start + 2;
  while (/\s/.test(text.charAt(body))) body++;
  const char = text.charAt(body);
  return "#^/!>&=".includes(char) && char !== ""
    ? { sigil: char, body: body + 1, close: "}}" }
    : { sigil: "", body, close: "}}" };
}

/** Comments and closing tags hold no texts: an apostrophe in them is an apostrophe. */
function firstClose(text: string, from: number, to: number, close: string): ReturnType<typeof findTagEnd> {
  const end = text.indexOf(close, from);
  return end === -1 || end + close.length > to
    ? { found: false, next: to }
    : { found: true, end, crossed: false };
}

/** A text runs over a `}}` and the tag makes no sense: most likely a quote is missing, so the tag is read up to that `}}`. */
function shorter(
  text: string,
  sigil: string,
  body: number,
  to: number,
  close: string,
): { end: ReturnType<typeof findTagEnd>; mistake: SyntaxMistake } | null {
  const end = naiveEnd(text, body, to, close);
  if (!end.found) return null;
  try {
    readTag(text, sigil, body, end.end);
  } catch (mistake) {
    if (mistake instanceof SyntaxMistake) return { end, mistake };
    throw mistake;
  }
  return null;
}
