import { readAt } from "../bytes/source-file.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import type { Section } from "../header/outline.ts";

/** Far more than any entry takes. */
const WINDOW = 1 << 16;

/**
 * A comma, a cell number in quotes, a colon: where an entry ends and another begins. No text looks like this: a quote inside one has a
 * backslash before it, and the quote that ends one has no digit behind it. Only an object within the list
 * does, which is no value; then a piece ends in the midst of an entry, which its reader sees.
 */
const BORDER = /,(?=\s*"\d+"\s*:)/;

/** An object of values in about equal parts of at most `size` bytes, each of whole entries; an even number, for two threads. The same for the same document. */
export function splitSection(file: SourceFile, section: Section, size: number): Section[] {
  const { start, end } = section;
  const isLong = section.shape === "object" && end - start > size;
  const count = isLong ? 2 * Math.ceil((end - start) / (2 * size)) : 1;
  const window = Buffer.allocUnsafe(WINDOW);
  const borders = [start];
  for (let i = 1; i < count; i++) {
    const from = start + Math.floor(((end - start) * i) / count);
    const length = Math.min(readAt(file, window, from), end - from);
    const found = window.toString("latin1", 0, Math.max(0, length)).search(BORDER);
    const border = from + found + 1;
    if (found !== -1 && border > borders.at(-1)!) borders.push(border);
  }
  return borders.map((border, i) => ({
    ...section,
    start: border,
    end: borders[i + 1] ?? end,
    part: { first: i === 0, last: i === borders.length - 1 },
  }));
}
