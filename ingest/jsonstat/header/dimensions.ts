import type { Candidate } from "./classify.ts";
import { readCategories } from "./categories.ts";
import { columnNames } from "./column-names.ts";
import type { Frame } from "./frame.ts";
import type { DatasetHeader, DimensionHeader, RoleHeader } from "./header-schema.ts";
import type { PathProblem } from "./locate.ts";
import { memberOrder } from "./member-order.ts";
import { findTimeDimension, readPeriods } from "../time-dimension.ts";
import type { Category, Dimension, Period } from "../types.ts";

export type Dimensions = {
  readonly list: readonly Dimension[];
  readonly time: { readonly index: number; readonly periods: readonly Period[] } | null;
};

const ROLES = ["time", "geo", "metric"] as const;

/** Reads the dimensions of a dataset whose header and frame have been checked. */
export function readDimensions(
  candidate: Candidate,
  frame: Frame,
  headerText: () => string,
  problems: PathProblem[],
): Dimensions {
  const header = candidate.header as DatasetHeader;
  const role = header.role ?? (header.dimension["role"] as RoleHeader | undefined) ?? {};
  const raw = frame.ids.map((id, i) => {
    const dimension = header.dimension[id] as DimensionHeader;
    const categories = readCategories(dimension.category, {
      path: [...candidate.path, "dimension", id, "category"],
      size: frame.sizes[i]!,
      memberOrder: (path) => memberOrder(headerText(), path) ?? [],
      problems,
    });
    return { id, label: dimension.label ?? null, role: roleOf(id, role), categories };
  });
  const timeIndex = findTimeDimension(raw.map((one) => ({ ...one, hasTimeRole: one.role === "time" })));
  const columns = columnNames(frame.ids, timeIndex);
  const decimals = defaultDecimals(header.extension);
  const list = raw.map((one, i): Dimension => ({
    ...one,
    column: columns[i]!,
    role: one.role ?? (i === timeIndex ? "time" : null),
    categories: one.role === "metric" ? withDecimals(one.categories, decimals) : one.categories,
  }));
  return {
    list,
    time:
      timeIndex === null
        ? null
        : { index: timeIndex, periods: readPeriods(raw[timeIndex]!.id, raw[timeIndex]!.categories) },
  };
}

/** Roles naming dimensions that are not there (a filtered table) say nothing. Eurostat gives none, and calls geography `geo`. */
function roleOf(id: string, role: RoleHeader): Dimension["role"] {
  const named = ROLES.find((name) => [role[name] ?? []].flat().includes(id));
  return named ?? (role.geo === undefined && id.toLowerCase() === "geo" ? "geo" : null);
}

/** PxWeb gives one number of decimals for the whole table: `extension.px.decimals`. */
function defaultDecimals(extension: unknown): number | null {
  const px = (extension as { px?: { decimals?: unknown } } | null | undefined)?.px;
  return typeof px?.decimals === "number" ? px.decimals : null;
}

const withDecimals = (categories: readonly Category[], decimals: number | null): readonly Category[] =>
  categories.map((category) => ({ ...category, decimals: category.decimals ?? decimals }));
