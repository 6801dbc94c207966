import type { Cell } from "../adapters/adapter.ts";
import type { TestNode, TestScan } from "../graph/types.ts";
import type { TestedRows } from "../plan/tested-rows.ts";
import type { Found } from "./judge.ts";

export type ScanMember = { readonly test: TestNode; readonly rows: TestedRows };

/** What one pass tells of a test; `failures` null: its own query has to tell. */
export type ScanFound = Omit<Found, "failures"> & { readonly failures: number | null };

/**
 * One query that looks at a relation once for many tests. All members have the same relation; those that measure the whole of it have
 * the same `where` too. Of tests that it does not judge it only counts rows and measures.
 */
export type ScanPlan = {
  readonly query: string;
  /** What the one row of the result means, in the order of the members. */
  readonly read: (row: readonly Cell[]) => ScanFound[];
};

export function planScan(members: readonly ScanMember[], judges: (test: TestNode) => boolean): ScanPlan {
  const inner = new Columns();
  const outer = new Columns();
  const { relation } = members[0]!.rows;
  const filter = members.every(isWhole) ? members[0]!.rows.where : null;
  let keys = 0;
  const readers = members.map(({ test, rows: { where, scan } }): ((row: readonly Cell[]) => ScanFound) => {
    const within = filter === null ? where : null;
    const count = (condition: string | null): number =>
      outer.add(
        `scanned.${inner.name(condition === null && within === null ? "count(*)" : `count(${guarded(within, condition)})`)}`,
      );
    const rowsChecked = count(null);
    const isCounting = judges(test) && countsRows(test);
    if (scan?.kind === "rows" && isCounting) {
      const failing = count(scan.fails);
      return (row) => ({
        rowsChecked: number(row[rowsChecked]),
        measured: null,
        failures: failuresOf(test, scan, number(row[failing]) ?? 0),
      });
    }
    if (scan?.kind === "whole") {
      const measure = `scanned.${inner.name(scan.measure)}`;
      const measured = outer.add(measure);
      const judged = `(select count(case when (${scan.fails}\n) then 1 end) from (select ${measure} as measured) as checked)`;
      const failing = isCounting ? outer.add(judged) : null;
      return (row) => ({
        rowsChecked: number(row[rowsChecked]),
        measured: number(row[measured]),
        failures: failing === null ? null : number(row[failing]),
      });
    }
    // A set of all keys is what costs memory here: one at a time, the others ask for themselves.
    if (scan?.kind === "key" && isCounting && keys++ === 0) {
      const key = guarded(within, null, scan.key);
      const given = outer.add(`scanned.${inner.name(`count(${key})`)}`);
      const distinct = outer.add(`scanned.${inner.name(`count(distinct ${key})`)}`);
      return (row) => ({
        rowsChecked: number(row[rowsChecked]),
        measured: null,
        // How many keys are there twice is more than this tells.
        failures: number(row[given]) === number(row[distinct]) ? 0 : null,
      });
    }
    return (row) => ({ rowsChecked: number(row[rowsChecked]), measured: null, failures: null });
  });
  const from = filter === null ? relation : `(select * from ${relation} where ${filter}\n)`;
  const query = `select\n  ${outer.list(false)}\nfrom (\n  select\n  ${inner.list(true)}\n  from ${from} as tested\n) as scanned`;
  return { query, read: (row) => readers.map((reader) => reader(row)) };
}

export const isWhole = ({ rows: { scan } }: ScanMember): boolean => scan?.kind === "whole";

/** What so many rows that must not be come to; null: its own query has to tell. */
export function failuresOf({ config }: TestNode, scan: TestScan | null, rows: number): number | null {
  if (scan?.kind === "rows" && scan.counts) return Math.min(rows, config.limit ?? rows);
  return rows === 0 ? 0 : null;
}

/** Whether failures are rows, and nothing that somebody computes of them. */
export const countsRows = ({ config }: TestNode): boolean => COUNT_ROWS.test(config.fail_calc);

const COUNT_ROWS = /^\s*count\s*\(\s*\*\s*\)\s*$/i;

/** Rows outside the `where` are not looked at; what a condition says on them may even be an error. */
function guarded(where: string | null, condition: string | null, value = "1"): string {
  const then = condition === null ? value : `case when (${condition}\n) then ${value} end`;
  return where === null ? then : `case when (${where}\n) then ${then} end`;
}

const number = (cell: Cell | undefined): number | null =>
  cell === null || cell === undefined || !Number.isFinite(Number(cell)) ? null : Number(cell);

/** Expressions of a select list, each once. */
class Columns {
  readonly #positions = new Map<string, number>();

  /** Position of the expression in the result, from 0. */
  add(expression: string): number {
    const known = this.#positions.get(expression) ?? this.#positions.size;
    this.#positions.set(expression, known);
    return known;
  }
  name(expression: string): string {
    return `c${this.add(expression)}`;
  }
  list(named: boolean): string {
    return [...this.#positions]
      .map(([expression, at]) => (named ? `${expression} as c${at}` : expression))
      .join(",\n  ");
  }
}
