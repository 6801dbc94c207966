import { didYouMean } from "../base/nearest.ts";
import { analyse } from "../template/analyse.ts";
import { topologicalOrder } from "./order.ts";
import { firstPlace } from "./references.ts";
import { globalSpecs } from "./specs.ts";
import type { AnyNode, ExposureNode, GraphNode, References, RelationNode, SourceNode } from "./types.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** What a `ref` or `source` can mean. */
export type Targets = {
  readonly refs: ReadonlyMap<string, RelationNode>;
  readonly sources: ReadonlyMap<string, SourceNode>;
};

/** Names to nodes; a model and a seed of one name are a problem, as with snapshots. */
export function targetsOf(
  workshop: Workshop,
  nodes: readonly RelationNode[],
  sources: readonly SourceNode[],
): Targets {
  const refs = new Map<string, RelationNode>();
  const relations = new Map<string, RelationNode>();
  for (const node of nodes) {
    const first = refs.get(node.name);
    if (first && first.resourceType !== node.resourceType) {
      report(
        workshop,
        node.place,
        "NAME_DUPLICATE",
        `${node.resourceType} "${node.name}" has the name of a ${first.resourceType} (${first.originalFilePath})`,
        "models, seeds and snapshots share one set of names",
      );
    }
    refs.set(node.name, node);
    if (!node.config.enabled || (node.resourceType === "model" && node.config.materialized === "ephemeral"))
      continue;
    const relation = `${node.relation.schema}.${node.relation.identifier}`.toLowerCase();
    const twin = relations.get(relation);
    if (twin && twin.name !== node.name) {
      report(
        workshop,
        node.place,
        "RELATION_DUPLICATE",
        `"${node.name}" and "${twin.name}" would both be the relation ${relation}`,
        "give one of them another alias or schema",
      );
    }
    relations.set(relation, node);
  }
  return { refs, sources: new Map(sources.map((source) => [`${source.sourceName}.${source.name}`, source])) };
}

/** Unique ids of what a node refers to, sources last; unknown names are problems at the node's calls. */
export function resolve(
  workshop: Workshop,
  node: GraphNode | ExposureNode,
  references: References,
  targets: Targets,
  isOn: boolean,
): string[] {
  const ids = new Set<string>();
  const complain = (code: string, message: string, hint: string | undefined, call: string): void => {
    if (isOn) report(workshop, placeOfCall(workshop, node, call), code, message, hint);
  };
  for (const { name, package: packageName } of references.refs) {
    const found = targets.refs.get(name);
    if (packageName !== null && packageName !== workshop.project.name) {
      complain(
        "PACKAGE_UNKNOWN",
        `no package is named "${packageName}"`,
        didYouMean(packageName, [workshop.project.name]),
        name,
      );
    } else if (!found)
      complain(
        "REF_UNKNOWN",
        `no model or seed is named "${name}"`,
        didYouMean(name, targets.refs.keys()),
        name,
      );
    else if (!found.config.enabled)
      complain(
        "REF_DISABLED",
        `"${name}" is switched off (enabled: false)`,
        `enable it, or stop referring to it`,
        name,
      );
    else ids.add(found.uniqueId);
  }
  for (const { source, table } of references.sources) {
    const found = targets.sources.get(`${source}.${table}`);
    if (found) ids.add(found.uniqueId);
    else {
      const known = [...targets.sources.keys()];
      const hint = didYouMean(`${source}.${table}`, known) ?? "declare it under sources: in a property file";
      complain(
        "SOURCE_UNKNOWN",
        `no source table is declared as "${source}.${table}"`,
        hint,
        `${source}.${table}`,
      );
    }
  }
  return [...ids];
}

/** The place of the first mention of `name` within a tag of the node's own text, else the node's. */
export function placeOfCall(
  workshop: Workshop,
  node: GraphNode | ExposureNode,
  name: string,
): AnyNode["place"] {
  // The text of the others is our own.
  const isWritten = node.resourceType === "model" || (node.resourceType === "test" && node.generic === null);
  const template = isWritten ? workshop.templates.get(node.uniqueId) : undefined;
  if (template === undefined) return node.place;
  return firstPlace(analyse(template, workshop.library, globalSpecs), name) ?? node.place;
}

/** Puts nodes in an order in which parents come first; each cycle is one problem that names the way round. */
export function orderNodes(workshop: Workshop, nodes: readonly GraphNode[]): readonly GraphNode[] {
  const byId = new Map(nodes.map((node) => [node.uniqueId, node]));
  const parents = new Map(
    nodes.map((node) => [node.uniqueId, node.dependsOn.nodes.filter((id) => byId.has(id))]),
  );
  for (;;) {
    const found = topologicalOrder(parents);
    if ("order" in found) return found.order.map((id) => byId.get(id)!);
    const [parent, child] = found.cycle.map((id) => byId.get(id)!);
    report(
      workshop,
      placeOfCall(workshop, child!, parent!.name),
      "CYCLE",
      `models refer to each other in a circle: ${found.cycle.map((id) => byId.get(id)!.name).join(" → ")}`,
      "one of these references has to go",
    );
    // The circle is cut where it was told, so that another one is found too.
    parents.set(
      child!.uniqueId,
      parents.get(child!.uniqueId)!.filter((id) => id !== parent!.uniqueId),
    );
  }
}
