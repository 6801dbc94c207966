import { OperationError } from "../../../runner/base/errors.ts";
import { readUpdated } from "../../jsonstat/updated.ts";
import type { CatalogEntry, Theme } from "../publisher.ts";

/** A line of the table of contents that is no branch, its texts as they stand. */
export type Leaf = {
  readonly code: string;
  readonly title: string;
  readonly type: string;
  readonly path: readonly Theme[];
  readonly updated: string;
  readonly structureUpdated: string;
  readonly start: string;
  readonly end: string;
  readonly values: string;
};

/** One entry a dataset, with every branch that it hangs on. None at all is no catalogue. */
export async function gatherEntries(
  leaves: AsyncIterable<Leaf> | Iterable<Leaf>,
): Promise<readonly CatalogEntry[]> {
  const found = new Map<string, CatalogEntry & { themes: Theme[][] }>();
  for await (const leaf of leaves) {
    const code = leaf.code.toLowerCase();
    const known = found.get(code);
    if (known !== undefined) {
      known.themes.push([...leaf.path]);
      continue;
    }
    found.set(code, {
      code,
      title: leaf.title,
      themes: [[...leaf.path]],
      type: leaf.type === "table" ? "table" : "dataset",
      updated: readDay(leaf.updated),
      structureUpdated: readDay(leaf.structureUpdated),
      start: orNull(leaf.start),
      end: orNull(leaf.end),
      values: /^\d+$/.test(leaf.values.trim()) ? Number(leaf.values) : null,
    });
  }
  if (found.size === 0)
    throw new OperationError("CATALOG_INVALID", "the catalogue names no dataset", {
      hint: "the publisher may be at work on it: try again later; what was known of it stays",
    });
  return [...found.values()];
}

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** `03.10.2026` as `2026-10-03`. */
const readDay = (text: string): string | null => readUpdated(text)?.slice(0, 10) ?? null;
