import type { Session } from "../../adapters/adapter.ts";
import { cellText } from "../../adapters/cell-text.ts";
import { commonKind } from "../../dialects/checksums.ts";
import type { ValueKind } from "../../dialects/checksums.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { enclose } from "../../dialects/standard.ts";
import type { SharedColumn } from "./compare-rows.ts";

/** The rows of one side that are compared. */
export type Rows = {
  readonly session: Session;
  readonly dialect: Dialect;
  /** Quoted. */
  readonly relation: string;
  /** In the order in which they are compared, the key's first; names quoted as this side spells them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly where: string | undefined;
  /** The same relation, quoted, as the session of the other side reads it; null: it does not reach it. */
  readonly fromOther: string | null;
};

/** How the rows of two relations are hashed, so that equal rows have equal hashes on both sides. */
export type Hashing = {
  /** null: by what this engine alone has, as both sides are the same one. */
  readonly kinds: readonly ValueKind[] | null;
};

/** Columns in the way of a hash: of no kind that both engines have. */
export type Unhashed = { readonly unhashed: readonly SharedColumn[] };

export function hashingOf(here: Rows, there: Rows, shared: readonly SharedColumn[]): Hashing | Unhashed {
  const isOneEngine = here.dialect.name === there.dialect.name;
  if (isOneEngine && shared.every((column) => column.here === column.there)) return { kinds: null };
  const kinds = shared.map((column) =>
    commonKind(here.dialect.checksums.kindOf(column.here), there.dialect.checksums.kindOf(column.there)),
  );
  const unhashed = shared.filter((_, i) => kinds[i] === null);
  return unhashed.length > 0 ? { unhashed } : { kinds: kinds.filter((kind) => kind !== null) };
}

/** An expression: the hash of the first `count` columns of a row. */
function hashOf({ dialect, columns }: Rows, { kinds }: Hashing, count: number): string {
  const first = columns.slice(0, count);
  if (kinds === null) return dialect.checksums.ownHash(first);
  return dialect.checksums.hash(first.map((column, i) => ({ ...column, kind: kinds[i]! })));
}

const condition = ({ where }: Rows): string => (where === undefined ? "" : ` where ${enclose(where)}`);

export async function countRows(rows: Rows): Promise<number> {
  const { rows: found } = await rows.session.query(`select count(*) from ${rows.relation}${condition(rows)}`);
  return Number(found[0]?.[0]);
}

/** Which rows belong together: those whose keys have some bits of their hash in common. */
export type Buckets = { readonly hashing: Hashing; readonly keys: number; readonly bits: number };

const bucketOf = (rows: Rows, { hashing, keys, bits }: Buckets): string =>
  rows.dialect.checksums.bucket(hashOf(rows, hashing, keys), bits);

/** What stands for the rows of a bucket: how many there are, and the sum of their hashes. */
export type Sum = { readonly count: number; readonly sum: string };
/** How many rows of both sides are in a bucket; all that have any, in their order. */
export type Filled = readonly { readonly bucket: number; readonly here: number; readonly there: number }[];

export async function checksums(rows: Rows, buckets: Buckets): Promise<Map<number, Sum>> {
  const hash = hashOf(rows, buckets.hashing, rows.columns.length);
  const { rows: sums } = await rows.session.query(
    `select bucket, count(*), cast(sum(hash) as ${rows.dialect.type("text")})
from (select ${bucketOf(rows, buckets)} as bucket, ${hash} as hash from ${rows.relation}${condition(rows)}) as hashed
group by bucket`,
  );
  return new Map(
    sums.map(([bucket, count, sum]) => [Number(bucket), { count: Number(count), sum: cellText(sum) }]),
  );
}

type Sums = ReadonlyMap<number, Sum>;

export const filledOf = (here: Sums, there: Sums): Filled =>
  [...new Set([...here.keys(), ...there.keys()])]
    .toSorted((a, b) => a - b)
    .map((bucket) => ({
      bucket,
      here: here.get(bucket)?.count ?? 0,
      there: there.get(bucket)?.count ?? 0,
    }));

/** Buckets of which the two sides tell different sums, or which one of them lacks. */
export const differing = (filled: Filled, here: Sums, there: Sums): Filled =>
  filled.filter(({ bucket }) => {
    const [mine, theirs] = [here.get(bucket), there.get(bucket)];
    return mine?.count !== theirs?.count || mine?.sum !== theirs?.sum;
  });

/** A query of all rows, and of the bucket of each behind them, which is 0 where there are none. */
export const allRows = (rows: Rows): string =>
  `select ${rows.columns.map(({ name }) => name).join(", ")}, 0 from ${rows.relation}${condition(rows)}`;

/** The rows in the place of a table: columns as `c0`, `c1` …, and `statloom_bucket`. */
export function bucketed(rows: Rows, buckets: Buckets): string {
  const names = rows.columns.map(({ name }, i) => `${name} as c${i}`).join(", ");
  return `(select ${names}, ${bucketOf(rows, buckets)} as statloom_bucket from ${rows.relation}${condition(rows)}) as in_buckets`;
}

/** A query of the rows of some buckets, or of all, in their order. */
export function rowsOfBuckets(rows: Rows, buckets: Buckets, only: readonly number[] | null): string {
  const chosen = only === null ? "" : `\nwhere statloom_bucket in (${only.join(", ")})`;
  return `select ${rows.columns.map((_, i) => `c${i}`).join(", ")}, statloom_bucket
from ${bucketed(rows, buckets)}${chosen}
order by statloom_bucket`;
}
