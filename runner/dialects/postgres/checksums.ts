import { MIDDLE, rowText } from "../checksums.ts";
import type { ChecksumSpelling, SummedColumn, ValueKind } from "../checksums.ts";

const kinds: readonly (readonly [RegExp, ValueKind])[] = [
  [/^boolean$/, "boolean"],
  [/^(?:smallint|integer|bigint|numeric(?:\(.*\))?)$/, "number"],
  [/^(?:real|double precision)$/, "double"],
  [/^(?:text|name|uuid|character(?: varying)?(?:\(\d+\))?)$/, "text"],
  [/^date$/, "date"],
  [/^timestamp(?:\(\d\))? without time zone$/, "timestamp"],
  [/^timestamp(?:\(\d\))? with time zone$/, "instant"],
  [/^time(?:\(\d\))? without time zone$/, "time"],
  [/^bytea$/, "bytes"],
];

const kindOf = (type: string): ValueKind | null => kinds.find(([pattern]) => pattern.test(type))?.[1] ?? null;

/** `to_char` prints an error for what is no number. */
const double = (value: string): string =>
  `case when ${value} = 0 then '0' when ${value} = 'NaN' then 'nan' when ${value} = 'Infinity' then 'inf' when ${value} = '-Infinity' then '-inf'
 else ltrim(to_char(${value}, '9.9999999999999999EEEE')) end`;

const micros = (name: string): string => `cast(round(extract(epoch from ${name}) * 1000000) as bigint)`;

/** Arguments of `concat` that together say one value. */
function said({ name, type }: SummedColumn, kind: ValueKind | null): string {
  const text = `cast(${name} as text)`;
  switch (kind) {
    case "boolean":
      return text;
    case "number":
      return type.startsWith("numeric") ? `trim_scale(${name})` : name;
    case "double":
      return double(`cast(${name} as double precision)`);
    case "date":
      return `case when isfinite(${name}) then cast(${name} - date '1970-01-01' as text) else ${text} end`;
    case "timestamp":
    case "instant":
      return `case when isfinite(${name}) then cast(${micros(name)} as text) else ${text} end`;
    case "time":
      return micros(name);
    case "bytes":
      return `encode(${name}, 'hex')`;
    case "text":
    case null:
      return `octet_length(${text}), ':', ${text}`;
  }
}

/** What says a value on this engine alone may be said as it stands, if no comma can be in it. */
const own = (column: SummedColumn): string => {
  const kind = kindOf(column.type);
  return kind === null || kind === "text" || kind === "bytes" ? said(column, null) : column.name;
};

export const checksums: ChecksumSpelling = {
  kindOf,
  hash: (columns) =>
    `cast(cast('x' || left(md5(${rowText(columns.map((column) => said(column, column.kind)))}), 15) as bit(60)) as bigint)`,
  ownHash: (columns) => `hashtextextended(${rowText(columns.map(own))}, 0)`,
  bucket: (hash, bits) => `cast((${hash} >> ${MIDDLE}) & ${2 ** bits - 1} as integer)`,
};
