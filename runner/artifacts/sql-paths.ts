import type { GraphNode } from "../graph/types.ts";

/**
 * Where a node's SQL lies below `target/compiled` and `target/run`, as in dbt:
 * `<package>/models/staging/stg_x.sql`, and for a generic test or a snapshot `<package>/models/schema.yml/unique_stg_x_id.sql`.
 */
export function sqlPath(node: GraphNode): string {
  if (node.resourceType === "snapshot") {
    return `${node.packageName}/${node.originalFilePath}/${node.name}.sql`;
  }
  const generic = node.resourceType === "test" && node.generic !== null;
  const file = generic
    ? `${node.originalFilePath}/${node.path.slice(node.path.lastIndexOf("/") + 1)}`
    : node.originalFilePath;
  return `${node.packageName}/${file}`;
}

/** The SQL of a node as a person opens it from the project's folder: `target/compiled/shop/models/a.sql`. */
export const compiledPath = (targetPath: string, node: GraphNode): string =>
  `${targetPath}/compiled/${sqlPath(node)}`;
