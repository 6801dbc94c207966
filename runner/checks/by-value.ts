import { addTo } from "../base/group-by.ts";
import type { Cell } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import { QueryError } from "../adapters/query-error.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { TestNode } from "../graph/types.ts";
import type { Asking } from "./asking.ts";
import { countsRows } from "./plan-scan.ts";
import type { ScanMember } from "./plan-scan.ts";

/** Where tests of a column may be judged once for each of its values instead of once for each row. */
export type ByValue = {
  readonly dialect: Dialect;
  /** Whether what is tested is known to be a table; of anything else the engine's plan is asked. */
  readonly isTable: (test: TestNode) => boolean;
  /** Rows from which on it is worth a look. */
  readonly from: number;
};

/** With fewer, nothing takes long. */
export const MANY_ROWS = 1_000_000;
/** Values in a sample of a hundredth, at most. */
const FEW_VALUES = 200;
/** Numbers are compared faster than they are counted. */
const IS_SLOW = /^(varchar|text|char|enum)/i;

/**
 * How many rows fail the tests of columns of text that hold few values, by the test's unique id. The rows are counted by value and the
 * conditions asked of the values: 5 tests of 40 codes in 10 million rows take 64 ms instead of 800. What another column has a say in the engine refuses;
 * that, and what is not here, is looked at row by row.
 */
export async function failuresByValue(
  members: readonly ScanMember[],
  session: Asking,
  { dialect, isTable, from }: ByValue,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const columns = groupsOf(members);
  if (columns.size === 0) return found;
  const { relation } = members[0]!.rows;
  if (!members.every(({ test }) => isTable(test)) && !(await isPlain(relation, session))) return found;
  const counted = (await session.query(`select count(*) from ${relation}`)).rows[0]?.[0];
  if (Number(counted) < from) return found;
  const names = [...columns.keys()].map((name) => dialect.quoteIdentifier(name));
  const looks = names.flatMap((name) => [`count(distinct ${name})`, `any_value(typeof(${name}))`]);
  const sample = await session.query(
    `select ${looks.join(", ")} from (select ${names.join(", ")} from ${relation} using sample 1 percent (system))`,
  );
  for (const [i, [column, group]] of [...columns].entries()) {
    const [values, type] = (sample.rows[0] ?? []).slice(2 * i);
    if (Number(values) > FEW_VALUES || !IS_SLOW.test(cellText(type))) continue;
    const row = await judge(column, group, session, dialect);
    for (const [at, { test }] of row === null ? [] : group.entries())
      found.set(test.uniqueId, Number(row![at] ?? 0));
  }
  return found;
}

/** Whatever is more than to read and to rename would be done once more for each column. */
async function isPlain(relation: string, session: Asking): Promise<boolean> {
  const { rows } = await session.query(`explain select * from ${relation}`);
  const operators = cellText(rows[0]?.[1]).match(/^\u2502\s+([A-Z_]{4,})\s+\u2502/gm) ?? [];
  return (
    operators.length > 0 &&
    operators.every((each) => /PROJECTION|SEQ_SCAN|PARQUET_SCAN|READ_PARQUET/.test(each))
  );
}

/** Tests of single rows, two at least of a column, that look at all rows. */
function groupsOf(members: readonly ScanMember[]): Map<string, ScanMember[]> {
  const groups = new Map<string, ScanMember[]>();
  for (const member of members) {
    const { test, rows } = member;
    const column = test.generic?.columnName ?? null;
    if (column === null || rows.where !== null || rows.scan?.kind !== "rows" || !countsRows(test)) continue;
    addTo(groups, column, member);
  }
  return new Map([...groups].filter(([, group]) => group.length > 1));
}

async function judge(
  column: string,
  group: readonly ScanMember[],
  session: Asking,
  dialect: Dialect,
): Promise<readonly Cell[] | null> {
  const name = dialect.quoteIdentifier(column);
  const sums = group.map(({ rows: { scan } }) =>
    scan?.kind === "rows" ? `sum(case when (${scan.fails}\n) then statloom_rows end)` : "null",
  );
  const values = `select ${name}, count(*) as statloom_rows from ${group[0]!.rows.relation} group by ${name}`;
  try {
    return (await session.query(`select ${sums.join(", ")} from (${values}) as tested`)).rows[0] ?? null;
  } catch (error) {
    if (error instanceof QueryError && error.kind === "sql") return null;
    throw error;
  }
}
