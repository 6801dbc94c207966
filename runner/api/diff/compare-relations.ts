import { allRows, checksums, differing, filledOf, hashingOf, rowsOfBuckets } from "./checksums.ts";
import type { Buckets, Rows } from "./checksums.ts";
import { compareInSql } from "./compare-in-sql.ts";
import { rowComparer } from "./compare-rows.ts";
import type { RowsDiff, SharedColumn } from "./compare-rows.ts";
import { compareStreams } from "./read-buckets.ts";

/** Fewer rows than this are read at once: hashing them would take as long. */
const FEW = 20_000;
/** Without a key that both sides hash alike, the keys of all rows must be in memory. */
const MOST_AT_ONCE = 1_000_000;
/** Where hashing is cheap, larger buckets take less memory; over a network, smaller ones move fewer rows. */
const ROWS_OF_A_BUCKET = { own: 1024, portable: 128 };
const MOST_BITS = 17;
/** From so many rows on, a join of those that one session reaches is quicker than reading them. */
const WORTH_A_JOIN = 50_000;
/** Longer lists of buckets are not written into a statement: all are read. */
const MOST_NAMED = 20_000;

export type Compared = { readonly data: RowsDiff | null; readonly why: string | null };

export type Question = {
  readonly shared: readonly SharedColumn[];
  /** How many of them are the key, which stands first. */
  readonly keys: number;
  readonly examples: number;
  /** Of the larger side. */
  readonly rows: number;
};

/**
 * Holds the rows of two relations against each other, with what memory a bucket takes. Each side hashes its own rows and gives a count and a sum for
 * each bucket; only rows of buckets that differ are read, in the order of buckets.
 */
export async function compareRelations(here: Rows, there: Rows, question: Question): Promise<Compared> {
  const { shared, keys, examples, rows } = question;
  const comparer = rowComparer(shared, keys, examples);
  const held = async (
    sql: (rows: Rows) => string,
    isSame: (bucket: number) => boolean,
  ): Promise<RowsDiff> => {
    await compareStreams(here.session.stream(sql(here)), there.session.stream(sql(there)), comparer, isSame);
    return comparer.found();
  };
  const never = (): boolean => false;
  if (rows <= FEW) return { data: await held(allRows, never), why: null };

  const hashing = hashingOf(here, there, shared);
  const isOwn = !("unhashed" in hashing) && hashing.kinds === null;
  const bits = bitsFor(rows, ROWS_OF_A_BUCKET[isOwn ? "own" : "portable"]);
  if ("unhashed" in hashing) {
    const why = `every row was read, as no hash of ${told(hashing.unhashed)} is the same on both sides`;
    const byKey = hashingOf(here, there, shared.slice(0, keys));
    if (!("unhashed" in byKey)) {
      const buckets: Buckets = { hashing: byKey, keys, bits };
      return { data: await held((one) => rowsOfBuckets(one, buckets, null), never), why };
    }
    if (rows <= MOST_AT_ONCE) return { data: await held(allRows, never), why };
    const reason = `more than ${MOST_AT_ONCE} rows, and no hash of the key ${told(byKey.unhashed)} is the same on both sides`;
    return { data: null, why: `${reason}: rows are only counted (--where takes a part, --key another key)` };
  }
  const buckets: Buckets = { hashing, keys, bits };
  const [mine, theirs] = await Promise.all([checksums(here, buckets), checksums(there, buckets)]);
  const filled = filledOf(mine, theirs);
  const found = differing(filled, mine, theirs);
  if (found.length === 0) return { data: comparer.found(), why: null };
  const differ = found.reduce((sum, bucket) => sum + Math.max(bucket.here, bucket.there), 0);
  if (differ >= WORTH_A_JOIN && there.fromOther !== null && canJoin(here, shared, keys)) {
    const joint = { here, there: { ...there, relation: there.fromOther }, shared, buckets };
    const data = await compareInSql(joint, filled, examples);
    if (data !== null) return { data, why: null };
  }
  const only = found.map(({ bucket }) => bucket);
  const wanted = new Set(only);
  const data = await held(
    (one) => rowsOfBuckets(one, buckets, only.length > MOST_NAMED ? null : only),
    (bucket) => !wanted.has(bucket),
  );
  return { data, why: null };
}

const bitsFor = (rows: number, ofABucket: number): number =>
  Math.min(MOST_BITS, Math.ceil(Math.log2(rows / ofABucket)));

/** Whether SQL tells values apart as we do: a document may be written in several ways, and keys must be found by what they are. */
const canJoin = ({ dialect: { checksums } }: Rows, shared: readonly SharedColumn[], keys: number): boolean =>
  shared.every(({ here, there }, i) => {
    const kind = checksums.kindOf(here);
    return kind !== null && (here === there || (i >= keys && kind === checksums.kindOf(there)));
  });

const told = (columns: readonly SharedColumn[]): string =>
  columns
    .map(({ name, here, there }) => `"${name}" (${here === there ? here : `${here}, ${there}`})`)
    .join(", ");
