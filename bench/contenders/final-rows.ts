import type { DuckDBConnection } from "@duckdb/node-api";

/** The types of the columns of a landed cube, for readers that must be told. */
const TYPES: Readonly<Record<string, string>> = {
  period_start: "DATE",
  period_end: "DATE",
  value: "DOUBLE",
};

/** As Statloom writes it. */
export const PARQUET =
  "format parquet, compression zstd, compression_level 1, row_group_size 122880, dictionary_size_limit 4096";
const DIMENSIONS = ["freq", "unit", "sex", "age", "item", "geo", "time_period"] as const;
/** What differs from row to row; the same of all rows is {@link CONSTANTS}. */
const COLUMNS = [
  ...DIMENSIONS,
  "period_start",
  "period_end",
  "frequency",
  "value",
  "value_text",
  "status",
  "confidentiality",
];
export const CONSTANTS =
  "'bench_cube' as _dataset, 'eurostat' as _publisher, '2025-04-04T210000Z' as _vintage, timestamp '2025-05-01 10:20:30' as _extracted_at, 'cube.json' as _source, '0123456789abcdef' as _batch_id";

export const COLUMN_LIST = COLUMNS.join(", ");
/** `{'freq': 'VARCHAR', …}` */
export const CSV_COLUMNS = `{${COLUMNS.map((name) => `'${name}': '${TYPES[name] ?? "VARCHAR"}'`).join(", ")}}`;

/** The same as a table of PostgreSQL. */
export const COPY_COLUMNS = COLUMNS.map(
  (name) => `${name} ${name === "value" ? "double precision" : (TYPES[name]?.toLowerCase() ?? "text")}`,
).join(", ");

export type JsonCube = {
  readonly id: readonly string[];
  readonly size: readonly number[];
  readonly dimension: Readonly<
    Record<string, { readonly category: { readonly index: Readonly<Record<string, number>> } }>
  >;
};

/** Writes rows of a table as one does by hand: an appender, a value at a time; then the table to Parquet. */
export async function openRowWriter(connection: DuckDBConnection, cube: JsonCube) {
  const columns = COLUMNS.map((name) => `${name} ${TYPES[name] ?? "VARCHAR"}`);
  await connection.run(`create table observations (${columns.join(", ")})`);
  const appender = await connection.createAppender("observations");
  const codes = cube.id.map((id) => Object.keys(cube.dimension[id]!.category.index));
  const { DuckDBDateValue } = await import("@duckdb/node-api");
  const day = (text: string) => new DuckDBDateValue(Date.parse(text) / 86_400_000);
  return {
    row(cell: number, value: number, status: string | undefined): void {
      let rest = cell;
      const row: string[] = [];
      for (let at = codes.length - 1; at >= 0; at--) {
        row[at] = codes[at]![rest % cube.size[at]!]!;
        rest = Math.floor(rest / cube.size[at]!);
      }
      for (const code of row) appender.appendVarchar(code);
      const year = row.at(-1)!;
      appender.appendDate(day(`${year}-01-01`));
      appender.appendDate(day(`${year}-12-31`));
      appender.appendVarchar("A");
      appender.appendDouble(value);
      appender.appendNull();
      if (status === undefined) appender.appendNull();
      else appender.appendVarchar(status);
      appender.appendNull();
      appender.endRow();
    },
    async finish(target: string): Promise<void> {
      appender.closeSync();
      await connection.run(`copy (select *, ${CONSTANTS} from observations) to '${target}' (${PARQUET})`);
    },
  };
}
