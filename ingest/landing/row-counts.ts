import { NULL_CODE } from "./batch-source.ts";
import type { Batch, BatchColumn } from "./batch-source.ts";

export type RowCounts = {
  rows: number;
  /** Rows with a number, with a text instead of one, with a status or a confidentiality. */
  numbers: number;
  texts: number;
  statuses: number;
};

/** Counts numbers in `value`, texts in `value_text`, and rows with a `status` or a `confidentiality`. */
export function createCounters(columns: readonly BatchColumn[]) {
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const [value, text] = [at("value"), at("value_text")];
  const marks = ["status", "confidentiality"].map(at).filter((column) => {
    const found = columns[column];
    return found?.kind === "code" && found.codes.length > 0;
  });
  const totals: RowCounts = { rows: 0, numbers: 0, texts: 0, statuses: 0 };
  return {
    totals: totals as Readonly<RowCounts>,
    add(batch: Batch, rows: number): void {
      totals.rows += rows;
      const numbers = batch.arrays[value];
      if (numbers?.kind === "double") totals.numbers += countOnes(numbers.valid, rows);
      const texts = batch.arrays[text];
      if (texts?.kind === "text") totals.texts += countTexts(texts.values, rows);
      const coded = marks.flatMap((column) => {
        const array = batch.arrays[column];
        return array?.kind === "code" ? [array.indices] : [];
      });
      totals.statuses += countMarked(coded, rows);
    },
  };
}

function countOnes(valid: Uint8Array, rows: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) count += valid[row]!;
  return count;
}

function countTexts(values: readonly (string | null)[], rows: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (values[row] !== null) count++;
  return count;
}

/** Rows where at least one of the columns holds a code. */
function countMarked([first, second]: readonly Uint32Array[], rows: number): number {
  if (first === undefined) return 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (first[row] !== NULL_CODE || (second !== undefined && second[row] !== NULL_CODE)) count++;
  }
  return count;
}
