import { parquetWriteBuffer } from "hyparquet-writer";
import { cellText } from "../../adapters/cell-text.ts";
import type { Cell, ResultColumn, ResultTable } from "../../adapters/adapter.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import type { ExploreColumn, ExploreType } from "../../docs/data/explore-types.ts";

const TYPES: readonly (readonly [pattern: RegExp, type: ExploreType])[] = [
  [/^(?:u?(?:tiny|small)int|u?int(?:eger)?|bigint|int[248])$/i, "whole"],
  [/^(?:double|float|real|decimal|numeric|u?hugeint|ubigint)/i, "number"],
  [/^bool/i, "flag"],
  [/^date$/i, "date"],
  [/^timestamp|^datetime/i, "instant"],
];
const typeOf = (type: string): ExploreType => TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? "text";

const CASTS: Readonly<Record<ExploreType, string>> = {
  text: "varchar",
  whole: "bigint",
  number: "double precision",
  flag: "boolean",
  date: "date",
  instant: "timestamp",
};

export const exploreColumns = (columns: readonly ResultColumn[]): ExploreColumn[] =>
  columns.map(({ name, type }) => ({ name, type: typeOf(type) }));

/** A query for the rows of a relation in types that every reader of Parquet knows; one more than `most` tells that there are more. */
export function exportQuery(
  relation: string,
  columns: readonly ExploreColumn[],
  most: number,
  dialect: Dialect,
): string {
  const list = columns.map(({ name, type }) => {
    const quoted = dialect.quoteIdentifier(name);
    return `cast(${quoted} as ${CASTS[type]}) as ${quoted}`;
  });
  return `select ${list.join(", ")} from ${relation} limit ${most + 1}`;
}

/** A Parquet file of rows that {@link exportQuery} gave. */
export function parquetOf({ rows }: ResultTable, columns: readonly ExploreColumn[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, type }, place) => ({
      name,
      data: rows.map((row) => valueOf(row[place] ?? null, type)),
    })),
    schema: [
      { name: "root", num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, repetition_type: "OPTIONAL" as const, ...ELEMENTS[type] })),
    ],
  });
  return new Uint8Array(buffer);
}

const ELEMENTS = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  whole: { type: "INT64" },
  number: { type: "DOUBLE" },
  flag: { type: "BOOLEAN" },
  date: { type: "INT32", converted_type: "DATE" },
  instant: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
} as const satisfies Readonly<Record<ExploreType, object>>;

function valueOf(cell: Cell, type: ExploreType): unknown {
  if (cell === null) return null;
  switch (type) {
    case "whole":
      return BigInt(cell as number | string);
    case "number":
      return Number(cell);
    case "date":
    case "instant": {
      // What lies beyond the calendar, `infinity` among it, has no place in Parquet.
      const date = new Date(`${cellText(cell).replace(" ", "T")}${type === "date" ? "" : "Z"}`);
      return Number.isNaN(date.getTime()) ? null : date;
    }
    case "flag":
      return cell;
    case "text":
      return typeof cell === "string" ? cell : JSON.stringify(cell);
  }
}
