import { didYouMean } from "../base/nearest.ts";
import { plainPlace } from "../base/problems.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Template } from "../template/types.ts";
import { analyse } from "../template/analyse.ts";
import { refusedAccess } from "./access.ts";
import type { Targets } from "./packaged-names.ts";
import { hookOwner, placeOfHook } from "./hook-places.ts";
import { firstPlace } from "./references.ts";
import { globalSpecs } from "./specs.ts";
import type {
  AnyNode,
  ExposureNode,
  GraphNode,
  References,
  RefCall,
  RelationNode,
  SourceNode,
  UnitTestNode,
} from "./types.ts";
import { baseOfVersion, knownVersions } from "./version-files.ts";
import { versionedName } from "./versions.ts";
import { reportOnce } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** What is wrong with a call, and the name by which it is found in the node's text. */
type Fault = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly call: string;
};
type Referring = GraphNode | ExposureNode | UnitTestNode;

const nowhere: readonly string[] = [];

/** Unique ids of what a node refers to, sources last; unknown names are problems at the node's calls. */
export function resolve(
  workshop: Workshop,
  node: Referring,
  { refs, sources }: References,
  targets: Targets,
  isOn: boolean,
): readonly string[] {
  // Most refer to one: a list that is made with it is no longer than that.
  let ids = nowhere;
  const add = (id: string): void => {
    if (ids === nowhere) ids = [id];
    else if (!ids.includes(id)) (ids as string[]).push(id);
  };
  for (let i = 0; i < refs.length; i++) {
    const call = refs[i]!;
    const found = targets.refs.find(versionedName(call.name, call.version), call.package, node.packageName);
    const isMeant = found.length === 1 && found[0]!.config.enabled;
    if (isMeant) add(found[0]!.uniqueId);
    const fault = isMeant
      ? refusal(workshop, node, call, found[0]!)
      : faultOf(workshop, node, call, found, targets);
    if (fault !== null && isOn) tell(workshop, node, fault, call.package);
  }
  for (let i = 0; i < sources.length; i++) {
    const { source, table } = sources[i]!;
    const call = `${source}.${table}`;
    const found = targets.sources.find(call, null, node.packageName);
    if (found.length === 1) add(found[0]!.uniqueId);
    else if (isOn) tell(workshop, node, sourceFault(call, found, targets));
  }
  // What is pushed to has room for sixteen more, and these are kept.
  return ids.length > 1 ? ids.slice() : ids;
}

const tell = (
  workshop: Workshop,
  node: Referring,
  { code, message, hint, call }: Fault,
  of?: string | null,
) => {
  const place = plainPlace(placeOfCall(workshop, node, call, of));
  reportOnce(workshop, { ...place, code, message, ...(hint && { hint }) });
};

function refusal(
  workshop: Workshop,
  node: Referring,
  { name, version }: RefCall,
  to: RelationNode,
): Fault | null {
  const refused = refusedAccess(workshop, node, to);
  return refused && { ...refused, call: versionedName(name, version) };
}

/** Why a reference is to none, to several, or to what is switched off; null: that is told already. */
function faultOf(
  workshop: Workshop,
  node: Referring,
  call: RefCall,
  found: readonly RelationNode[],
  targets: Targets,
): Fault | null {
  const { name, package: of, version } = call;
  const packages = [workshop.rootName, ...workshop.project.packages.map((one) => one.name)];
  if (of !== null && !packages.includes(of)) {
    const hint = didYouMean(of, packages) ?? "packages are named under packages: in sql_project.yaml";
    return { code: "PACKAGE_UNKNOWN", message: `no package is named "${of}"`, hint, call: name };
  }
  const called = versionedName(name, version);
  if (found.length === 0) return { ...unknownRef(call, targets, node), call: called };
  if (found.length > 1) {
    // Of two in one package it is told already that they have one name.
    if (found.every(({ packageName }) => packageName === found[0]!.packageName)) return null;
    const message = `the packages ${ownersOf(found)} have a "${name}" each`;
    const hint = `say which: ref('${found[0]!.packageName}', '${name}')`;
    return { code: "REF_AMBIGUOUS", message, hint, call: name };
  }
  const message = `"${called}" is switched off (enabled: false)`;
  return { code: "REF_DISABLED", message, hint: `enable it, or stop referring to it`, call: name };
}

function sourceFault(call: string, found: readonly SourceNode[], { sources }: Targets): Fault {
  if (found.length > 0) {
    const message = `the packages ${ownersOf(found)} declare a "${call}" each`;
    const hint = "declare it in the project itself: its own sources come first";
    return { code: "SOURCE_AMBIGUOUS", message, hint, call };
  }
  const hint = didYouMean(call, sources.keys()) ?? "declare it under sources: in a property file";
  return { code: "SOURCE_UNKNOWN", message: `no source table is declared as "${call}"`, hint, call };
}

const ownersOf = (nodes: readonly { readonly packageName: string }[]): string =>
  nodes.map((one) => `"${one.packageName}"`).join(" and ");

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
  const from = node.packageName === workshop.rootName ? null : node.packageName;
  const placeIn = (template: Template): AnyNode["place"] | undefined =>
    firstPlace(analyse(template, workshop.library, globalSpecs, from), name, of);
  // The text of the others is our own.
  const isWritten = node.resourceType === "model" || (node.resourceType === "test" && node.generic === null);
  const template = isWritten ? workshop.templates.get(node.uniqueId) : undefined;
  const written = template && placeIn(template);
  if (written) return written;
  if (node.resourceType !== "model" && node.resourceType !== "snapshot") return node.place;
  const { pre_hook, post_hook } = node.config;
  const hook = [...pre_hook, ...post_hook].find(({ sql }) => placeIn(parseTemplate("", sql).template));
  const owner = hookOwner(node, { name: workshop.rootName });
  return (hook && placeOfHook(workshop.project, owner, hook.sql)) ?? node.place;
}
