import { MIDDLE, rowText } from "../checksums.ts";
import type { ChecksumSpelling, PortableColumn, SummedColumn, ValueKind } from "../checksums.ts";

const kinds: readonly (readonly [RegExp, ValueKind])[] = [
  [/^BOOLEAN$/, "boolean"],
  [/^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM|DECIMAL\(.*\))$/, "number"],
  [/^(?:FLOAT|DOUBLE)$/, "double"],
  [/^(?:VARCHAR|UUID|ENUM\(.*\))$/s, "text"],
  [/^DATE$/, "date"],
  // Nanoseconds are more than others keep.
  [/^TIMESTAMP(?:_S|_MS)?$/, "timestamp"],
  [/^TIMESTAMP WITH TIME ZONE$/, "instant"],
  [/^TIME$/, "time"],
  [/^BLOB$/, "bytes"],
];

const kindOf = (type: string): ValueKind | null => kinds.find(([pattern]) => pattern.test(type))?.[1] ?? null;

/** Arguments of `concat` that together say one value. */
function said({ name, type, kind }: PortableColumn): string {
  const text = `cast(${name} as varchar)`;
  switch (kind) {
    case "boolean":
      return text;
    case "number":
      return type.startsWith("DECIMAL") && !type.endsWith(",0)") ? `rtrim(rtrim(${text}, '0'), '.')` : text;
    case "double": {
      // Divided by its scale, a decimal of many digits would come out beside the nearest number.
      const value = `cast(${/^(?:FLOAT|DOUBLE)$/.test(type) ? name : text} as double)`;
      return `case when ${value} = 0 then '0' else format('{:.16e}', ${value}) end`;
    }
    case "text":
      return `strlen(${text}), ':', ${text}`;
    case "date":
      return `case when isfinite(${name}) then cast(${name} - date '1970-01-01' as varchar) else ${text} end`;
    case "timestamp":
    case "instant":
      return `case when isfinite(${name}) then cast(epoch_us(${name}) as varchar) else ${text} end`;
    case "time":
      return `epoch_us(${name})`;
    case "bytes":
      return `lower(hex(${name}))`;
  }
}

/** An empty list has the hash of null, and a list of lists that of a list with all that is in them. */
const own = ({ name, type }: SummedColumn): string =>
  kindOf(type) === null ? `cast(${name} as varchar)` : name;

export const checksums: ChecksumSpelling = {
  kindOf,
  hash: (columns) => `cast('0x' || left(md5(${rowText(columns.map(said))}), 15) as bigint)`,
  ownHash: (columns) => `hash(${columns.map(own).join(", ")})`,
  bucket: (hash, bits) => `cast((${hash} >> ${MIDDLE}) % ${2 ** bits} as integer)`,
};
