import type { Vintage } from "../../runner/project/landing.ts";

/** An instant as vintages and lists spell it: UTC, whole seconds. */
export const instantText = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** A name for an edition of `instant` (`2025-04-04T21:00:00Z`), safe as a folder's: `2025-04-04T210000Z`, then `…-2`, `…-3`. */
export function freeVintageId(instant: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  const base = instant.replaceAll(":", "");
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!names.has(id)) return id;
  }
}

/** When an edition was put out: as the publisher says, else when it was read. */
const editionInstant = ({ updated, extracted_at }: Pick<Vintage, "updated" | "extracted_at">): string =>
  updated ?? extracted_at;

/** The list with one more edition, oldest first; of two with the same instant the later landed comes later. */
export function insertVintage(list: readonly Vintage[], added: Vintage): Vintage[] {
  return [...list, added].sort((a, b) =>
    editionInstant(a) < editionInstant(b) ? -1 : editionInstant(a) > editionInstant(b) ? 1 : 0,
  );
}

/** The edition that an edition of `instant` would follow. */
export function predecessorOf(
  list: readonly Vintage[],
  edition: Pick<Vintage, "updated" | "extracted_at">,
): Vintage | undefined {
  return list.findLast((vintage) => editionInstant(vintage) <= editionInstant(edition));
}

/**
 * The landed edition that has this content already: one of the same instant, or the one just before, which the publisher
 * has then only stamped anew. Content that returns after something else stood between is an edition of its own.
 */
export function sameContent(
  list: readonly Vintage[],
  edition: Pick<Vintage, "updated" | "extracted_at" | "content">,
): Vintage | undefined {
  const before = predecessorOf(list, edition);
  if (before?.content === edition.content) return before;
  return list.find(
    ({ updated, content }) => updated !== null && updated === edition.updated && content === edition.content,
  );
}
