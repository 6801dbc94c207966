import { readPeriod } from "../jsonstat/periods.ts";
import type { DescribedDimension, Description, Part, Wanted } from "./publisher.ts";

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

/** The cells of a part: all that its codes make with each other. */
const cellsOf = ({ dimensions }: Description, wanted: Wanted, part: Part): number =>
  dimensions.reduce(
    (product, dimension) => product * Math.max(1, codesOf(dimension, wanted, part).length),
    1,
  );

/** A dataset in parts that have at most `maxCells` each, for publishers that tell their limit; `[{}]` where it fits whole. */
export function planParts(description: Description, wanted: Wanted, maxCells: number): [Part, ...Part[]] {
  const cut = (part: Part): Part[] => {
    const cells = cellsOf(description, wanted, part);
    if (cells <= maxCells) return [part];
    const found = splitPart(description, wanted, part, Math.ceil(cells / maxCells));
    return found === undefined ? [part] : found.parts.flatMap(cut);
  };
  const [first = {}, ...rest] = cut({});
  return [first, ...rest];
}

/**
 * The same, with every dimension named: of one that is not, some publishers give what they think best. `*` stands for all codes.
 */
export function selectAll(description: Description, wanted: Wanted, maxCells: number): [Part, ...Part[]] {
  const named = (part: Part): Part =>
    Object.fromEntries(
      description.dimensions.map((dimension) => {
        const codes = codesOf(dimension, wanted, part);
        return [dimension.id, codes.length === dimension.codes.length ? ["*"] : codes];
      }),
    );
  const [first, ...rest] = planParts(description, wanted, maxCells);
  return [named(first), ...rest.map(named)];
}

/** What is asked of a dimension: what the part says, else what the project wants, else all there is. */
export function codesOf(dimension: DescribedDimension, wanted: Wanted, part: Part): readonly string[] {
  const said = find(part, dimension) ?? find(wanted.filters, dimension);
  const codes = dimension.codes.map(({ code }) => code);
  if (said !== undefined) return said.some((one) => one.includes("*")) ? codes : said;
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
