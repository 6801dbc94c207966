import type { Cell } from "../../adapters/adapter.ts";
import { cellText } from "../../adapters/cell-text.ts";

type Row = readonly Cell[];
/** A row of each side that belong together and differ; or a row of one side alone. */
export type RowDifference = { readonly expected: Row | null; readonly actual: Row | null };

/**
 * Where two lists of rows differ, however they are ordered; a row that is there twice must be expected twice. What is left over on both sides
 * is paired by how many cells agree, so that one wrong cell is seen as one wrong cell.
 */
export function compareRows(expected: readonly Row[], actual: readonly Row[]): readonly RowDifference[] {
  const missing = leftOver(expected, actual);
  const surplus = leftOver(actual, expected);
  const differences: RowDifference[] = [];
  for (const row of missing) {
    const agreeing = surplus.map((other) => row.filter((cell, i) => same(cell, other[i])).length);
    const most = Math.max(0, ...agreeing);
    const at = most === 0 ? -1 : agreeing.indexOf(most);
    differences.push({ expected: row, actual: at === -1 ? null : surplus.splice(at, 1)[0]! });
  }
  return [...differences, ...surplus.map((row) => ({ expected: null, actual: row }))];
}

function leftOver(rows: readonly Row[], others: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(keyOf(row)) ?? 0;
    counts.set(keyOf(row), count - 1);
    return count <= 0;
  });
}

const keyOf = (row: Row): string => JSON.stringify(row);
const same = (a: Cell | undefined, b: Cell | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Rows that are shown; a wrong model may return millions. */
const SHOWN = 20;

/** A table of the differing rows: `2.5 → 3` in the cells that differ (expected, then found), `-` before what is missing, `+` before what is too much. */
export function differenceTable(columns: readonly string[], differences: readonly RowDifference[]): string {
  const rows = differences.slice(0, SHOWN).map(({ expected, actual }) => {
    if (expected === null) return ["+", ...actual!.map(shown)];
    if (actual === null) return ["-", ...expected.map(shown)];
    return [
      "→",
      ...expected.map((cell, i) =>
        same(cell, actual[i]) ? shown(cell) : `${shown(cell)} → ${shown(actual[i] ?? null)}`,
      ),
    ];
  });
  const table = [["@@", ...columns], ...rows];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
  const more = differences.length - SHOWN;
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

/** Text that could be taken for something else is quoted. */
const shown = (cell: Cell): string =>
  typeof cell === "string" && (cell === "" || /^(null|true|false)$|^\s|\s$|\u2192/.test(cell))
    ? JSON.stringify(cell)
    : cellText(cell);

/** `1 row differs, 2 are missing, 1 is too many` */
export function differenceSummary(differences: readonly RowDifference[]): string {
  const count = (test: (difference: RowDifference) => boolean): number => differences.filter(test).length;
  const parts = [
    [count(({ expected, actual }) => expected !== null && actual !== null), "differs", "differ"],
    [count(({ actual }) => actual === null), "is missing", "are missing"],
    [count(({ expected }) => expected === null), "is too many", "are too many"],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, one, many], i) => `${n}${i === 0 ? (n === 1 ? " row" : " rows") : ""} ${n === 1 ? one : many}`)
    .join(", ");
}
