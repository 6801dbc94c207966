import { DataType } from "apache-arrow";
import type { AsyncRecordBatchStreamReader, Field } from "apache-arrow";

/** What a query gave, as values that print. */
export type Result = {
  readonly columns: readonly ResultColumn[];
  /** Row by row. */
  readonly rows: readonly (readonly Value[])[];
  readonly isCut: boolean;
  readonly milliseconds: number;
};
/** Whole numbers that a double cannot hold are text; dates and times are text as SQL writes them. */
export type Value = null | boolean | number | string;
export type ResultColumn = {
  readonly name: string;
  readonly kind: "number" | "time" | "text" | "flag";
};

export async function resultOf(
  reader: AsyncRecordBatchStreamReader,
  most: number,
  begin: number,
): Promise<Result> {
  await reader.open();
  // It is gone when all has been read.
  const { fields } = reader.schema;
  const rows: Value[][] = [];
  let isCut = false;
  for await (const batch of reader) {
    const readers = fields.map((field, i) => {
      const column = batch.getChildAt(i);
      return (row: number): Value => valueOf(column?.get(row), field);
    });
    for (let row = 0; row < batch.numRows && !isCut; row++) {
      if (rows.length >= most) isCut = true;
      else rows.push(readers.map((read) => read(row)));
    }
  }
  const columns = fields.map((field) => ({ name: field.name, kind: kindOf(field) }));
  return { columns, rows, isCut, milliseconds: performance.now() - begin };
}

function kindOf({ type }: Field): ResultColumn["kind"] {
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type)) return "number";
  if (DataType.isDate(type) || DataType.isTimestamp(type)) return "time";
  return DataType.isBool(type) ? "flag" : "text";
}

function valueOf(value: unknown, { type }: Field): Value {
  if (value === null || value === undefined) return null;
  if (DataType.isDecimal(type)) return Number(value) / 10 ** type.scale;
  if (DataType.isDate(type)) return new Date(Number(value)).toISOString().slice(0, 10);
  if (DataType.isTimestamp(type)) return new Date(Number(value)).toISOString().slice(0, 19).replace("T", " ");
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner));
}
