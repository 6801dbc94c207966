import type { Cell } from "../../adapters/adapter.ts";

export type Read = (cell: Cell) => Cell;

/**
 * What a cell says, however an engine writes it: `1.50` and 1.5 are one number, `{"a":1}` and `{"a": 1}` one document. Texts say what they are:
 * `007` is not `7`. Takes the types of both sides.
 */
export function readerOf(here: string, there: string): Read {
  const either = (pattern: RegExp): boolean => pattern.test(here) || pattern.test(there);
  if (either(/^jsonb?$/i)) return parsed;
  if (either(/^(?:double|float|real)/i)) return nearest;
  if (either(/int|decimal|numeric|double|real|float|bignum/i)) return plain;
  // Blanks at the end fill the length and say nothing.
  if (either(/^character(?:\(|$)/))
    return (cell) => (typeof cell === "string" ? cell.replace(/ +$/, "") : cell);
  return either(/^(?:date|timestamp)/i) ? beforeChrist : (cell) => cell;
}

/** As the number of a machine that is nearest. */
const nearest: Read = (cell) => (typeof cell === "string" && /^[-+.\de]+$/i.test(cell) ? Number(cell) : cell);

/** Numbers of more digits than a number holds stay texts. */
function plain(cell: Cell): Cell {
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(plain);
  if (typeof cell !== "string" || !/^-?\d+(?:\.\d+)?$/.test(cell)) return cell;
  const bare = cell.includes(".") ? cell.replace(/\.?0+$/, "") : cell;
  return bare.replace(/\D/g, "").length <= 15 ? Number(bare) : bare;
}

/** DuckDB sets it in parentheses, behind the day. */
const beforeChrist: Read = (cell) =>
  typeof cell === "string" && cell.endsWith(")") ? cell.replace(/^(\S+) \(BC\)(.*)$/, "$1$2 BC") : cell;

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
