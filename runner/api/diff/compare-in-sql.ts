import type { Cell, Session } from "../../adapters/adapter.ts";
import { bucketed } from "./checksums.ts";
import type { Buckets, Filled, Rows } from "./checksums.ts";
import type { ColumnDiff, RowsDiff, SharedColumn } from "./compare-rows.ts";

/** Rows of a side that are joined at a time: what memory that takes does not depend on how many there are. */
const ROWS_OF_A_SLICE = 1_000_000;

/** Two relations that the session of `here` reads. */
export type Joint = {
  readonly here: Rows;
  readonly there: Rows;
  readonly shared: readonly SharedColumn[];
  readonly buckets: Buckets;
};
type Row = readonly Cell[];

/**
 * Joins the two by their keys, a slice of buckets at a time; `filled` has all buckets. null: a key is there twice, which a join would take for
 * many rows.
 */
export async function compareInSql(joint: Joint, filled: Filled, examples: number): Promise<RowsDiff | null> {
  const { here, shared, buckets } = joint;
  const onlyHere = { count: 0, examples: [] as Row[] };
  const onlyThere = { count: 0, examples: [] as Row[] };
  const columns = shared
    .slice(buckets.keys)
    .map(({ name }) => ({ column: name, count: 0, examples: [] as Example[] }));
  let changedRows = 0;

  for (const slice of slicesOf(filled)) {
    const { session } = here;
    const from = joined(joint, slice);
    const differs = columns.map((_, i) => isOther(here, shared, buckets.keys + i));
    const isChanged = `${BOTH} and (${["false", ...differs].join(" or ")})`;
    const tests = [ONLY_HERE, ONLY_THERE, BOTH, isChanged, ...differs.map((other) => `${BOTH} and ${other}`)];
    const counts = await numbers(
      session,
      `select ${tests.map((test) => `count(*) filter (where ${test})`).join(", ")} from ${from}`,
    );
    const [mine = 0, theirs = 0, both = 0, changed = 0, ...each] = counts;
    if (both !== slice.here - mine || both !== slice.there - theirs) return null;

    const first = async (wanted: string, test: string, most: number): Promise<readonly Row[]> =>
      most <= 0
        ? []
        : (await session.query(`select ${wanted} from ${from} where ${test} limit ${most}`)).rows;
    const missing = (found: readonly unknown[], count: number): number =>
      Math.min(count, examples - found.length);
    const key = (side: string): string =>
      shared
        .slice(0, buckets.keys)
        .map((_, i) => `${side}.c${i}`)
        .join(", ");

    onlyHere.count += mine;
    onlyHere.examples.push(...(await first(key("here"), ONLY_HERE, missing(onlyHere.examples, mine))));
    onlyThere.count += theirs;
    onlyThere.examples.push(...(await first(key("there"), ONLY_THERE, missing(onlyThere.examples, theirs))));
    changedRows += changed;
    for (const [i, column] of columns.entries()) {
      const at = buckets.keys + i;
      const rows = await first(
        `${key("here")}, here.c${at}, there.c${at}`,
        `${BOTH} and ${differs[i]}`,
        missing(column.examples, each[i]!),
      );
      column.count += each[i]!;
      column.examples.push(
        ...rows.map((row) => ({
          key: row.slice(0, buckets.keys),
          here: row.at(-2) ?? null,
          there: row.at(-1) ?? null,
        })),
      );
    }
  }
  const changed = columns.filter(({ count }) => count > 0);
  return { onlyHere, onlyThere, changedRows, duplicates: 0, read: 0, changed };
}

type Example = ColumnDiff["examples"][number];

const ONLY_HERE = "there.is_there is null";
const ONLY_THERE = "here.is_there is null";
const BOTH = "here.is_there and there.is_there";

/** Both sides in the place of a table: their columns as `c0`, `c1` …, those of no row of the other null. */
function joined({ here, there, shared, buckets }: Joint, { from, to }: Slice): string {
  const side = (rows: Rows, alias: string): string => {
    const names = shared.map((_, i) => `c${i}`).join(", ");
    return `(select ${names}, true as is_there from ${bucketed(rows, buckets)} where statloom_bucket between ${from} and ${to}) as ${alias}`;
  };
  const keys = shared.slice(0, buckets.keys).map((_, i) => `c${i}`);
  return `${side(here, "here")} full join ${side(there, "there")} on ${here.dialect.sameRow("here", "there", keys)}`;
}

/** Texts may be of types that are not compared with each other. */
function isOther({ dialect }: Rows, shared: readonly SharedColumn[], at: number): string {
  const column = shared[at]!;
  const isText = dialect.checksums.kindOf(column.here) === "text" && column.here !== column.there;
  const [here, there] = ["here", "there"].map((side) =>
    isText ? `cast(${side}.c${at} as ${dialect.type("text")})` : `${side}.c${at}`,
  );
  return `${here} is distinct from ${there}`;
}

type Slice = { readonly from: number; readonly to: number; readonly here: number; readonly there: number };

/** Ranges of buckets, both ends within, with what rows they have. */
function slicesOf(filled: Filled): Slice[] {
  const slices: Slice[] = [];
  for (const { bucket, here, there } of filled) {
    const last = slices.at(-1);
    if (last === undefined || Math.max(last.here + here, last.there + there) > ROWS_OF_A_SLICE)
      slices.push({ from: bucket, to: bucket, here, there });
    else
      slices[slices.length - 1] = { ...last, to: bucket, here: last.here + here, there: last.there + there };
  }
  return slices;
}

async function numbers(session: Session, sql: string): Promise<number[]> {
  return (await session.query(sql)).rows[0]!.map(Number);
}
