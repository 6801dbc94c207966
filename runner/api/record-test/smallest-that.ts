import type { JsonObject } from "../../base/json.ts";
import type { GivenRows } from "./draft.ts";

/** Tries are cheap and not free: with so many, what is left may hold a row too much. */
const TRIES = 400;

/** Takes away rows, in ever smaller pieces, and then columns, for as long as `holds` of the rest. */
export async function smallestThat(
  all: GivenRows,
  holds: (part: GivenRows) => Promise<boolean>,
): Promise<GivenRows> {
  let best = all;
  let tries = 0;
  const attempt = async (input: string, rows: readonly JsonObject[]): Promise<boolean> => {
    if (tries++ >= TRIES) return false;
    const part = new Map(best).set(input, rows);
    if (!(await holds(part))) return false;
    best = part;
    return true;
  };
  for (const input of all.keys()) {
    for (let size = best.get(input)!.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < best.get(input)!.length;) {
        const rows = best.get(input)!;
        if (!(await attempt(input, rows.toSpliced(from, size)))) from += size;
      }
    }
  }
  for (const input of all.keys()) {
    const columns = new Set(best.get(input)!.flatMap((row) => Object.keys(row)));
    for (const column of columns) {
      const rows = best
        .get(input)!
        .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== column)));
      // A row without any column would be no row.
      if (rows.every((row) => Object.keys(row).length > 0)) await attempt(input, rows);
    }
  }
  return best;
}
