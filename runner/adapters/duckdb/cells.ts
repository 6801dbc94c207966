import {
  arrayFromArrayValue,
  arrayFromListValue,
  booleanFromValue,
  createDuckDBValueConverter,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  fromVariantValue,
  jsonNumberFromValue as finite,
  nullConverter,
  numberFromValue as number,
  objectArrayFromMapValue,
  objectFromStructValue,
  objectFromUnionValue,
  stringFromValue as text,
} from "@duckdb/node-api";
import type { DuckDBValueConverter } from "@duckdb/node-api";
import type { Cell } from "../adapter.ts";

type ToCell = DuckDBValueConverter<NonNullable<Cell>>;

/** Infinite dates in days, which the driver prints as if they were days. */
const infiniteDates: Readonly<Record<number, string>> = {
  2147483647: "infinity",
  [-2147483647]: "-infinity",
};

const date: ToCell = (value) =>
  (value instanceof DuckDBDateValue ? infiniteDates[value.days] : undefined) ?? String(value);

/** In UTC: the driver would take the zone of this machine. */
const instant: ToCell = (value) => {
  if (!(value instanceof DuckDBTimestampTZValue)) return String(value);
  const utc = String(new DuckDBTimestampValue(value.micros));
  return utc.endsWith("infinity") ? utc : `${utc}+00`;
};

const bytes: ToCell = (value) =>
  value instanceof DuckDBBlobValue ? `\\x${Buffer.from(value.bytes).toString("hex")}` : String(value);

/** Every type that DuckDB has; one that a newer version adds does not compile until it is decided here. */
const cells: Readonly<Record<DuckDBTypeId, ToCell>> = {
  [DuckDBTypeId.INVALID]: text,
  [DuckDBTypeId.BOOLEAN]: booleanFromValue,
  [DuckDBTypeId.TINYINT]: number,
  [DuckDBTypeId.SMALLINT]: number,
  [DuckDBTypeId.INTEGER]: number,
  [DuckDBTypeId.BIGINT]: text,
  [DuckDBTypeId.UTINYINT]: number,
  [DuckDBTypeId.USMALLINT]: number,
  [DuckDBTypeId.UINTEGER]: number,
  [DuckDBTypeId.UBIGINT]: text,
  [DuckDBTypeId.HUGEINT]: text,
  [DuckDBTypeId.UHUGEINT]: text,
  [DuckDBTypeId.BIGNUM]: text,
  [DuckDBTypeId.FLOAT]: finite,
  [DuckDBTypeId.DOUBLE]: finite,
  [DuckDBTypeId.DECIMAL]: text,
  [DuckDBTypeId.VARCHAR]: text,
  [DuckDBTypeId.ENUM]: text,
  [DuckDBTypeId.UUID]: text,
  [DuckDBTypeId.BIT]: text,
  [DuckDBTypeId.BLOB]: bytes,
  [DuckDBTypeId.GEOMETRY]: text,
  [DuckDBTypeId.DATE]: date,
  [DuckDBTypeId.TIME]: text,
  [DuckDBTypeId.TIME_NS]: text,
  [DuckDBTypeId.TIME_TZ]: text,
  [DuckDBTypeId.TIMESTAMP]: text,
  [DuckDBTypeId.TIMESTAMP_S]: text,
  [DuckDBTypeId.TIMESTAMP_MS]: text,
  [DuckDBTypeId.TIMESTAMP_NS]: text,
  [DuckDBTypeId.TIMESTAMP_TZ]: instant,
  [DuckDBTypeId.INTERVAL]: text,
  [DuckDBTypeId.LIST]: arrayFromListValue,
  [DuckDBTypeId.ARRAY]: arrayFromArrayValue,
  [DuckDBTypeId.STRUCT]: objectFromStructValue,
  [DuckDBTypeId.MAP]: objectArrayFromMapValue,
  [DuckDBTypeId.UNION]: objectFromUnionValue,
  [DuckDBTypeId.VARIANT]: fromVariantValue,
  [DuckDBTypeId.ANY]: text,
  [DuckDBTypeId.SQLNULL]: nullConverter,
  [DuckDBTypeId.STRING_LITERAL]: text,
  [DuckDBTypeId.INTEGER_LITERAL]: text,
};

/** A value of DuckDB as JSON can say it. */
export const toCell: ToCell = createDuckDBValueConverter(cells);
