import { isEphemeral } from "./relation-nodes.ts";
import { didYouMean } from "../base/nearest.ts";
import { analyse } from "../template/analyse.ts";
import { refusedAccess } from "./access.ts";
import { topologicalOrder } from "./order.ts";
import { PackagedNames } from "./packaged-names.ts";
import type { Targets } from "./packaged-names.ts";
import { firstPlace } from "./references.ts";
import { globalSpecs } from "./specs.ts";
import type {
  AnyNode,
  ExposureNode,
  GraphNode,
  References,
  RefCall,
  Relation,
  RelationNode,
  SourceNode,
  UnitTestNode,
} from "./types.ts";
import { baseOfVersion, knownVersions } from "./version-files.ts";
import { isLatestVersion, pointerOf, nameWithVersion, versionedName } from "./versions.ts";
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
  const relations = new Map<string, RelationNode>();
  for (const node of nodes) {
    const [first] = targets.refs.find(nameWithVersion(node), node.packageName, node.packageName);
    if (first && first.resourceType !== node.resourceType) {
      report(
        workshop,
        node.place,
        "NAME_DUPLICATE",
        `${node.resourceType} "${node.name}" has the name of a ${first.resourceType} (${first.place.file})`,
        "models, seeds and snapshots share one set of names",
      );
    }
    targets.refs.add(nameWithVersion(node), node);
    if (isLatestVersion(node)) targets.refs.add(node.name, node);
    if (!node.config.enabled || isEphemeral(node)) continue;
    for (const relation of relationsOf(node)) {
      const key = `${relation.schema}.${relation.identifier}`.toLowerCase();
      const twin = relations.get(key);
      // Two of one name in one package are told already.
      if (twin && !(nameWithVersion(twin) === nameWithVersion(node) && twin.packageName === node.packageName))
        reportTwins(workshop, node, twin, key);
      relations.set(key, node);
    }
  }
  for (const source of sources) targets.sources.add(`${source.sourceName}.${source.name}`, source);
  return targets;
}

const relationsOf = (node: RelationNode): readonly Relation[] => {
  const pointer = node.resourceType === "model" ? pointerOf(node) : null;
  return pointer === null ? [node.relation] : [node.relation, pointer];
};

function reportTwins(workshop: Workshop, node: RelationNode, twin: RelationNode, relation: string): void {
  const [here, there] =
    nameWithVersion(twin) === nameWithVersion(node)
      ? [`${node.packageName}.${node.name}`, `${twin.packageName}.${twin.name}`]
      : [nameWithVersion(node), nameWithVersion(twin)];
  const message = `"${here}" and "${there}" would both be the relation ${relation}`;
  report(workshop, node.place, "RELATION_DUPLICATE", message, "give one of them another alias or schema");
}

/** Unique ids of what a node refers to, sources last; unknown names are problems at the node's calls. */
export function resolve(
  workshop: Workshop,
  node: GraphNode | ExposureNode | UnitTestNode,
  references: References,
  targets: Targets,
  isOn: boolean,
): string[] {
  const ids = new Set<string>();
  const told = (
    code: string,
    message: string,
    hint: string | undefined,
    call: string,
    of?: string | null,
  ): void => {
    if (isOn) report(workshop, placeOfCall(workshop, node, call, of), code, message, hint);
  };
  for (const { name, package: packageName, version } of references.refs) {
    const complain = (code: string, message: string, hint: string | undefined, call: string): void =>
      told(code, message, hint, call, packageName);
    const [found, ...others] = targets.refs.find(versionedName(name, version), packageName, node.packageName);
    const packages = [workshop.rootName, ...workshop.project.packages.map((one) => one.name)];
    if (packageName !== null && !packages.includes(packageName)) {
      const hint =
        didYouMean(packageName, packages) ?? "packages are named under packages: in sql_project.yaml";
      complain("PACKAGE_UNKNOWN", `no package is named "${packageName}"`, hint, name);
    } else if (!found) {
      const { code, message, hint } = unknownRef({ name, package: packageName, version }, targets, node);
      complain(code, message, hint, versionedName(name, version));
    } else if (others.length > 0) {
      const owners = [found, ...others].map((one) => `"${one.packageName}"`).join(" and ");
      const hint = `say which: ref('${found.packageName}', '${name}')`;
      complain("REF_AMBIGUOUS", `the packages ${owners} have a "${name}" each`, hint, name);
    } else if (!found.config.enabled)
      complain(
        "REF_DISABLED",
        `"${versionedName(name, version)}" is switched off (enabled: false)`,
        `enable it, or stop referring to it`,
        name,
      );
    else {
      const refused = refusedAccess(workshop, node, found);
      if (refused !== null)
        complain(refused.code, refused.message, refused.hint, versionedName(name, version));
      ids.add(found.uniqueId);
    }
  }
  for (const { source, table } of references.sources) {
    const name = `${source}.${table}`;
    const [found, ...others] = targets.sources.find(name, null, node.packageName);
    if (found && others.length === 0) ids.add(found.uniqueId);
    else if (found) {
      const owners = [found, ...others].map((one) => `"${one.packageName}"`).join(" and ");
      const hint = "declare it in the project itself: its own sources come first";
      told("SOURCE_AMBIGUOUS", `the packages ${owners} declare a "${name}" each`, hint, name);
    } else {
      const hint = didYouMean(name, targets.sources.keys()) ?? "declare it under sources: in a property file";
      told("SOURCE_UNKNOWN", `no source table is declared as "${name}"`, hint, name);
    }
  }
  return [...ids];
}

/** What is wrong with a reference to nothing: the name, or the version. */
export function unknownRef(
  { name, package: of, version }: RefCall,
  { refs }: Targets,
  { packageName }: { readonly packageName: string },
): { readonly code: string; readonly message: string; readonly hint: string | undefined } {
  const [latest] = version === null ? [] : refs.find(name, of, packageName);
  if (latest === undefined) {
    const what = of === null ? "is named" : `of the package "${of}" is named`;
    const message = `no model, seed or snapshot ${what} "${name}"`;
    const file = [...refs.keys()].find((key) => baseOfVersion(key) === name);
    if (file === undefined) return { code: "REF_UNKNOWN", message, hint: didYouMean(name, refs.keys()) };
    const hint = `"${file}" looks like a version of it: list it under versions: of "${name}" in a property file`;
    return { code: "REF_UNVERSIONED", message, hint };
  }
  const known = [...refs.keys()].flatMap((key) =>
    key.startsWith(`${name}.v`) ? [key.slice(name.length + 2)] : [],
  );
  const message =
    known.length === 0
      ? `"${name}" is a ${latest.resourceType} without versions`
      : `"${name}" has no version ${version}`;
  const hint = known.length === 0 ? `write ref('${name}')` : knownVersions(known);
  return { code: "VERSION_UNKNOWN", message, hint };
}

/** The place of the first mention of `name` (by the package `of`) within a tag of the node's own text, else the node's. */
export function placeOfCall(
  workshop: Workshop,
  node: GraphNode | ExposureNode | UnitTestNode,
  name: string,
  of?: string | null,
): AnyNode["place"] {
  // The text of the others is our own.
  const isWritten = node.resourceType === "model" || (node.resourceType === "test" && node.generic === null);
  const template = isWritten ? workshop.templates.get(node.uniqueId) : undefined;
  if (template === undefined) return node.place;
  const from = node.packageName === workshop.rootName ? null : node.packageName;
  return firstPlace(analyse(template, workshop.library, globalSpecs, from), name, of) ?? node.place;
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
