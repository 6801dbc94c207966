import type { CatalogEntry } from "../publishers/publisher.ts";

export type CatalogDifference = {
  readonly added: readonly CatalogEntry[];
  readonly removed: readonly CatalogEntry[];
  readonly changed: readonly ChangedEntry[];
};
export type ChangedEntry = {
  readonly before: CatalogEntry;
  readonly after: CatalogEntry;
  /** Names of the members that differ. */
  readonly what: readonly (keyof CatalogEntry)[];
};

const MEMBERS: readonly (keyof CatalogEntry)[] = [
  "title",
  "themes",
  "type",
  "updated",
  "structureUpdated",
  "start",
  "end",
  "values",
];

/** What a publisher offers now against what it offered before. */
export function compareCatalogs(
  before: readonly CatalogEntry[],
  after: readonly CatalogEntry[],
): CatalogDifference {
  const known = new Map(before.map((entry) => [entry.code, entry]));
  const now = new Set(after.map(({ code }) => code));
  const changed = after.flatMap((entry): ChangedEntry[] => {
    const old = known.get(entry.code);
    if (old === undefined) return [];
    const what = MEMBERS.filter((name) => !isSame(old[name], entry[name]));
    return what.length === 0 ? [] : [{ before: old, after: entry, what }];
  });
  return {
    added: after.filter(({ code }) => !known.has(code)),
    removed: before.filter(({ code }) => !now.has(code)),
    changed,
  };
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
