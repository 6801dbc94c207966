import { plainPlace } from "../base/problems.ts";
import type { Place } from "../base/problems.ts";
import type { Project, ResourceKind } from "../project/types.ts";
import { holds } from "./resolve-config.ts";
import type { RelationNode } from "./types.ts";

/** Whose hooks they are: its kind, its package with the folders that it is in and its name. */
export type HookOwner = {
  readonly kind: ResourceKind;
  readonly fqn: readonly string[];
  /** null: of the project itself. */
  readonly package: string | null;
};

export const hookOwner = (
  { resourceType, fqn, packageName }: Pick<RelationNode, "resourceType" | "fqn" | "packageName">,
  project: Pick<Project, "name">,
): HookOwner => ({
  kind: `${resourceType}s`,
  fqn,
  package: packageName === project.name ? null : packageName,
});

/** Where a hook, or a header, is said of a folder; undefined: the node has it from elsewhere. */
export function placeOfHook(
  project: Pick<Project, "folderConfigs" | "packages">,
  owner: HookOwner,
  sql: string,
): Place | undefined {
  const of = project.packages.find(({ name }) => name === owner.package);
  const folders = of ? [...of.folderConfigs, ...of.above] : project.folderConfigs;
  const found = folders
    .filter((folder) => folder.kind === owner.kind && holds(folder, owner.fqn))
    .flatMap(({ hooks }) => hooks)
    .find((hook) => hook.sql === sql);
  return found && plainPlace(found.place);
}
