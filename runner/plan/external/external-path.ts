import { join } from "node:path";
import { resolveInside } from "../../base/files.ts";
import { externalFormat, isPartitioned } from "../../graph/external-files.ts";
import type { ModelNode } from "../../graph/types.ts";

/** Where external models may lie: inside the project, in `folder` unless they say otherwise. Absolute. */
export type ExternalPlaces = { readonly root: string; readonly folder: string };

/** Where what will lie at `path` is written. */
export const temporaryPath = (path: string): string => `${path}.statloom_tmp`;

/** The file, or the folder of a partitioned model; undefined when it would lie outside the project. */
export function externalPath(node: ModelNode, { root, folder }: ExternalPlaces): string | undefined {
  const { location } = node.config;
  const name = isPartitioned(node.config) ? node.alias : `${node.alias}.${externalFormat(node.config)}`;
  const path = resolveInside(root, location ?? join(folder, name));
  return path === root ? undefined : path;
}
