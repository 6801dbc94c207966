import { didYouMean } from "../base/nearest.ts";
import type { Place } from "../base/problems.ts";
import type { AnyNode, GraphNode, GroupNode, ModelConfig, RelationNode } from "./types.ts";
import { describe, pathOf, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** The groups that property files declare; a name is one group in all packages together, as nodes know them by it. */
export function groupNodes(workshop: Workshop): GroupNode[] {
  const { project } = workshop;
  const seen = new Map<string, Place>();
  return project.properties.groups.flatMap((group) => {
    const { name, place, description, owner, meta } = group;
    const first = seen.get(name);
    if (first !== undefined) {
      const message = `group "${name}" is also in ${first.file}:${first.line}`;
      report(workshop, place, "NAME_DUPLICATE", message, "rename one of the two");
      return [];
    }
    seen.set(name, place);
    if (owner["name"] === undefined && owner["email"] === undefined)
      report(
        workshop,
        place,
        "GROUP_INVALID",
        `the owner of "${name}" has no name and no email`,
        "say who answers for it: owner: {name: …, email: …}",
      );
    const file = pathOf(workshop, place);
    return [
      {
        uniqueId: `group.${project.name}.${name}`,
        name,
        packageName: project.name,
        path: file.slice(file.indexOf("/") + 1),
        originalFilePath: file,
        description: describe(workshop, description, place),
        owner,
        meta,
      },
    ];
  });
}

/** Groups that nobody declares. */
export function checkGroups(
  workshop: Workshop,
  nodes: readonly GraphNode[],
  groups: readonly GroupNode[],
): void {
  const known = new Set(groups.map(({ name }) => name));
  for (const node of nodes) {
    const { group } = node.config;
    if (group === null || known.has(group) || !node.config.enabled) continue;
    const hint = didYouMean(group, known) ?? "declare it under groups: in a property file, with its owner";
    report(workshop, node.place, "GROUP_UNKNOWN", `no group is named "${group}"`, hint);
  }
}

/** What everybody may refer to has to be there for everybody. */
export function checkAccess(
  workshop: Workshop,
  { access, materialized }: ModelConfig,
  name: string,
  place: Place,
): void {
  if (access !== "public" || materialized !== "ephemeral") return;
  const message = `"${name}" is public and ephemeral: there is nothing that others could read`;
  report(workshop, place, "ACCESS_INVALID", message, "materialize it, or make it protected");
}

/** Why a node may not refer to another; null: it may. dbt's rules: what has no group, as exposures, is in none. */
export function refusedAccess(
  workshop: Workshop,
  from: AnyNode,
  to: RelationNode,
): { readonly code: string; readonly message: string; readonly hint: string } | null {
  if (to.resourceType !== "model" || from.resourceType === "unit_test") return null;
  const { access, group } = to.config;
  const isRestricted = from.packageName !== to.packageName && workshop.restricted.has(to.packageName);
  if (access === "private") {
    const own = "config" in from ? from.config.group : undefined;
    if (own === group && !isRestricted) return null;
    const owner = group === null ? `the models of no group` : `the group "${group}"`;
    const whose = own ? `"${from.name}" is of the group "${own}"` : `"${from.name}" is of no group`;
    const message = `"${to.name}" is private to ${owner}: ${whose}`;
    const hint = `refer to a model of that group that is not private, or make "${to.name}" protected`;
    return { code: "REF_PRIVATE", message, hint };
  }
  if (access === "public" || !isRestricted) return null;
  const message = `"${to.name}" is protected within "${to.packageName}", which restricts access`;
  return { code: "REF_PROTECTED", message, hint: `refer to a model that "${to.packageName}" makes public` };
}
