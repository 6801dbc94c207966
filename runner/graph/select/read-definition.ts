import { UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { didYouMean } from "../../base/nearest.ts";
import type { Path } from "../../project/yaml.ts";
import { parseCriterion, parseTokens } from "./criterion.ts";
import type { Criterion } from "./criterion.ts";
import { indirectSelections } from "./indirect.ts";
import type { IndirectSelection } from "./indirect.ts";
import { methodOf } from "./methods.ts";
import { termOfToken } from "./term.ts";
import type { Term } from "./term.ts";

/** Notes what is wrong at a place of the file. */
export type Report = (path: Path, code: string, message: string, hint?: string) => void;

const KEYS = [
  "method",
  "value",
  "childrens_parents",
  "parents",
  "parents_depth",
  "children",
  "children_depth",
  "indirect_selection",
  "exclude",
];

/**
 * A definition of `selectors.yml`: a term of the command line, `{tag: nightly}`, `{method, value, parents …}`, `{union: […]}` or
 * `{intersection: […]}`. What is wrong is reported, and undefined comes back.
 */
export function readDefinition(definition: unknown, at: Path, report: Report): Term | undefined {
  if (typeof definition === "string") return guarded(at, report, () => fromText(definition));
  if (!isObject(definition)) {
    const hint = 'a text such as "tag:nightly", or a map with method and value, union or intersection';
    report(at, "SELECTOR_INVALID", "a definition is a text or a map", hint);
    return undefined;
  }
  for (const kind of ["union", "intersection"] as const) {
    if (Object.hasOwn(definition, kind)) return readGroup(kind, definition, at, report);
  }
  const keys = Object.keys(definition);
  if (keys.length === 1 && keys[0] !== "method" && keys[0] !== "exclude") {
    const value = textOf(definition[keys[0]!]);
    if (value !== undefined) return guarded(at, report, () => criterionTerm({ method: keys[0]!, value }));
  }
  return readMethod(definition, at, report);
}

function readGroup(
  kind: "union" | "intersection",
  definition: Readonly<Record<string, unknown>>,
  at: Path,
  report: Report,
): Term | undefined {
  const others = Object.keys(definition).filter((key) => key !== kind);
  if (others.length > 0) {
    const message = `"${kind}" stands alone, found "${others.join('", "')}" beside it`;
    report([...at, others[0]!], "SELECTOR_INVALID", message, "nest one in the other");
    return undefined;
  }
  const list = definition[kind];
  if (!Array.isArray(list) || list.length === 0) {
    report([...at, kind], "SELECTOR_INVALID", `"${kind}" must be a list of definitions`);
    return undefined;
  }
  const isExclude = (item: unknown): boolean =>
    isObject(item) && Object.hasOwn(item, "exclude") && Object.keys(item).length === 1;
  const excludes = list.flatMap((item: unknown, i) => (isExclude(item) ? [i] : []));
  if (excludes.length > 1) {
    const message = `"${kind}" has two lists to exclude`;
    report([...at, kind, excludes[1]!], "SELECTOR_INVALID", message, "put them into one");
  }
  const terms = list.flatMap((item: unknown, i) =>
    isExclude(item) ? [] : (readDefinition(item, [...at, kind, i], report) ?? []),
  );
  const group: Term = terms.length === 1 ? terms[0]! : { kind, terms };
  const [exclude] = excludes;
  if (exclude === undefined) return group;
  return without(group, (list[exclude] as { exclude: unknown }).exclude, [...at, kind, exclude], report);
}

function without(from: Term, exclude: unknown, at: Path, report: Report): Term {
  const list = Array.isArray(exclude) ? exclude : [exclude];
  const terms = list.flatMap((item: unknown, i) => {
    const place = Array.isArray(exclude) ? [...at, "exclude", i] : [...at, "exclude"];
    return readDefinition(item, place, report) ?? [];
  });
  return terms.length === 0 ? from : { kind: "difference", from, without: terms };
}

function readMethod(
  definition: Readonly<Record<string, unknown>>,
  at: Path,
  report: Report,
): Term | undefined {
  const unknown = Object.keys(definition).filter((key) => !KEYS.includes(key));
  for (const key of unknown) {
    const hint = didYouMean(key, KEYS) ?? `known here: ${KEYS.join(", ")}, union, intersection`;
    report([...at, key], "KEY_UNKNOWN", `"${key}" is not known here`, hint);
  }
  const method = textOf(definition["method"]);
  const value = textOf(definition["value"]);
  if (unknown.length > 0) return undefined;
  if (method === undefined || value === undefined) {
    const missing = method === undefined ? "method" : "value";
    report(at, "KEY_MISSING", `"${missing}" is missing`, "write {method: tag, value: nightly}");
    return undefined;
  }
  const mode = definition["indirect_selection"];
  if (mode !== undefined && !(indirectSelections as readonly unknown[]).includes(mode)) {
    const message = `"indirect_selection" must be one of ${indirectSelections.join(", ")}`;
    report([...at, "indirect_selection"], "VALUE_INVALID", message);
    return undefined;
  }
  const flag = (key: string): boolean => definition[key] === true || definition[key] === "true";
  const depth = (key: string): number | null => {
    const found = definition[key];
    if (found === undefined) return null;
    if (Number.isInteger(found) && Number(found) >= 0) return Number(found);
    report([...at, key], "VALUE_INVALID", `"${key}" must be a whole number of steps`);
    return null;
  };
  const neighbours = (key: string): Criterion["parents"] =>
    flag(key) || definition[`${key}_depth`] !== undefined ? { depth: depth(`${key}_depth`) } : null;
  const childrensParents = flag("childrens_parents");
  const [parents, children] = [neighbours("parents"), neighbours("children")];
  if (childrensParents && children !== null) {
    const hint = "childrens_parents already holds all children";
    report(at, "SELECTOR_INVALID", '"childrens_parents" and "children" exclude each other', hint);
  }
  const term = guarded(at, report, () =>
    criterionTerm({ method, value, childrensParents, parents, children }, mode as IndirectSelection),
  );
  if (term === undefined || definition["exclude"] === undefined) return term;
  return without(term, definition["exclude"], at, report);
}

function fromText(text: string): Term {
  const terms = parseTokens([text]).map((token) => {
    for (const criterion of token.criteria) known(criterion);
    return termOfToken(token);
  });
  return terms.length === 1 ? terms[0]! : { kind: "union", terms };
}

type Given = Pick<Criterion, "value"> & { readonly method: string } & Partial<
    Pick<Criterion, "childrensParents" | "parents" | "children">
  >;

/** As if it had been typed, but a value may hold whatever it likes. */
function criterionTerm({ method, value, ...neighbours }: Given, mode?: IndirectSelection): Term {
  const read = parseCriterion(`${method}:x`);
  const criterion: Criterion = { ...read, raw: `${method}:${value}`, value, ...neighbours };
  known(criterion);
  return { kind: "criterion", criterion, ...(mode !== undefined && { mode }) };
}

function known(criterion: Criterion): void {
  if (criterion.method !== "selector") methodOf(criterion);
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;

function guarded(at: Path, report: Report, read: () => Term): Term | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    report(at, error.code, error.message, error.hint);
    return undefined;
  }
}
