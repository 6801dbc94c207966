import type { Cell } from "./adapter.ts";

/** A cell in words: text as it is, everything else as JSON. */
export const cellText = (cell: Cell | undefined): string =>
  typeof cell === "string" ? cell : JSON.stringify(cell ?? null);

/** The same, where null stays null. */
export const cellTextOrNull = (cell: Cell | undefined): string | null =>
  cell === null || cell === undefined ? null : cellText(cell);
