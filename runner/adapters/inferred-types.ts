import type { PortableType } from "../dialects/dialect.ts";

/**
 * What text in a CSV file is taken for, tried in this order; whatever fits none is text. All values of a column must fit.
 * Stricter than any engine's own guess, and the same for every engine: a code must never turn into a number.
 * Kept as text: leading zeros (`007`), more digits than a number can hold, `1E5` (a code as often as a number),
 * day/month dates that can be read two ways, single letters (`T` and `F` are also sexes).
 */
export const inferredTypes: readonly { readonly type: PortableType; readonly pattern: string }[] = [
  { type: "boolean", pattern: "(true|false|TRUE|FALSE|True|False)" },
  { type: "bigint", pattern: "[+-]?(0|[1-9][0-9]{0,17})" },
  { type: "double", pattern: "[+-]?((0|[1-9][0-9]{0,14})(\\.[0-9]*)?|\\.[0-9]+)([eE][+-][0-9]{1,2})?" },
  { type: "date", pattern: "[0-9]{4}-[0-9]{2}-[0-9]{2}" },
  {
    type: "timestamp",
    pattern: "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?",
  },
];
