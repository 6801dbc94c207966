import { readPeriod } from "../jsonstat/periods.ts";
import type { DescribedDimension, Description, Part, Wanted } from "../publishers/publisher.ts";

/**
 * Cuts a part into `pieces` or fewer along one dimension: geo first, then time, then the longest of the others. The pieces share
 * no cell and together are the part. Undefined where every dimension has but one code left.
 */
export function splitPart(
  { dimensions }: Description,
  wanted: Wanted,
  part: Part,
  pieces: number,
): { readonly dimension: string; readonly parts: readonly Part[] } | undefined {
  const sized = dimensions.map((dimension) => ({ dimension, codes: codesOf(dimension, wanted, part) }));
  const byLevel = Object.keys(wanted.filters).some((name) => name.toLowerCase() === "geolevel");
  const choices = sized
    // A level stands for codes that nobody has listed, and cannot be asked for beside them.
    .filter(({ dimension, codes }) => codes.length > 1 && !(byLevel && dimension.role === "geo"))
    .sort((a, b) => rank(a.dimension) - rank(b.dimension) || b.codes.length - a.codes.length);
  const [chosen] = choices;
  if (chosen === undefined) return undefined;
  const { id } = chosen.dimension;
  const count = Math.min(pieces, chosen.codes.length);
  const parts = Array.from({ length: count }, (_, i) => ({ ...part, [id]: slice(chosen.codes, i, count) }));
  return { dimension: id, parts };
}

const rank = ({ role }: DescribedDimension): number => (role === "geo" ? 0 : role === "time" ? 1 : 2);

/** The piece `i` of `count` that differ in length by one at most. */
const slice = <T>(list: readonly T[], i: number, count: number): readonly T[] =>
  list.slice(Math.floor((list.length * i) / count), Math.floor((list.length * (i + 1)) / count));

/** What is asked of a dimension: what the part says, else what the project wants, else all there is. */
function codesOf(dimension: DescribedDimension, wanted: Wanted, part: Part): readonly string[] {
  const said = find(part, dimension) ?? find(wanted.filters, dimension);
  if (said !== undefined) return said;
  const codes = dimension.codes.map(({ code }) => code);
  return dimension.role === "time" ? periodsWanted(codes, wanted) : codes;
}

function find(map: Part, { id, role }: DescribedDimension): readonly string[] | undefined {
  const names = [id.toLowerCase(), ...(role === "time" ? ["time", "time_period"] : [])];
  return Object.entries(map).find(([name]) => names.includes(name.toLowerCase()))?.[1];
}

/** In the publisher's order; of codes that are no periods, all. */
function periodsWanted(codes: readonly string[], { since, until, last }: Wanted): readonly string[] {
  const [from, to] = [since, until].map((text) => (text === undefined ? undefined : readPeriod(text)));
  const within = codes.filter((code) => {
    const { start, end } = readPeriod(code);
    if (start === null || end === null) return true;
    return (!from?.start || end >= from.start) && (!to?.end || start <= to.end);
  });
  return last === undefined ? within : within.slice(-last);
}
