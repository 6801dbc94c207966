import type { Problem } from "../base/problems.ts";
import { SyntaxMistake } from "./expression-tokens.ts";
import { findTagEnd, naiveEnd } from "./find-tag-end.ts";
import type { TagEnd } from "./find-tag-end.ts";
import { findJinja } from "./find-jinja.ts";
import { PlaceFinder } from "./place-finder.ts";
import { readTag, unreadableSection } from "./read-tag.ts";
import type { Tag } from "./read-tag.ts";
import type { Source } from "./types.ts";

/** A stretch of plain text, or a tag; `end` is after the last brace. A tag that could not be read is null. */
export type Piece = { readonly start: number; readonly end: number } & (
  | { readonly kind: "text" }
  | { readonly kind: "tag"; readonly tag: Tag | null }
);

/** Cuts a text into plain stretches and tags, from left to right, and reads each tag. Never throws. */
export function scanTags(source: Source, from: number, to: number): { pieces: Piece[]; problems: Problem[] } {
  const { text } = source;
  const places = new PlaceFinder(source);
  const pieces: Piece[] = [];
  const problems: Problem[] = [];
  for (let at = from; at < to;) {
    const open = text.indexOf("{{", at);
    const start = open === -1 || open >= to ? to : open;
    if (start > at) {
      pieces.push({ kind: "text", start: at, end: start });
      findJinja(text, at, start, places, problems);
    }
    if (start === to) break;
    const piece = scanTag(text, start, to, places, problems);
    pieces.push(piece);
    at = piece.end;
  }
  return { pieces, problems };
}

function scanTag(text: string, start: number, to: number, places: PlaceFinder, problems: Problem[]): Piece {
  const { sigil, body, close } = opening(text, start);
  // Comments and closing tags hold no texts: an apostrophe in them is an apostrophe.
  const literal = sigil === "!" || sigil === "/" || sigil === "=";
  const found = literal ? firstClose(text, body, to) : findTagEnd(text, body, to, close);
  if (!found.found) {
    const message = "the tag is not closed";
    const hint = `end it with ${close}`;
    problems.push({ ...places.at(start), code: "TEMPLATE_UNCLOSED_TAG", message, hint });
    return { kind: "tag", start, end: Math.max(found.next, start + 2), tag: null };
  }
  try {
    const tag = readTag(text, sigil, body, found.end);
    return { kind: "tag", start, end: found.end + close.length, tag };
  } catch (error) {
    if (!(error instanceof SyntaxMistake)) throw error;
    const retry = found.crossed ? shorter(text, sigil, body, to, close) : null;
    const { at, message, hint } = retry?.mistake ?? error;
    problems.push({ ...places.at(at), code: "TEMPLATE_SYNTAX", message, ...(hint && { hint }) });
    const end = retry?.end ?? found.end;
    const opens = sigil === "#" || sigil === "^";
    return {
      kind: "tag",
      start,
      end: end + close.length,
      tag: opens ? unreadableSection(text, body, end) : null,
    };
  }
}

type Opening = { readonly sigil: string; readonly body: number; readonly close: "}}" | "}}}" };

function opening(text: string, start: number): Opening {
  if (text.charCodeAt(start + 2) === 123) return { sigil: "&", body: start + 3, close: "}}}" };
  let body = start + 2;
  while (text.charCodeAt(body) <= 32) body++;
  const char = text.charAt(body);
  return char !== "" && "#^/!>&=".includes(char)
    ? { sigil: char, body: body + 1, close: "}}" }
    : { sigil: "", body, close: "}}" };
}

function firstClose(text: string, from: number, to: number): TagEnd {
  const end = text.indexOf("}}", from);
  return end === -1 || end + 2 > to ? { found: false, next: to } : { found: true, end, crossed: false };
}

/** A text runs over a `}}` and the tag makes no sense: most likely a quote is missing, so the tag is read up to that `}}`. */
function shorter(
  text: string,
  sigil: string,
  body: number,
  to: number,
  close: string,
): { end: number; mistake: SyntaxMistake } | null {
  const found = naiveEnd(text, body, to, close);
  if (!found.found) return null;
  try {
    readTag(text, sigil, body, found.end);
  } catch (mistake) {
    if (mistake instanceof SyntaxMistake) return { end: found.end, mistake };
    throw mistake;
  }
  return null;
}
