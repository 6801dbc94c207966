import { readPeriod } from "../jsonstat/periods.ts";
import type { Dimension } from "../jsonstat/types.ts";
import type { Wanted } from "../publishers/publisher.ts";

/** `code` is null where the dimension itself is not there. */
export type IgnoredCode = { readonly dimension: string; readonly code: string | null };

/** Codes that were asked for and did not come back: Eurostat drops those that it does not know without a word. */
export function ignoredCodes({ filters }: Wanted, dimensions: readonly Dimension[]): IgnoredCode[] {
  return Object.entries(filters).flatMap(([name, codes]): IgnoredCode[] => {
    const wanted = name.toLowerCase();
    const dimension = dimensions.find(
      ({ id, role }) => id.toLowerCase() === wanted || (role === "time" && /^time(?:_period)?$/.test(wanted)),
    );
    // A level of geo stands for codes that nobody has named.
    if (wanted === "geolevel") return [];
    if (dimension === undefined) return [{ dimension: name, code: null }];
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
