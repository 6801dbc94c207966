import type { Problem } from "../../base/problems.ts";
import type { ContractBreak } from "../../graph/select/term.ts";
import type { Graph, ModelNode } from "../../graph/types.ts";
import { nameWithVersion } from "../../graph/versions.ts";
import { constraintsOf, isEnforced, objectOf, textOf, typeOf } from "./entry-parts.ts";
import type { Entries, Entry } from "./read-state.ts";

/**
 * Promises of contracts that were enforced then and are not kept now, dbt's rule: with a version it is an error, as those who refer to it
 * were promised that it stays; else a warning. What is added, and what nobody enforced, breaks nothing. `now`: milliseconds since 1970.
 */
export function contractBreaks(graph: Graph, then: Entries, now: number): ContractBreak[] {
  return Object.entries(then).flatMap(([id, entry]): ContractBreak[] => {
    if (!id.startsWith("model.") || !isEnforced(objectOf(entry["config"])["contract"])) return [];
    const node = graph.nodes.get(id);
    if (node !== undefined) return node.resourceType === "model" ? brokenBy(node, entry) : [];
    const deprecated = Date.parse(textOf(entry["deprecation_date"]));
    if (deprecated <= now) return [];
    const name = id.split(".").slice(2).join(".");
    const what = graph.disabled.has(id) ? "was switched off" : "is not there any more";
    const message = `the contract of "${name}" is broken: the model ${what}`;
    const file = textOf(entry["patch_path"]).replace(/^.*:\/\//, "") || textOf(entry["original_file_path"]);
    return [broken({ file, line: 1, column: 1 }, message, (entry["version"] ?? null) !== null)];
  });
}

function brokenBy(node: ModelNode, entry: Entry): ContractBreak[] {
  const broke = isEnforced(node.config.contract)
    ? [...brokenColumns(node, entry), ...brokenConstraints(node, entry)]
    : ["it is not enforced any more"];
  if (broke.length === 0) return [];
  const message = `the contract of "${nameWithVersion(node)}" is broken: ${broke.join("; ")}`;
  return [broken(node.place, message, node.version !== null)];
}

function brokenColumns(node: ModelNode, entry: Entry): string[] {
  return Object.entries(objectOf(entry["columns"])).flatMap(([name, column]) => {
    const now = node.columns.get(name);
    if (now === undefined) return [`the column "${name}" was removed`];
    const before = typeOf(column);
    const type = (now.dataType ?? "").toLowerCase();
    return type === before ? [] : [`the type of "${name}" was ${before} and is ${type || "not said"}`];
  });
}

const brokenConstraints = (node: ModelNode, entry: Entry): string[] => {
  const kept = new Set(constraintsOf(node).map((constraint) => constraint.key));
  return constraintsOf(entry)
    .filter((constraint) => !kept.has(constraint.key))
    .map((constraint) => `the constraint ${constraint.words} was removed`);
};

function broken(
  { file, line, column }: Pick<Problem, "file" | "line" | "column">,
  message: string,
  isError: boolean,
): ContractBreak {
  const hint = isError
    ? "leave this version as it was promised, and make the change in a new one"
    : "give the model versions, so that who refers to it can move when it suits them";
  return { problem: { file, line, column, code: "CONTRACT_BROKEN", message, hint }, isError };
}
