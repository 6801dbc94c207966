import { endOfQuoted } from "./expression-tokens.ts";

/** How a tag's end was looked for and found. */
export type TagEnd =
  /** `end` is where the closing braces begin. `crossed`: a text in it holds `}}` or a line break, so a quote may be missing. */
  | { readonly found: true; readonly end: number; readonly crossed: boolean }
  /** `next` is where reading may go on. */
  | { readonly found: false; readonly next: number };

/** Finds `close` (`}}` or `}}}`) after `from`, leaving out texts in quotes and the braces of maps. */
export function findTagEnd(text: string, from: number, to: number, close: string): TagEnd {
  let depth = 0;
  let crossed = false;
  for (let at = from; at < to; at++) {
    const char = text.charCodeAt(at);
    if (char === 39 || char === 34) {
      const end = endOfQuoted(text, at, to);
      if (end === -1) return naiveEnd(text, from, to, close);
      const quoted = text.slice(at, end);
      if (quoted.includes("}}") || quoted.includes("\n")) crossed = true;
      at = end;
    } else if (char === 123) {
      // No expression has two opening braces in a row: a new tag begins, so this one was never closed.
      if (text.charCodeAt(at + 1) === 123) {
        return crossed ? naiveEnd(text, from, to, close) : { found: false, next: at };
      }
      depth++;
    } else if (char === 125) {
      if (depth === 0 && text.startsWith(close, at)) return { found: true, end: at, crossed };
      if (depth > 0) depth--;
    }
  }
  return naiveEnd(text, from, to, close);
}

/** The first closing braces, quotes or not: what is meant when a quote is missing. */
export function naiveEnd(text: string, from: number, to: number, close: string): TagEnd {
  const end = text.indexOf(close, from);
  const next = text.indexOf("{{", from);
  if (end === -1 || end + close.length > to) {
    return { found: false, next: next === -1 || next > to ? to : next };
  }
  if (next !== -1 && next < end) return { found: false, next };
  return { found: true, end, crossed: false };
}
