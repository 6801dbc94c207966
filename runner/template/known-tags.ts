import type { Tag } from "./read-tag.ts";

/** A tag as it is written, from its first brace to the last character before its end, and where its contents begin in that. */
export type KnownTag = { readonly written: string; readonly tag: Tag; readonly skip: number };

/** Tags of as many texts, at most. */
const size = 2048;

/**
 * Tags that were read twice. Models call the same macros with the same words, so that nine tags of ten are written elsewhere too, whereas each test
 * is one tag that stands nowhere else: what is seen for the first time leaves a number alone. Each text has one place, which the last that came twice
 * takes; looking there allocates nothing.
 */
export class KnownTags {
  readonly #kept: (KnownTag | undefined)[] = Array.from({ length: size }, () => undefined);
  /** Hashes of what was seen. */
  readonly #seen = new Int32Array(size);

  /** The tag that is written in `text` from `start` to `end`. */
  find(text: string, start: number, end: number, hash: number): KnownTag | undefined {
    const found = this.#kept[hash & (size - 1)];
    return found?.written.length === end - start && text.startsWith(found.written, start) ? found : undefined;
  }

  /** Whether a tag of this hash was here before. */
  isSeen(hash: number): boolean {
    const place = hash & (size - 1);
    if (this.#seen[place] === hash) return true;
    this.#seen[place] = hash;
    return false;
  }

  keep(known: KnownTag, hash: number): void {
    this.#kept[hash & (size - 1)] = known;
  }
}
