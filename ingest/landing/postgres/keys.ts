import { literal, quoteIdentifier } from "../../../runner/dialects/standard.ts";
import type { StagingColumn } from "./columns.ts";
import type { Session } from "./connection.ts";
import type { StagingNames } from "./names.ts";

/**
 * No two rows of one cell. The index holds 128 bits of hash instead of the codes: built in a fifth of the time over
 * codes, half as large, and two cells that share one would take 10^19 rows. Tables get it after their rows.
 */
export async function createCellKey(
  session: Session,
  names: StagingNames,
  keys: readonly StagingColumn[],
  isPartitioned: boolean,
): Promise<void> {
  if (keys.length === 0) return;
  // PostgreSQL wants what a table is partitioned by in every unique index; it follows from the cell.
  const parts = [0, 1].map((seed) => `(${hashOf(keys, seed)})`);
  const list = [...parts, ...(isPartitioned ? ["period_start"] : [])].join(", ");
  await session.query(
    `create unique index ${quoteIdentifier(names.keyIndex)} on ${names.sql.table} (${list})`,
  );
}

/** A dimension that came or went is null in the rows of other editions, which never stand beside those of this one. */
function hashOf(keys: readonly StagingColumn[], seed: number): string {
  return keys.reduce(
    (inner, { name }) => `hashtextextended(coalesce(${quoteIdentifier(name)}, ''), ${inner})`,
    `${seed}`,
  );
}

/** Finds the rows of every batch but the first: that is most of the table, where no index helps, and would be most of its cost. */
export async function createBatchIndex(
  session: Session,
  names: StagingNames,
  firstBatch: string,
): Promise<void> {
  const index = quoteIdentifier(names.batchIndex);
  await session.query(
    `create index ${index} on ${names.sql.table} ("_batch_id") where "_batch_id" <> ${literal(firstBatch)}`,
  );
}
