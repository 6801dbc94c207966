export const isNested = (type: string): boolean => /^(STRUCT|MAP|UNION|JSON)|\]$/.test(type);

const names: Readonly<Record<string, string>> = {
  TINYINT: "smallint",
  SMALLINT: "smallint",
  INTEGER: "integer",
  BIGINT: "bigint",
  UTINYINT: "smallint",
  USMALLINT: "integer",
  UINTEGER: "bigint",
  UBIGINT: "numeric(20,0)",
  HUGEINT: "numeric(39,0)",
  UHUGEINT: "numeric(39,0)",
  FLOAT: "real",
  DOUBLE: "double precision",
  BOOLEAN: "boolean",
  DATE: "date",
  TIME: "time",
  TIMESTAMP: "timestamp",
  TIMESTAMP_S: "timestamp",
  TIMESTAMP_MS: "timestamp",
  TIMESTAMP_NS: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
  UUID: "uuid",
  INTERVAL: "interval",
  STRING: "text",
  BLOB: "bytea",
  DATETIME: "timestamp",
  INT8: "bigint",
  LONG: "bigint",
};

/** What PostgreSQL calls a type of DuckDB; undefined where it has none of the kind, or calls it the same. */
export function typeFromDuckDb(type: string): string | undefined {
  const word = type.trim().toUpperCase();
  if (isNested(word)) return "jsonb";
  return word.startsWith("DECIMAL") ? word.replace("DECIMAL", "numeric") : names[word];
}
