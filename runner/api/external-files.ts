import type { GraphNode } from "../graph/types.ts";
import { existsSync } from "node:fs";
import { settlePath } from "../execute/publish-path.ts";
import { externalPath, temporaryPath } from "../plan/external/external-path.ts";
import { externalPlaces } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";

/** What an external model is on disk, absolute: a file, or a folder of them; null: the warehouse has all of the node. */
export const filesOf = (open: OpenProject, node: GraphNode): string | null =>
  node.resourceType === "model" && node.config.materialized === "external"
    ? (externalPath(node, externalPlaces(open)) ?? null)
    : null;

export const isOnDisk = (path: string | null): boolean => path === null || existsSync(path);

/** Before anybody reads what external models have on disk: of those of the run, and of what its nodes refer to. */
export function settleFiles(open: OpenProject, nodes: readonly GraphNode[]): void {
  const { parents, nodes: all } = open.parsed.graph;
  const ids = new Set(nodes.flatMap(({ uniqueId }) => [uniqueId, ...(parents.get(uniqueId) ?? [])]));
  for (const id of ids) {
    const node = all.get(id);
    const path = node === undefined ? null : filesOf(open, node);
    if (path !== null) settlePath(temporaryPath(path), path);
  }
}
