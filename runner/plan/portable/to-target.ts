import type { SqlLibrary } from "./sql-library.ts";
import { strangersIn } from "./check.ts";
import type { Stranger } from "./check.ts";
import { rewriteQuery } from "./rewrite.ts";

export type Untranslatable = {
  readonly message: string;
  readonly hint: string;
  /** Into the query, from 0, in UTF-16 units. */
  readonly offset: number;
};

export type Translated = { readonly sql: string } | { readonly problems: readonly Untranslatable[] };
export type Translate = (query: string) => Translated;

/** Changes when a query would be translated otherwise than before. */
export const RULES = 1;

/** A query in DuckDB's dialect as the target's, or all that stands against it. */
export function toTarget(query: string, library: SqlLibrary): Translated {
  const misread = (error: string, offset: number): { problems: Untranslatable[] } => ({
    problems: [
      {
        message: `portable SQL is read as DuckDB's, and this is none: ${error}`,
        hint: "some of DuckDB's own syntax is not read either, such as a // b: write it otherwise, or set portable to false",
        offset: utf16(query, Math.max(0, offset)),
      },
    ],
  });
  const parsed = library.parse(query);
  if ("error" in parsed) return misread(parsed.error, parsed.offset);
  const strangers = strangersIn(parsed.tree);
  if (strangers.length > 0) {
    const problems = strangers.map((stranger) => told(query, stranger));
    return { problems: problems.toSorted((a, b) => a.offset - b.offset) };
  }
  const translated = library.translate(library.print(rewriteQuery(parsed.tree, library)));
  if ("error" in translated) return misread(translated.error, 0);
  return translated;
}

function told(query: string, { what, word, start, hint }: Stranger): Untranslatable {
  const message = `${what} is not known to mean the same on every engine`;
  const offset = start < 0 ? 0 : utf16(query, start);
  return { message, hint, offset: placeOfWord(query, word, offset) };
}

/** The word before what the parser gave a place, or after it, outside of texts; else that place. */
function placeOfWord(query: string, word: string, near: number): number {
  const bare = query.replaceAll(/'(?:[^']|'')*'|--[^\n]*/g, (text) => " ".repeat(text.length));
  // The parser writes `try_cast` for try_cast, and `array_slice` for what has no name.
  const spelled = [...bare.matchAll(new RegExp(word.replaceAll(/[^\w]/g, String.raw`\$&`), "gi"))];
  const places = spelled.map(({ index }) => index);
  return places.findLast((at) => at <= near) ?? places[0] ?? near;
}

/** The parser counts code points. */
const utf16 = (text: string, codePoints: number): number =>
  Array.from(text).slice(0, codePoints).join("").length;
