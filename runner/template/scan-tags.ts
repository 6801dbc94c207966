import { SyntaxMistake } from "./expression-tokens.ts";
import { findTagEnd, naiveEnd } from "./find-tag-end.ts";
import type { TagEnd } from "./find-tag-end.ts";
import type { Findings } from "./findings.ts";
import { findJinja } from "./find-jinja.ts";
import { KnownTags } from "./known-tags.ts";
import { readCall } from "./read-call.ts";
import { comment, readTag, unreadableSection } from "./read-tag.ts";
import type { StructuralTag, Tag } from "./read-tag.ts";
import type { TagPlaces } from "./tag-places.ts";
import type { OutputNode, PartialNode, Source, TextNode } from "./types.ts";

/** What a file is cut into: what is printed is a node already. `at` of a tag is where its contents begin. */
export type Piece = TextNode | OutputNode | PartialNode | Mark;
/** A tag that prints nothing itself; null could not be read. */
export type Mark = { readonly kind: "mark"; readonly at: number; readonly tag: StructuralTag | null };

export type Scanned = {
  readonly pieces: readonly Piece[];
  /** Where the marks are among the pieces. */
  readonly marks: readonly number[];
};

/**
 * Cuts a text into plain stretches and tags, from left to right, and reads each tag. Never throws. `places`: gets those of the tags, which are all only
 * where all of them end at the first braces after them and nothing is wrong.
 */
export function scanTags(
  source: Source,
  from: number,
  to: number,
  findings: Findings,
  places?: TagPlaces,
): Scanned {
  const { text } = source;
  const scanner = new Scanner(text, to, findings, places);
  let count = 0;
  let marks: number[] | undefined;
  for (let at = from; at < to;) {
    let mayBeJinja = false;
    let start = text.indexOf("{", at);
    for (; start !== -1 && start < to; start = text.indexOf("{", start + 1)) {
      const next = text.charCodeAt(start + 1);
      if (next === BRACE) break;
      mayBeJinja ||= next === PERCENT || next === HASH;
    }
    if (start === -1 || start > to) start = to;
    if (start > at) {
      scratch[count++] = { kind: "text", at, text: text.slice(at, start) };
      if (mayBeJinja) findJinja(text, at, start, findings);
    }
    if (start === to) break;
    const piece = scanner.tag(start);
    if (piece.kind === "mark") (marks ??= []).push(count);
    scratch[count++] = piece;
    at = scanner.end;
  }
  return { pieces: scratch.slice(0, count), marks: marks ?? none };
}

/** Written over for each text: an array that grows with its pieces is copied as it does, and then has room for sixteen more. */
const scratch: Piece[] = [];

const BRACE = 123;
const PERCENT = 37;
const HASH = 35;

const none: readonly never[] = [];

const known = new KnownTags();
/** Characters of a tag that is worth keeping. */
const longest = 500;

class Scanner {
  /** After the last brace of the tag that was read. */
  end = 0;
  readonly #text: string;
  readonly #to: number;
  readonly #findings: Findings;
  readonly #places: TagPlaces | undefined;

  constructor(text: string, to: number, findings: Findings, places: TagPlaces | undefined) {
    this.#text = text;
    this.#to = to;
    this.#findings = findings;
    this.#places = places;
  }

  tag(start: number): Piece {
    const text = this.#text;
    // If the tag ends where the next braces are, the text up to there tells all of it.
    const last = Math.min(this.#to - 2, start + longest);
    let hash = 0;
    for (let at = start + 2; at <= last; at++) {
      const code = text.charCodeAt(at);
      if (code !== 125 || text.charCodeAt(at + 1) !== 125) {
        hash = (Math.imul(hash, 31) + code) | 0;
        continue;
      }
      const found = known.find(text, start, at, hash);
      const isSeen = found === undefined && known.isSeen(hash);
      const piece =
        found === undefined
          ? isSeen
            ? undefined
            : callAt(text, start, at)
          : pieceOf(found.tag, start + found.skip, text);
      if (piece === undefined) return this.#readAnew(start, at, hash, isSeen);
      this.end = at + 2;
      this.#places?.add(start, at, hash);
      return piece;
    }
    return this.#readAnew(start, -1, 0, false);
  }

  /** `expectedEnd`: where the tag would have to end to be kept for the next time, if it `isSeen`. */
  #readAnew(start: number, expectedEnd: number, hash: number, isSeen: boolean): Piece {
    const text = this.#text;
    const { sigil, body, close } = opening(text, start);
    // Comments and closing tags hold no texts: an apostrophe in them is an apostrophe.
    const literal = sigil === "!" || sigil === "/" || sigil === "=";
    const found = literal ? firstClose(text, body, this.#to) : findTagEnd(text, body, this.#to, close);
    if (!found.found) {
      this.#findings.add(start, "TEMPLATE_UNCLOSED_TAG", "the tag is not closed", `end it with ${close}`);
      this.end = Math.max(found.next, start + 2);
      return { kind: "mark", at: start, tag: null };
    }
    const at = contentsBegin(text, body, found.end);
    this.end = found.end + close.length;
    this.#places?.add(start, found.end, found.end === expectedEnd ? hash : 0);
    if (sigil === "!") return { kind: "mark", at, tag: comment };
    const isKept = isSeen && found.end === expectedEnd && !found.crossed && close === "}}";
    const written = isKept ? ownText(text.slice(start, found.end)) : "";
    const skip = at - start;
    try {
      const tag = readTag(isKept ? written.slice(skip) : text.slice(at, found.end), sigil);
      if (isKept) known.keep({ written, tag, skip }, hash);
      return pieceOf(tag, at, text);
    } catch (error) {
      if (!(error instanceof SyntaxMistake)) throw error;
      const retry = found.crossed ? shorter(text, sigil, at, this.#to, close) : null;
      const mistake = retry?.mistake ?? error;
      this.#findings.add(at + mistake.at, "TEMPLATE_SYNTAX", mistake.message, mistake.hint);
      const end = retry?.end ?? found.end;
      this.end = end + close.length;
      const opens = sigil === "#" || sigil === "^";
      return { kind: "mark", at, tag: opens ? unreadableSection(text.slice(at, end)) : null };
    }
  }
}

/** What {@link scanTags} found in a text in which nothing is wrong, by the places that it gave, from `begin` to `end`. */
export function scanAgain(text: string, places: TagPlaces, begin: number, end: number): Scanned {
  let count = 0;
  let marks: number[] | undefined;
  let from = 0;
  for (let i = begin; i < end; i += 3) {
    const start = places.at(i);
    const to = places.at(i + 1);
    if (start > from) scratch[count++] = { kind: "text", at: from, text: text.slice(from, start) };
    const found = known.find(text, start, to, places.at(i + 2));
    const piece =
      found === undefined
        ? (callAt(text, start, to) ?? readAgain(text, start, to))
        : pieceOf(found.tag, start + found.skip, text);
    if (piece.kind === "mark") (marks ??= []).push(count);
    scratch[count++] = piece;
    from = text.charCodeAt(start + 2) === BRACE ? to + 3 : to + 2;
  }
  if (from < text.length) scratch[count++] = { kind: "text", at: from, text: text.slice(from) };
  return { pieces: scratch.slice(0, count), marks: marks ?? none };
}

function readAgain(text: string, start: number, end: number): Piece {
  const { sigil, body } = opening(text, start);
  const at = contentsBegin(text, body, end);
  return pieceOf(readTag(text.slice(at, end), sigil), at, text);
}

/** The tag as a call of plain texts; undefined: it is something else. */
function callAt(text: string, start: number, end: number): Piece | undefined {
  let at = start + 2;
  while (text.charCodeAt(at) <= 32) at++;
  const expr = readCall(text, at, end);
  return expr && { kind: "output", at, expr };
}

/** A part of a text that does not hold on to the whole. */
const ownText = (part: string): string => ` ${part}`.slice(1);

function pieceOf(tag: Tag, at: number, text: string): Piece {
  switch (tag.kind) {
    case "output":
      return { kind: "output", at, expr: tag.expr };
    case "partial":
      return { kind: "partial", at, name: tag.name, indent: indentOf(text, at) };
    default:
      return { kind: "mark", at, tag };
  }
}

/** The blank beginning of the line on which a tag stands, or nothing when there is something else before it. */
function indentOf(text: string, at: number): string {
  const open = text.lastIndexOf("{{", at);
  const before = text.slice(text.lastIndexOf("\n", open) + 1, open);
  return before.trim() === "" ? before : "";
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

/** Where what a tag holds begins, after the blanks. */
function contentsBegin(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) <= 32) at++;
  if (text.charCodeAt(at) <= 127) return at;
  const body = text.slice(at, end);
  return at + body.length - body.trimStart().length;
}

function firstClose(text: string, from: number, to: number): TagEnd {
  const end = text.indexOf("}}", from);
  return end === -1 || end + 2 > to ? { found: false, next: to } : { found: true, end, crossed: false };
}

/** A text runs over a `}}` and the tag makes no sense: most likely a quote is missing, so the tag is read up to that `}}`. */
function shorter(
  text: string,
  sigil: string,
  at: number,
  to: number,
  close: string,
): { end: number; mistake: SyntaxMistake } | null {
  const found = naiveEnd(text, at, to, close);
  if (!found.found) return null;
  try {
    readTag(text.slice(at, found.end), sigil);
  } catch (mistake) {
    if (mistake instanceof SyntaxMistake) return { end: found.end, mistake };
    throw mistake;
  }
  return null;
}
