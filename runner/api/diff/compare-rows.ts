import type { Cell } from "../../adapters/adapter.ts";
import { readerOf } from "./read-cell.ts";
import type { Read } from "./read-cell.ts";

/** Rows of two relations held against each other by their key. Keys are cells in the order of the key's columns. */
export type RowsDiff = {
  readonly onlyHere: Found;
  readonly onlyThere: Found;
  /** Rows of one key with other values. */
  readonly changedRows: number;
  /** By column, those without a change left out. */
  readonly changed: readonly ColumnDiff[];
  /** Rows whose key another row of the same side has, of those that were held against each other: they are compared with one of them. */
  readonly duplicates: number;
  /** Rows of both sides that were read here; what is known of the others their warehouses told. */
  readonly read: number;
};
export type Found = { readonly count: number; readonly examples: readonly (readonly Cell[])[] };
export type ColumnDiff = {
  readonly column: string;
  readonly count: number;
  readonly examples: readonly { readonly key: readonly Cell[]; readonly here: Cell; readonly there: Cell }[];
};

/** A column of both sides, with its type on each. */
export type SharedColumn = { readonly name: string; readonly here: string; readonly there: string };

type Row = readonly Cell[];
type Example = ColumnDiff["examples"][number];

/** Takes rows of both sides, a bucket after the other; of a bucket all of there before those of here. */
export type RowComparer = {
  there(row: Row): void;
  here(row: Row): void;
  /** No more rows have a key that has been met. */
  settle(): void;
  found(): RowsDiff;
};

/** Rows have the columns in their order, the key's first. Examples are the first `examples` of each kind. */
export function rowComparer(shared: readonly SharedColumn[], keys: number, examples: number): RowComparer {
  const readers = shared.map(({ here, there }) => readerOf(here, there));
  const columns = shared
    .slice(keys)
    .map(({ name }) => ({ column: name, count: 0, examples: [] as Example[] }));
  const onlyHere = { count: 0, examples: [] as Row[] };
  const onlyThere = { count: 0, examples: [] as Row[] };
  const byKey = new Map<string, Row>();
  const met = new Set<string>();
  let duplicates = 0;
  let read = 0;
  let changedRows = 0;
  const keyOf = (row: Row): string => JSON.stringify(row.slice(0, keys).map((cell, i) => readers[i]!(cell)));
  const note = (found: typeof onlyHere, row: Row): void => {
    if (found.count++ < examples) found.examples.push(row.slice(0, keys));
  };
  return {
    there(row) {
      read++;
      const key = keyOf(row);
      if (byKey.has(key)) duplicates++;
      byKey.set(key, row);
    },
    here(row) {
      read++;
      const key = keyOf(row);
      if (met.has(key)) duplicates++;
      met.add(key);
      const other = byKey.get(key);
      if (other === undefined) return note(onlyHere, row);
      let isChanged = false;
      columns.forEach((column, i) => {
        const [mine, theirs] = [row[keys + i] ?? null, other[keys + i] ?? null];
        if (isSame(mine, theirs, readers[keys + i]!)) return;
        isChanged = true;
        if (column.count++ < examples)
          column.examples.push({ key: row.slice(0, keys), here: mine, there: theirs });
      });
      if (isChanged) changedRows++;
    },
    settle() {
      for (const [key, row] of byKey) if (!met.has(key)) note(onlyThere, row);
      byKey.clear();
      met.clear();
    },
    found() {
      const changed = columns.filter(({ count }) => count > 0);
      return { onlyHere, onlyThere, changedRows, duplicates, read, changed };
    },
  };
}

function isSame(here: Cell, there: Cell, read: Read): boolean {
  if (here === there) return true;
  const [a, b] = [read(here), read(there)];
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
