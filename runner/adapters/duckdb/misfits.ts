import { DuckDBInstance } from "@duckdb/node-api";
import { duckdb } from "../../dialects/duckdb.ts";

/** More are not told. */
const MOST = 10;

/**
 * Asks a database of its own, as a transaction in which loading failed answers nothing any more. Empty where it does not know how: types
 * may be the warehouse's own.
 */
async function ask(...statements: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(":memory:");
  try {
    const connection = await instance.connect();
    let rows: readonly (readonly unknown[])[] = [];
    for (const sql of statements) rows = (await connection.runAndReadAll(sql)).getRows();
    return rows;
  } catch {
    return [];
  } finally {
    instance.closeSync();
  }
}

/** What else is wrong with a CSV file, besides the line that the engine told; `reader` is a call of `read_csv`. */
export async function moreMisfits(reader: string, told: number): Promise<string> {
  const options =
    "store_rejects = true, rejects_table = 'misfits', rejects_scan = 'scans', rejects_limit = 0";
  const rows = await ask(
    `create table loaded as from ${reader.replace(/\)$/, `, ${options})`)}`,
    `select line, error_message from misfits where line <> ${told} and error_type in ('CAST', 'MISSING COLUMNS', 'TOO MANY COLUMNS')
order by line, column_idx limit ${MOST + 1}`,
  );
  const lines = rows
    .slice(0, MOST)
    .map(([line, message]) => `\nline ${String(line)}: ${String(message).replaceAll(/\s+/g, " ")}`);
  return lines.join("") + (rows.length > MOST ? "\nand more" : "");
}

/** The first value of each column that cannot be cast to its type, and in which row of the file it stands, from 1. */
export async function uncastable(
  reader: string,
  casts: readonly { readonly column: string; readonly value: string; readonly type: string }[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { column, value, type } of casts) {
    const [row] = await ask(
      `select nth, cast(cell as varchar) from (select row_number() over () as nth, ${value} as cell from ${reader}) as cells
where cell is not null and try_cast(cell as ${type}) is null order by nth limit 1`,
    );
    if (row)
      found.push(
        `row ${String(row[0])}: "${column}" is ${duckdb.literal(String(row[1]))}, which is no ${type}`,
      );
  }
  return found;
}
