import { sha256 } from "../../runner/base/hash.ts";
import type { BatchColumn, BatchSource } from "../landing/batch-source.ts";
import { DEFAULT_DRIFT } from "../landing/drift-policy.ts";
import { landEdition } from "../landing/land.ts";
import type { Landed } from "../landing/land.ts";
import type { CatalogEntry } from "../publishers/publisher.ts";

/** The name of the dataset that a publisher's catalogue lands as: `source('eurostat', 'catalog')`. */
const CATALOG_DATASET = "catalog";

/**
 * Lands a catalogue as a dataset of its publisher, a row an entry, so that models read it as they read anything that has landed, with every
 * earlier state of it as a vintage. The same catalogue lands once.
 */
export function landCatalog(
  publisher: string,
  entries: readonly CatalogEntry[],
  {
    landing,
    now,
    signal,
    source,
  }: {
    readonly landing: string;
    readonly now: Date;
    readonly signal: AbortSignal;
    readonly source: string;
  },
): Promise<Landed> {
  return landEdition(
    {
      publisher,
      dataset: CATALOG_DATASET,
      label: `What ${publisher} offers`,
      source,
      sha256: sha256(JSON.stringify(entries)),
      updated: null,
      header: { label: `What ${publisher} offers`, entries: entries.length },
      dimensions: [],
      open: () => rowsOf(entries),
    },
    // How much may be missing has been judged before.
    { landing, now, signal, drift: { ...DEFAULT_DRIFT, rows_fallen: "accept" } },
  );
}

type Column = { readonly name: string; readonly of: (entry: CatalogEntry) => string | number | null };

const pathOf = (path: CatalogEntry["themes"][number]): string => path.map(({ title }) => title).join(" / ");

const COLUMNS: readonly Column[] = [
  { name: "code", of: ({ code }) => code },
  { name: "title", of: ({ title }) => title },
  { name: "type", of: ({ type }) => type },
  { name: "theme", of: ({ themes: [first] }) => (first === undefined ? null : pathOf(first)) },
  /** Every branch that it hangs on, as a JSON list of paths of codes. */
  {
    name: "theme_codes",
    of: ({ themes }) => JSON.stringify(themes.map((path) => path.map(({ code }) => code))),
  },
  { name: "last_update", of: ({ updated }) => updated },
  { name: "last_structure_change", of: ({ structureUpdated }) => structureUpdated },
  { name: "first_period", of: ({ start }) => start },
  { name: "last_period", of: ({ end }) => end },
  { name: "observations", of: ({ values }) => values },
];

function rowsOf(entries: readonly CatalogEntry[]): BatchSource & { close(): void } {
  const columns = COLUMNS.map(({ name }): BatchColumn => ({
    kind: name === "observations" ? "double" : "text",
    name,
  }));
  let at = 0;
  return {
    columns,
    next(batch) {
      const some = entries.slice(at, at + batch.capacity);
      for (const [i, array] of batch.arrays.entries()) {
        const { of } = COLUMNS[i]!;
        for (const [row, entry] of some.entries()) {
          const value = of(entry);
          if (array.kind === "text") array.values[row] = value === null ? null : String(value);
          if (array.kind === "double") {
            array.values[row] = typeof value === "number" ? value : 0;
            array.valid[row] = typeof value === "number" ? 1 : 0;
          }
        }
      }
      at += some.length;
      return some.length;
    },
    close: () => undefined,
  };
}
