import { PackagedNames } from "./packaged-names.ts";
import type { Targets } from "./packaged-names.ts";
import { RelationNames } from "./relation-names.ts";
import { isEphemeral } from "./relation-nodes.ts";
import type { Relation, RelationNode, SourceNode } from "./types.ts";
import { isLatestVersion, nameWithVersion, pointerOf, versionedName } from "./versions.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Names to nodes; a model and a seed of one name in one package are a problem, as are two nodes that would be one relation. */
export function targetsOf(
  workshop: Workshop,
  nodes: readonly RelationNode[],
  sources: readonly SourceNode[],
): Targets {
  const targets: Targets = {
    refs: new PackagedNames(workshop.rootName),
    sources: new PackagedNames(workshop.rootName),
  };
  const owners = new RelationNames<RelationNode>();
  const claim = (node: RelationNode, relation: Relation): void => {
    const twin = owners.give(relation, node);
    // Two of one name in one package are told already.
    if (
      twin !== undefined &&
      !(nameWithVersion(twin) === nameWithVersion(node) && twin.packageName === node.packageName)
    )
      reportTwins(workshop, node, twin, relation);
  };
  for (const node of nodes) {
    const name = nameWithVersion(node);
    const first = targets.refs.add(name, node)
      ? undefined
      : targets.refs.find(name, node.packageName, node.packageName)[0];
    if (first && first.resourceType !== node.resourceType && first.config.enabled && node.config.enabled) {
      report(
        workshop,
        node.place,
        "NAME_DUPLICATE",
        `${node.resourceType} "${node.name}" has the name of a ${first.resourceType} (${first.place.file})`,
        "models, seeds and snapshots share one set of names",
      );
    }
    if (isLatestVersion(node)) targets.refs.add(node.name, node);
    // That nothing is no name is told already.
    if (!node.config.enabled || isEphemeral(node) || node.relation.identifier.trim() === "") continue;
    claim(node, node.relation);
    const pointer = node.resourceType === "model" ? pointerOf(node) : null;
    if (pointer !== null) claim(node, pointer);
  }
  // A template that says v=1.0 says 1: that is the version 1.0, where there is no 1.
  for (const node of nodes) {
    if (node.resourceType !== "model" || node.version === null) continue;
    const short = versionedName(node.name, String(node.version).replace(/\.0$/, ""));
    if (targets.refs.find(short, node.packageName, node.packageName).length === 0)
      targets.refs.add(short, node);
  }
  for (const source of sources) targets.sources.add(`${source.sourceName}.${source.name}`, source);
  return targets;
}

function reportTwins(workshop: Workshop, node: RelationNode, twin: RelationNode, relation: Relation): void {
  const [here, there] =
    nameWithVersion(twin) === nameWithVersion(node)
      ? [`${node.packageName}.${node.name}`, `${twin.packageName}.${twin.name}`]
      : [nameWithVersion(node), nameWithVersion(twin)];
  const name = `${relation.schema}.${relation.identifier}`.toLowerCase();
  const message = `"${here}" and "${there}" would both be the relation ${name}`;
  report(workshop, node.place, "RELATION_DUPLICATE", message, "give one of them another alias or schema");
}
