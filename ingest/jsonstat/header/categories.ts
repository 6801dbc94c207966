import { isObject } from "../../../runner/base/json.ts";
import type { DimensionHeader, UnitHeader } from "./header-schema.ts";
import { readParents } from "./hierarchy.ts";
import type { PathProblem } from "./locate.ts";
import type { Category } from "../types.ts";

type Context = {
  /** Where `category` stands in the document. */
  readonly path: readonly string[];
  readonly size: number;
  /** The names of an object in the document's own order. */
  readonly memberOrder: (path: readonly string[]) => readonly string[];
  readonly problems: PathProblem[];
};

/**
 * Categories in order of position. The index is a list, or an object of positions, which must be a permutation; without it
 * the labels stand in order (JSON-stat wants an index for more than one category; publishers leave it out all the same).
 */
export function readCategories(category: DimensionHeader["category"], context: Context): readonly Category[] {
  const codes = readCodes(category, context);
  if (codes.length !== context.size) {
    context.problems.push({
      code: "SIZE_MISMATCH",
      path: context.path,
      message: `${context.path.at(-2)} has ${codes.length} categories and a size of ${context.size}`,
    });
  }
  const label = lookUp(category.label);
  const unit = lookUp(category.unit);
  const parents = readParents(category.child ?? {}, new Set(codes), context.path, context.problems);
  return codes.map((code, position): Category => {
    const measured = unit(code);
    return {
      code,
      label: label(code)?.toString() ?? null,
      position,
      parent: parents.get(code) ?? null,
      unit: measured === null ? null : unitName(measured),
      decimals: measured === null ? null : readDecimals(measured["decimals"]),
    };
  });
}

/** Codes may be called "constructor": only an object's own members count. */
const lookUp =
  <T>(members: Readonly<Record<string, T>> | null | undefined) =>
  (code: string): T | null =>
    members && Object.hasOwn(members, code) ? (members[code] ?? null) : null;

function readCodes(category: DimensionHeader["category"], context: Context): readonly string[] {
  const { index, label } = category;
  if (Array.isArray(index)) return checkUnique(index as readonly string[], context);
  if (isObject(index))
    return inOrderOfPosition(Object.entries(index as Record<string, number | string>), context);
  if (isObject(label)) return context.memberOrder([...context.path, "label"]);
  if (context.size > 0) {
    context.problems.push({
      code: "CATEGORY_MISSING",
      path: context.path,
      message: `${context.path.at(-2)} has neither an index nor labels`,
    });
  }
  return Array.from({ length: context.size }, (_, i) => String(i));
}

function checkUnique(codes: readonly string[], { path, problems }: Context): readonly string[] {
  const seen = new Set<string>();
  for (const [i, code] of codes.entries()) {
    if (seen.has(code)) {
      problems.push({
        code: "CODE_TWICE",
        path: [...path, "index", String(i)],
        message: `the code "${code}" stands twice in ${path.at(-2)}`,
      });
    }
    seen.add(code);
  }
  return codes;
}

function inOrderOfPosition(
  entries: readonly (readonly [string, number | string])[],
  { path, problems }: Context,
): readonly string[] {
  const codes = Array.from<string | undefined>({ length: entries.length });
  const misplaced: string[] = [];
  for (const [code, text] of entries) {
    const position = Number(text);
    if (position >= entries.length || codes[position] !== undefined) misplaced.push(code);
    else codes[position] = code;
  }
  if (misplaced.length > 0) {
    const named = misplaced
      .slice(0, 5)
      .map((code) => `"${code}"`)
      .join(", ");
    problems.push({
      code: "INDEX_NOT_PERMUTATION",
      path: [...path, "index", misplaced[0]!],
      message: `the positions of ${path.at(-2)} are not 0 to ${entries.length - 1}, each once: see ${named}`,
    });
    return entries.map(([code]) => code);
  }
  return codes as readonly string[];
}

/** The words a person knows the unit by; ONS writes `unit`, PxWeb `base`, JSON-stat itself `label`. */
function unitName(unit: UnitHeader): string | null {
  for (const name of ["label", "base", "unit", "symbol"]) {
    const text = unit[name];
    if (typeof text === "string" && text.trim() !== "") return text;
  }
  return null;
}

const readDecimals = (decimals: unknown): number | null =>
  (typeof decimals === "number" || typeof decimals === "string") && /^\d{1,3}$/.test(String(decimals))
    ? Number(decimals)
    : null;
