import { isObject } from "../../../runner/base/json.ts";
import type { Candidate } from "./classify.ts";
import type { DatasetHeader } from "./header-schema.ts";
import { pathKey } from "./outline.ts";
import type { Outline, Section } from "./outline.ts";
import type { PathProblem } from "./locate.ts";

/** The frame of a dataset: which dimensions it has, how long they are, where its lists stand. */
export type Frame = {
  readonly ids: readonly string[];
  readonly sizes: readonly number[];
  readonly cells: number;
  readonly values: Section;
  readonly statuses: StatusSource;
};

/** Statuses stand in a list, or one text holds for all cells. */
export type StatusSource =
  | { readonly kind: "none" }
  | { readonly kind: "uniform"; readonly text: string }
  | { readonly kind: "section"; readonly section: Section };

/** Where the lists of a dataset may stand in it; the last is the form of old Eurostat services. */
export const SECTION_NAMES = [["value"], ["status"], ["status", "value"]] as const;

/** Reads `id`, `size` and the lists of a dataset whose shape has been checked; undefined when they make no cube. */
export function readFrame(
  candidate: Candidate,
  outline: Outline,
  problems: PathProblem[],
): Frame | undefined {
  const header = candidate.header as DatasetHeader;
  const { path } = candidate;
  const inDimension = header.dimension as Partial<Pick<DatasetHeader, "id" | "size">>;
  const ids = header.id ?? (Array.isArray(inDimension.id) ? inDimension.id : undefined);
  const sizeTexts = header.size ?? (Array.isArray(inDimension.size) ? inDimension.size : undefined);
  if (ids === undefined || sizeTexts === undefined) {
    const name = ids === undefined ? "id" : "size";
    problems.push({ code: "MEMBER_MISSING", path, message: `the dataset has no "${name}"` });
    return undefined;
  }
  const sizes = completeSizes(sizeTexts.map(Number), ids, header);
  const before = problems.length;
  checkIds(ids, sizes, header, path, problems);
  const cells = sizes.reduce((product, size) => product * size, 1);
  if (!sizes.every(Number.isSafeInteger) || !Number.isSafeInteger(cells)) {
    problems.push({
      code: "TOO_MANY_CELLS",
      path: [...path, "size"],
      message: `${sizeTexts.join(" × ")} cells are more than can be numbered (2^53)`,
    });
  }
  const find = (...names: string[]): Section | undefined =>
    outline.sections.get(pathKey([...path, ...names]));
  const values = find("value");
  if (values === undefined) problems.push(valueProblem(header.value, path));
  const statuses = readStatusSource(header.status, find("status") ?? find("status", "value"), path, problems);
  if (values === undefined || problems.length > before) return undefined;
  checkCounts({ ids, sizes, cells, values, statuses }, path, problems);
  return { ids, sizes, cells, values, statuses };
}

/** Metadata say `"value": []`; a dataset without the member has lost it. */
function valueProblem(value: unknown, path: readonly string[]): PathProblem {
  return value === undefined || value === null
    ? { code: "MEMBER_MISSING", path, message: 'the dataset has no "value"' }
    : { code: "VALUE_INVALID", path: [...path, "value"], message: "value is neither a list nor an object" };
}

/**
 * Old services leave dimensions of one category out of `size` (ONS does). That changes no cell's place, so when the sizes that
 * are there are those of all other dimensions in their order, the missing ones are put in; else `sizes` stays as it is.
 */
function completeSizes(
  sizes: readonly number[],
  ids: readonly string[],
  header: DatasetHeader,
): readonly number[] {
  if (sizes.length === ids.length) return sizes;
  const counts = ids.map((id) =>
    categoryCount(Object.hasOwn(header.dimension, id) ? header.dimension[id] : undefined),
  );
  const long = (list: readonly (number | null)[]): string =>
    JSON.stringify(list.filter((size) => size !== 1));
  return counts.every((count) => count !== null) && long(counts) === long(sizes) ? counts : sizes;
}

function categoryCount(dimension: unknown): number | null {
  const category = isObject(dimension) && isObject(dimension["category"]) ? dimension["category"] : {};
  const listed = category["index"] ?? category["label"];
  if (Array.isArray(listed)) return listed.length;
  return isObject(listed) ? Object.keys(listed).length : null;
}

function checkIds(
  ids: readonly string[],
  sizes: readonly number[],
  header: DatasetHeader,
  path: readonly string[],
  problems: PathProblem[],
): void {
  if (ids.length !== sizes.length) {
    problems.push({
      code: "SIZE_MISMATCH",
      path: [...path, "size"],
      message: `${ids.length} dimensions in "id" and ${sizes.length} in "size"`,
    });
  }
  for (const [i, id] of ids.entries()) {
    if (ids.indexOf(id) !== i) continue;
    if (ids.lastIndexOf(id) !== i) {
      problems.push({
        code: "ID_TWICE",
        path: [...path, "id"],
        message: `the dimension "${id}" stands more than once in "id"`,
      });
    }
    const dimension = Object.hasOwn(header.dimension, id) ? header.dimension[id] : undefined;
    if (!isObject(dimension)) {
      problems.push({
        code: "DIMENSION_MISSING",
        path: [...path, "dimension"],
        message: `"${id}" stands in "id" and not in "dimension"`,
      });
    } else if (dimension["category"] === undefined && typeof dimension["href"] === "string") {
      problems.push({
        code: "DIMENSION_ELSEWHERE",
        path: [...path, "dimension", id],
        message: `the categories of "${id}" are elsewhere: ${dimension["href"].slice(0, 200)}`,
      });
    }
  }
}

function readStatusSource(
  status: unknown,
  section: Section | undefined,
  path: readonly string[],
  problems: PathProblem[],
): StatusSource {
  if (section !== undefined) return { kind: "section", section };
  if (typeof status === "string") return { kind: "uniform", text: status };
  if (status !== undefined && status !== null) {
    problems.push({
      code: "STATUS_INVALID",
      path: [...path, "status"],
      message: "status is neither a text, a list nor an object of cell numbers",
    });
  }
  return { kind: "none" };
}

/** A list must have one element a cell. An empty one is what metadata look like; one status alone holds for all cells. */
function checkCounts(frame: Frame, path: readonly string[], problems: PathProblem[]): void {
  const product = `${frame.sizes.join(" × ")} = ${frame.cells}`;
  const check = (name: string, count: number | null, allowed: readonly number[]): void => {
    if (count === null || count === frame.cells || allowed.includes(count)) return;
    problems.push({
      code: "SIZE_MISMATCH",
      path: [...path, name],
      message: `${name} has ${count} elements and the sizes give ${product} cells`,
    });
  };
  check("value", frame.values.count, [0]);
  if (frame.statuses.kind === "section") check("status", frame.statuses.section.count, [0, 1]);
}
