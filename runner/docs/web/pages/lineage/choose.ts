import { select } from "../../../../graph/select/select.ts";
import type { AnyNode, Graph } from "../../../../graph/types.ts";
import type { GraphModel } from "./graph-model.ts";

export type Choice = {
  readonly places: ReadonlySet<number>;
  /** What is wrong with the selector, or what it does not find. */
  readonly problem: string | null;
};

/** What `models ls --select` of the same words would print, tests left out. */
export function choose(model: GraphModel, selector: string): Choice {
  const everything = (): Set<number> => new Set(model.nodes.keys());
  if (selector.trim() === "") return { places: everything(), problem: null };
  try {
    const { selected, warnings } = select(graphOf(model), {
      select: [selector],
      exclude: [],
      indirectSelection: "empty",
    });
    const places = new Set([...selected].map((id) => model.placeOf.get(id)!));
    const [warning] = warnings;
    return {
      places,
      problem: warning ? `${warning.message}${warning.hint ? `: ${warning.hint}` : ""}` : null,
    };
  } catch (error) {
    const { message, hint } = error as Error & { readonly hint?: string };
    return { places: everything(), problem: hint === undefined ? message : `${message}: ${hint}` };
  }
}

const graphs = new WeakMap<GraphModel, Graph>();

/** The part of the runner's graph that selectors look at. */
function graphOf(model: GraphModel): Graph {
  const known = graphs.get(model);
  if (known !== undefined) return known;
  const { nodes, children, facts } = model;
  const all = nodes.map(({ id, name, tags }, place) => {
    const [path, fqn, config, source, versions] = facts.nodes[place]!;
    const [resourceType, packageName] = id.split(".");
    return {
      uniqueId: id,
      resourceType,
      packageName,
      // A version is the last part of the name.
      name: source === null ? (fqn.at(versions ? -2 : -1) ?? name) : name.slice(source.length + 1),
      version: versions?.[0] ?? null,
      latestVersion: versions?.[1] ?? null,
      sourceName: source,
      originalFilePath: path,
      patchPath: null,
      fqn,
      tags,
      meta: facts.configs[config]!["meta"] ?? {},
      config: { group: null, ...facts.configs[config] },
    } as unknown as AnyNode;
  });
  const ofKind = (isWanted: (type: AnyNode["resourceType"]) => boolean): ReadonlyMap<string, AnyNode> =>
    new Map(all.filter(({ resourceType }) => isWanted(resourceType)).map((node) => [node.uniqueId, node]));
  const graph = {
    projectName: facts.project,
    nodes: ofKind((type) => type !== "source" && type !== "exposure"),
    sources: ofKind((type) => type === "source"),
    exposures: ofKind((type) => type === "exposure"),
    unitTests: new Map(),
    parents: new Map(nodes.map(({ id, parents }) => [id, parents.map((parent) => nodes[parent]!.id)])),
    children: new Map(
      children.map((list, place) => [nodes[place]!.id, list.map((child) => nodes[child]!.id)]),
    ),
  } as unknown as Graph;
  graphs.set(model, graph);
  return graph;
}

/** A selector of one node with what is above and below it, so many steps each; null: however far. */
export function focusSelector(
  model: GraphModel,
  place: number,
  up: number | null,
  down: number | null,
): string {
  const { id, name } = model.nodes[place]!;
  const [type] = id.split(".");
  const [, fqn] = model.facts.nodes[place]!;
  const own =
    type === "source" || type === "exposure"
      ? `${type}:${type === "source" ? name : fqn.at(-1)}`
      : fqn.join(".");
  const core = /\s/.test(own) ? `"${own}"` : own;
  const before = up === 0 ? "" : `${up ?? ""}+`;
  const after = down === 0 ? "" : `+${down ?? ""}`;
  return `${before}${core}${after}`;
}
