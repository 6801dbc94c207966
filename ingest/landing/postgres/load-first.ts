import { literal, quoteIdentifier } from "../../../runner/dialects/standard.ts";
import { recordMigration } from "./bookkeeping.ts";
import type { Book } from "./bookkeeping.ts";
import { definition, originColumns, stagingColumns } from "./columns.ts";
import type { StagingColumn } from "./columns.ts";
import type { Session } from "./connection.ts";
import { createBatchIndex, createCellKey } from "./keys.ts";
import type { StagingNames } from "./names.ts";
import { PERIOD_START, addPartitions, hasPeriods, yearsOf } from "./partitions.ts";
import { streamRows } from "./read-rows.ts";
import type { RowStream, RowsRead } from "./read-rows.ts";
import type { StagingEdition, StagingOptions } from "./staging.ts";

/**
 * Makes the table and copies the rows straight into it. Indexes come after the rows, and what is the same in every row
 * comes last, as the default of new columns: PostgreSQL then keeps it once and writes nothing.
 * With its key this takes as long as `\copy` of the same rows takes without any, and half or a third of what it takes with one.
 */
export async function loadFirst(
  session: Session,
  book: Book,
  names: StagingNames,
  edition: StagingEdition,
  options: Pick<StagingOptions, "partitionByPeriod">,
): Promise<RowsRead & { keyColumns: string[] }> {
  const rows = streamRows(edition);
  try {
    return await loadRows(session, book, names, edition, rows, options);
  } finally {
    rows.close();
  }
}

async function loadRows(
  session: Session,
  book: Book,
  names: StagingNames,
  edition: StagingEdition,
  rows: RowStream,
  options: Pick<StagingOptions, "partitionByPeriod">,
): Promise<RowsRead & { keyColumns: string[] }> {
  const columns = stagingColumns(rows.columns, edition.keys);
  const isPartitioned = options.partitionByPeriod === "year" && hasPeriods(rows.columns);
  const partitioning = isPartitioned ? ` partition by range (${quoteIdentifier(PERIOD_START)})` : "";
  await session.query(
    `create table ${names.sql.table} (${columns.map(definition).join(", ")})${partitioning}`,
  );
  if (isPartitioned) await addPartitions(session, names, yearsOf(rows.columns));

  const list = rows.order.map((at) => quoteIdentifier(columns[at]!.name)).join(", ");
  // Nobody sees the table before it is committed, so its rows may be written as old ones, which spares a later vacuum.
  const freeze = isPartitioned ? "" : " with (freeze)";
  await session.copy(`copy ${names.sql.table} (${list}) from stdin${freeze}`, rows.chunks);

  const origin = originColumns(edition);
  const added = origin.map(
    ({ name, type, value }) =>
      `add column ${quoteIdentifier(name)} ${type} not null default ${literal(value)}`,
  );
  const settled = origin.map(({ name }) => `alter column ${quoteIdentifier(name)} drop default`);
  await session.query(`alter table ${names.sql.table} ${added.join(", ")}`);
  await session.query(`alter table ${names.sql.table} ${settled.join(", ")}`);
  const keys = columns.filter(({ isKey }) => isKey);
  await createCellKey(session, names, keys, isPartitioned);
  await createBatchIndex(session, names, edition.batchId);
  await session.query(`analyze ${names.sql.table}`);
  await createRevisions(session, names, columns, edition);
  await recordMigration(session, book, edition, {
    table: names.table,
    change: "create_table",
    name: names.table,
    type: null,
  });
  return { ...rows.read, keyColumns: keys.map(({ name }) => name) };
}

/** Keeps what was replaced. It may be there already: dropping a table keeps its past. */
async function createRevisions(
  session: Session,
  names: StagingNames,
  columns: readonly StagingColumn[],
  edition: StagingEdition,
): Promise<void> {
  const origin = originColumns(edition).map(({ name, type }) => `${quoteIdentifier(name)} ${type}`);
  await session.query(`
    create table if not exists ${names.sql.revisions} (${[...columns.map(definition), ...origin].join(", ")},
      "_change" text not null, "_replaced_by" text not null, "_replaced_by_batch" text not null, "_replaced_at" timestamptz not null)`);
  await addColumns(session, names.sql.revisions, columns);
}

export async function addColumns(
  session: Session,
  table: string,
  columns: readonly StagingColumn[],
): Promise<void> {
  if (columns.length === 0) return;
  const added = columns.map((column) => `add column if not exists ${definition(column)}`);
  await session.query(`alter table ${table} ${added.join(", ")}`);
}
