import { readPeriod } from "../jsonstat/periods.ts";
import type { Dimension } from "../jsonstat/types.ts";
import type { Wanted } from "../publishers/publisher.ts";

export type IgnoredCode = { readonly dimension: string; readonly code: string };

/** Codes that were asked for and did not come back: Eurostat drops those that it does not know without a word. */
export function ignoredCodes({ filters }: Wanted, dimensions: readonly Dimension[]): IgnoredCode[] {
  return Object.entries(filters).flatMap(([name, codes]) => {
    const wanted = name.toLowerCase();
    const dimension = dimensions.find(
      ({ id, role }) => id.toLowerCase() === wanted || (role === "time" && /^time(?:_period)?$/.test(wanted)),
    );
    // What is no dimension, such as a level of geo, has no codes that could come back.
    if (dimension === undefined) return [];
    const came = new Set(dimension.categories.flatMap(({ code }) => spellings(code, dimension.role)));
    return codes
      .filter((code) => !isExpression(code) && !spellings(code, dimension.role).some((one) => came.has(one)))
      .map((code) => ({ dimension: dimension.id, code }));
  });
}

/** PxWeb's `*`, `top(3)`, `from(2020)`, `A?`. */
const isExpression = (code: string): boolean => /[*?]|^\w+\(.*\)$/.test(code);

/** A code in lower case; a period also by its days, since `2024-A1` comes back as `2024`. */
function spellings(code: string, role: Dimension["role"]): string[] {
  const lower = code.toLowerCase();
  if (role !== "time") return [lower];
  const { start, frequency } = readPeriod(code);
  return start === null ? [lower] : [lower, `${start}/${frequency}`];
}
