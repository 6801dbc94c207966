import { didYouMean } from "../base/nearest.ts";
import type { JsonObject } from "../base/json.ts";
import type { Place, Problem } from "../base/problems.ts";
import { literalOf } from "../template/literal-of.ts";
import type { Analysis, CallSite, Expr } from "../template/types.ts";
import { REF_PARAMETERS, SOURCE_PARAMETERS } from "./specs.ts";
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
  analysis: Analysis,
  vars: JsonObject,
): { references: References; problems: Problem[] } {
  const refs = new Map<string, RefCall>();
  const sources = new Map<string, SourceCall>();
  const problems: Problem[] = [];
  for (const site of analysis.calls) {
    const problem = (code: string, message: string, hint?: string): void => {
      const { file, line, column } = site.place;
      problems.push({ file, line, column, code, message, ...(hint && { hint }) });
    };
    if (site.name === "ref") {
      const call = readRef(site);
      if (call === undefined)
        problem(
          "REF_DYNAMIC",
          "ref needs literal names",
          "lineage is found before anything is rendered: write the model's name in quotes",
        );
      else refs.set(`${call.package ?? ""}.${call.name}.${call.version ?? ""}`, call);
    } else if (site.name === "source") {
      const given = textsOf(site, SOURCE_PARAMETERS);
      if (given === undefined)
        problem(
          "SOURCE_DYNAMIC",
          "source needs literal names",
          "lineage is found before anything is rendered: write the names in quotes",
        );
      else {
        const call = { source: given.get("source") ?? "", table: given.get("table") ?? "" };
        sources.set(`${call.source}.${call.table}`, call);
        const part = given.get("part");
        if (part !== undefined && !LANDING_PARTS.includes(part)) {
          problem(
            "SOURCE_PART_UNKNOWN",
            `"${part}" is not a part of a landed dataset`,
            didYouMean(part, LANDING_PARTS) ?? `known parts: ${LANDING_PARTS.join(", ")}`,
          );
        }
      }
    } else if (site.name === "var") {
      const given = argumentsOf(site, ["name", "default"]);
      const expr = given.get("name");
      const name = expr && literalOf(expr);
      if (typeof name === "string" && !Object.hasOwn(vars, name) && !given.has("default")) {
        problem(
          "VAR_UNKNOWN",
          `no var is named "${name}"`,
          didYouMean(name, Object.keys(vars)) ??
            "set it under vars: in the project file or with --vars, or give a default",
        );
      }
    }
  }
  return { references: { refs: [...refs.values()], sources: [...sources.values()] }, problems };
}

/** Where a node is first named: a ref by the last of its names, a source as `source.table`. */
export function firstPlace({ calls }: Analysis, name: string, of?: string | null): Place | undefined {
  const found = calls.find((site) => {
    if (site.name === "ref") {
      const call = readRef(site);
      if (call === undefined || (of !== undefined && call.package !== of)) return false;
      return versionedName(call.name, call.version) === name || call.name === name;
    }
    const given = site.name === "source" ? textsOf(site, SOURCE_PARAMETERS) : undefined;
    return `${given?.get("source")}.${given?.get("table")}` === name;
  });
  return found?.place;
}

/** `ref('m')`, `ref('package', 'm')`, `ref('m', v=2)`; undefined: not all of it is literal. */
function readRef(site: CallSite): RefCall | undefined {
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
  return { name: name ?? "", package: of, version };
}

export const mergeReferences = (all: readonly References[]): References => ({
  refs: all.flatMap(({ refs }) => refs),
  sources: all.flatMap(({ sources }) => sources),
});

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
