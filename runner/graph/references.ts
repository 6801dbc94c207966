import { didYouMean } from "../base/nearest.ts";
import type { JsonObject } from "../base/json.ts";
import type { Place, Problem } from "../base/problems.ts";
import { literalOf } from "../template/literal-of.ts";
import type { Analysis, CallSite, Expr } from "../template/types.ts";
import { REF_PARAMETERS, SOURCE_PARAMETERS, VAR_PARAMETERS } from "./specs.ts";
import type { RefCall, References, SourceCall } from "./types.ts";
import { versionedName } from "./versions.ts";

/** What a call was given for each of its parameters, by position or by name. */
function argumentsOf(site: CallSite, parameters: readonly string[]): Map<string, Expr> {
  const found = new Map<string, Expr>();
  let position = 0;
  for (const { name, value } of site.args) {
    const parameter = name ?? parameters[position++];
    if (parameter !== undefined) found.set(parameter, value);
  }
  return found;
}

const LANDING_PARTS = ["observations", "dimensions"];

/**
 * The `ref` and `source` calls of a template, those inside macros included. They must be literal: lineage is known before
 * anything is rendered. Variables that are used and not set are found here too.
 */
export function findReferences(
  { calls }: Analysis,
  vars: JsonObject,
): { references: References; problems: readonly Problem[] } {
  const refs: RefCall[] = [];
  const sources: SourceCall[] = [];
  const problems: Problem[] = [];
  for (const site of calls) {
    let wrong: Mistake | undefined;
    if (site.name === "ref") {
      const call = readRef(site);
      if (call === undefined) wrong = dynamicRef;
      else if (call !== null) add(refs, call, isSameRef);
    } else if (site.name === "source") {
      const given = textsOf(site, SOURCE_PARAMETERS);
      if (given === undefined) wrong = dynamicSource;
      else {
        const [source, table] = [given.get("source"), given.get("table")];
        // As for a ref.
        if (source !== undefined && table !== undefined) add(sources, { source, table }, isSameSource);
        wrong = unknownPart(given.get("part"));
      }
    } else if (site.name === "var") wrong = unknownVar(site, vars);
    if (wrong === undefined) continue;
    const { file, line, column } = site.place;
    problems.push({ file, line, column, ...wrong });
  }
  // What is pushed to has room for sixteen more, and these are kept.
  return { references: { refs: exact(refs), sources: exact(sources) }, problems };
}

const exact = <Item>(items: readonly Item[]): readonly Item[] => (items.length === 0 ? none : items.slice());
const none: readonly never[] = [];

type Mistake = Pick<Problem, "code" | "message" | "hint">;

const dynamicRef: Mistake = {
  code: "REF_DYNAMIC",
  message: "ref needs literal names",
  hint: "lineage is found before anything is rendered: write the model's name in quotes",
};
const dynamicSource: Mistake = {
  code: "SOURCE_DYNAMIC",
  message: "source needs literal names",
  hint: "lineage is found before anything is rendered: write the names in quotes",
};

/** The later of two that are the same stays, in the place of the first. Templates have few: a map for each of ten thousand is more than these. */
function add<Call>(calls: Call[], call: Call, isSame: (one: Call, other: Call) => boolean): void {
  for (let i = 0; i < calls.length; i++) {
    if (!isSame(calls[i]!, call)) continue;
    calls[i] = call;
    return;
  }
  calls.push(call);
}

const isSameRef = (one: RefCall, other: RefCall): boolean =>
  one.name === other.name &&
  (one.package ?? "") === (other.package ?? "") &&
  `${one.version ?? ""}` === `${other.version ?? ""}`;
const isSameSource = (one: SourceCall, other: SourceCall): boolean =>
  one.source === other.source && one.table === other.table;

function unknownPart(part: string | undefined): Mistake | undefined {
  if (part === undefined || LANDING_PARTS.includes(part)) return undefined;
  return {
    code: "SOURCE_PART_UNKNOWN",
    message: `"${part}" is not a part of a landed dataset`,
    hint: didYouMean(part, LANDING_PARTS) ?? `known parts: ${LANDING_PARTS.join(", ")}`,
  };
}

function unknownVar(site: CallSite, vars: JsonObject): Mistake | undefined {
  const only = onlyText(site);
  if (only !== undefined && Object.hasOwn(vars, only)) return undefined;
  const given = argumentsOf(site, VAR_PARAMETERS);
  const expr = given.get("name");
  const name = expr && literalOf(expr);
  if (typeof name !== "string" || Object.hasOwn(vars, name) || given.has("default")) return undefined;
  return {
    code: "VAR_UNKNOWN",
    message: `no var is named "${name}"`,
    hint:
      didYouMean(name, Object.keys(vars)) ??
      "set it under vars: in the project file or with --vars, or give a default",
  };
}

/** Where a node is first named: a ref by the last of its names, a source as `source.table`. */
export function firstPlace({ calls }: Analysis, name: string, of?: string | null): Place | undefined {
  const found = calls.find((site) => {
    if (site.name === "ref") {
      const call = readRef(site);
      if (!call || (of !== undefined && call.package !== of)) return false;
      return versionedName(call.name, call.version) === name || call.name === name;
    }
    const given = site.name === "source" ? textsOf(site, SOURCE_PARAMETERS) : undefined;
    return `${given?.get("source")}.${given?.get("table")}` === name;
  });
  return found?.place;
}

/** The only argument of a call, where it is a text and has no name: what nearly all calls are. */
function onlyText({ args }: CallSite): string | undefined {
  const [first] = args;
  if (args.length !== 1 || first!.name !== null || first!.value.kind !== "literal") return undefined;
  return typeof first!.value.value === "string" ? first!.value.value : undefined;
}

/** `ref('m')`, `ref('package', 'm')`, `ref('m', v=2)`; undefined: not all of it is literal; null: the name is missing, which is told as such. */
function readRef(site: CallSite): RefCall | undefined | null {
  const only = onlyText(site);
  if (only !== undefined) return { name: only, package: null, version: null };
  const given = argumentsOf(site, REF_PARAMETERS);
  const literal = (name: string): unknown => {
    const expr = given.get(name);
    return expr === undefined ? null : literalOf(expr);
  };
  const [first, second] = [literal("model_or_package"), literal("model")];
  const version = literal("version") ?? literal("v");
  const isText = (value: unknown): value is string | null => value === null || typeof value === "string";
  if (!isText(first) || !isText(second)) return undefined;
  if (!isText(version) && typeof version !== "number") return undefined;
  const [name, of] = second === null ? [first, null] : [second, first];
  return name === null ? null : { name, package: of, version };
}

export function mergeReferences(all: readonly References[]): References {
  let merged = noReferences;
  for (const one of all) {
    if (isEmpty(one)) continue;
    merged = isEmpty(merged)
      ? one
      : { refs: [...merged.refs, ...one.refs], sources: [...merged.sources, ...one.sources] };
  }
  return merged;
}

const noReferences: References = { refs: [], sources: [] };

const isEmpty = ({ refs, sources }: References): boolean => refs.length + sources.length === 0;

function textsOf(site: CallSite, parameters: readonly string[]): Map<string, string> | undefined {
  const texts = new Map<string, string>();
  for (const [name, expr] of argumentsOf(site, parameters)) {
    const value = literalOf(expr);
    if (value === null) continue;
    if (typeof value !== "string") return undefined;
    texts.set(name, value);
  }
  return texts;
}
