import { join } from "node:path";
import { resolveInside } from "../../base/files.ts";
import type { ModelNode } from "../../graph/types.ts";

/** Where external models may lie: inside the project, in `folder` unless they say otherwise. Absolute. */
export type ExternalPlaces = { readonly root: string; readonly folder: string };

export type ExternalFormat = "parquet" | "csv" | "json";

/** As configured, else as the location ends, else Parquet. */
export function externalFormat({ config }: ModelNode): ExternalFormat {
  const ending = /\.(parquet|csv|json)$/.exec(config.location ?? "")?.[1] as ExternalFormat | undefined;
  return config.format ?? ending ?? "parquet";
}

export const isPartitioned = ({ config }: ModelNode): boolean => config.partition_by.length > 0;

/** The file, or the folder of a partitioned model; undefined when it would lie outside the project. */
export function externalPath(node: ModelNode, { root, folder }: ExternalPlaces): string | undefined {
  const { location } = node.config;
  const name = isPartitioned(node) ? node.alias : `${node.alias}.${externalFormat(node)}`;
  const path = resolveInside(root, location ?? join(folder, name));
  return path === root ? undefined : path;
}
