import type { Cell, ResultTable } from "../../adapters/adapter.ts";

/** Rows of two relations held against each other by their key. Keys are cells in the order of the key's columns. */
export type RowsDiff = {
  readonly onlyHere: Found;
  readonly onlyThere: Found;
  /** Rows of one key with other values. */
  readonly changedRows: number;
  /** By column, those without a change left out. */
  readonly changed: readonly ColumnDiff[];
  /** Rows whose key another row of the same side has: they are compared with one of them. */
  readonly duplicates: number;
};
export type Found = { readonly count: number; readonly examples: readonly (readonly Cell[])[] };
export type ColumnDiff = {
  readonly column: string;
  readonly count: number;
  readonly examples: readonly { readonly key: readonly Cell[]; readonly here: Cell; readonly there: Cell }[];
};

/** Both tables have the same columns in the same order, the key's first. */
export function compareRows(here: ResultTable, there: ResultTable, keys: number, examples: number): RowsDiff {
  const byKey = new Map<string, readonly Cell[]>();
  let duplicates = 0;
  const readers = here.columns.map(({ type }, i) => readerOf(type, there.columns[i]?.type ?? ""));
  const keyOf = (row: readonly Cell[]): string =>
    JSON.stringify(row.slice(0, keys).map((cell, i) => readers[i]!(cell)));
  for (const row of there.rows) {
    const key = keyOf(row);
    if (byKey.has(key)) duplicates++;
    byKey.set(key, row);
  }
  const columns = here.columns
    .slice(keys)
    .map(({ name }) => ({ column: name, count: 0, examples: [] as Example[] }));
  const onlyHere = { count: 0, examples: [] as (readonly Cell[])[] };
  const met = new Set<string>();
  let changedRows = 0;
  for (const row of here.rows) {
    const key = keyOf(row);
    if (met.has(key)) duplicates++;
    met.add(key);
    const other = byKey.get(key);
    if (other === undefined) {
      if (onlyHere.count++ < examples) onlyHere.examples.push(row.slice(0, keys));
      continue;
    }
    let isChanged = false;
    columns.forEach((column, i) => {
      const [mine, theirs] = [row[keys + i] ?? null, other[keys + i] ?? null];
      if (isSame(mine, theirs, readers[keys + i]!)) return;
      isChanged = true;
      if (column.count++ < examples)
        column.examples.push({ key: row.slice(0, keys), here: mine, there: theirs });
    });
    if (isChanged) changedRows++;
  }
  const onlyThere = { count: 0, examples: [] as (readonly Cell[])[] };
  for (const [key, row] of byKey) {
    if (met.has(key)) continue;
    if (onlyThere.count++ < examples) onlyThere.examples.push(row.slice(0, keys));
  }
  return { onlyHere, onlyThere, changedRows, duplicates, changed: columns.filter(({ count }) => count > 0) };
}

type Example = ColumnDiff["examples"][number];

type Read = (cell: Cell) => Cell;

/**
 * What a cell says, however an engine writes it: `1.50` and 1.5 are one number, `{"a":1}` and `{"a": 1}` one document. Texts say what they are:
 * `007` is not `7`.
 */
function readerOf(here: string, there: string): Read {
  const either = (pattern: RegExp): boolean => pattern.test(here) || pattern.test(there);
  if (either(/^jsonb?$/i)) return parsed;
  return either(/int|decimal|numeric|double|real|float|bignum/i) ? plain : (cell) => cell;
}

/** Numbers of more digits than a number holds stay texts. */
function plain(cell: Cell): Cell {
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(plain);
  if (typeof cell !== "string" || !/^-?\d+(?:\.\d+)?$/.test(cell)) return cell;
  const bare = cell.includes(".") ? cell.replace(/\.?0+$/, "") : cell;
  return bare.replace(/\D/g, "").length <= 15 ? Number(bare) : bare;
}

function parsed(cell: Cell): Cell {
  if (typeof cell !== "string") return cell;
  try {
    return sorted(JSON.parse(cell) as Cell);
  } catch {
    return cell;
  }
}

function sorted(cell: Cell): Cell {
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(sorted);
  if (cell === null || typeof cell !== "object") return cell;
  const entries = Object.entries(cell).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}

function isSame(here: Cell, there: Cell, read: Read): boolean {
  if (here === there) return true;
  const [a, b] = [read(here), read(there)];
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
