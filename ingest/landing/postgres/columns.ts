import { OperationError } from "../../../runner/base/errors.ts";
import { printable } from "../../../runner/base/text.ts";
import { literal, quoteIdentifier } from "../../../runner/dialects/standard.ts";
import type { BatchColumn } from "../batch-source.ts";
import type { Session } from "./connection.ts";
import { columnNames } from "./names.ts";
import type { StagingNames } from "./names.ts";
import type { StagingEdition } from "./staging.ts";

/** A column of a staging table. `name` is quoted wherever it goes into SQL; `type` is as PostgreSQL prints it. */
export type StagingColumn = { readonly name: string; readonly type: string; readonly isKey: boolean };

/** A table as it stands: its columns without those that start with `_`, in their order. */
export type StandingTable = { readonly isPartitioned: boolean; readonly columns: readonly StagingColumn[] };

/** Codes are compared byte by byte: faster than by the rules of a language, and the same on every server. */
const TEXT = 'text collate "C"';

export function stagingColumns(columns: readonly BatchColumn[], keys: readonly string[]): StagingColumn[] {
  const names = columnNames(columns.map(({ name }) => name));
  return columns.map((column, i) => ({
    name: names[i]!,
    type: typeOf(column),
    isKey: keys.includes(column.name),
  }));
}

function typeOf(column: BatchColumn): string {
  switch (column.kind) {
    case "code":
    case "text":
      return "text";
    case "double":
      return "double precision";
    case "derived":
      return column.type === "date" ? "date" : "text";
  }
}

export const definition = ({ name, type }: StagingColumn): string =>
  `${quoteIdentifier(name)} ${type === "text" ? TEXT : type}`;

/** What stands in every row of a batch: columns, their types and values. */
export function originColumns(edition: StagingEdition): { name: string; type: string; value: string }[] {
  return [
    { name: "_dataset", type: TEXT, value: edition.dataset },
    { name: "_publisher", type: TEXT, value: edition.publisher },
    { name: "_vintage", type: TEXT, value: edition.vintage },
    { name: "_extracted_at", type: "timestamptz", value: edition.extractedAt },
    { name: "_source", type: TEXT, value: edition.source.replaceAll("\0", "�") },
    { name: "_batch_id", type: TEXT, value: edition.batchId },
  ];
}

export async function readTable(
  session: Session,
  names: StagingNames,
  keys: readonly string[],
): Promise<StandingTable | undefined> {
  const rows = await session.query<{ kind: string; name: string; type: string }>(`
    select c.relkind as kind, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname = ${literal(names.schema)} and c.relname = ${literal(names.table)}
    order by a.attnum`);
  if (rows.length === 0) return undefined;
  const columns = rows
    .filter(({ name }) => !name.startsWith("_"))
    .map(({ name, type }) => ({ name, type, isKey: keys.includes(name) }));
  return { isPartitioned: rows[0]!.kind === "p", columns };
}

/** Columns of an edition that a table does not have yet. A column whose type has changed is an OperationError. */
export function newColumns(
  table: StandingTable,
  columns: readonly StagingColumn[],
  names: StagingNames,
): StagingColumn[] {
  return columns.filter((column) => {
    const standing = table.columns.find(({ name }) => name === column.name);
    if (standing !== undefined && standing.type !== column.type) {
      throw new OperationError(
        "COLUMN_CHANGED",
        `"${printable(column.name)}" of ${names.schema}.${names.table} is ${standing.type}, and ${column.type} in this edition`,
        { hint: "rename the table to keep what it holds; the next load makes a new one" },
      );
    }
    return standing === undefined;
  });
}
