import type { Dialect, PortableType, SqlValue } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";
import { META_SCHEMA } from "./meta-tables.ts";

/** A table of notes: its name in the schema `meta`, and its columns in order. */
export type MetaTable = {
  readonly relation: Relation;
  readonly columns: readonly (readonly [name: string, type: PortableType])[];
};

export const metaTable = (identifier: string, columns: MetaTable["columns"]): MetaTable => ({
  relation: { database: null, schema: META_SCHEMA, identifier },
  columns,
});

/** Makes the table where it is missing. */
export const createMetaTable = ({ relation, columns }: MetaTable, dialect: Dialect): string =>
  `create table if not exists ${dialect.quoteRelation(relation)} (\n${columns
    .map(([name, type]) => `  ${name} ${dialect.type(type)}`)
    .join(",\n")}\n)`;

/** Rows of one statement: engines read long lists of values slowly. */
const CHUNK = 1000;

/** Statements that add rows; instants are texts, which engines read as the column wants them. */
export function insertMetaRows(
  { relation, columns }: MetaTable,
  rows: readonly (readonly SqlValue[])[],
  dialect: Dialect,
): string[] {
  const into = `insert into ${dialect.quoteRelation(relation)} (${columns.map(([name]) => name).join(", ")})`;
  const types = columns.map(([, type]) => type);
  const statements: string[] = [];
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK).map((row) => row.map(storable));
    statements.push(`${into}\n${dialect.rowsOf(types, chunk)}`);
  }
  return statements;
}

/** What no statement can hold would lose the whole record. */
const storable = (value: SqlValue): SqlValue =>
  typeof value === "string" ? value.replaceAll("\0", "�") : value;

/** An ISO 8601 instant in UTC as the column of a table has it: `2025-05-01 10:00:00.123`. */
export const instantCell = (iso: string): string => iso.replace("T", " ").replace(/Z$/, "");
