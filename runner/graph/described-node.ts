import type { JsonObject } from "../base/json.ts";
import type { GraphNode, ModelNode, SeedNode, SnapshotNode } from "./types.ts";

/** The node as templates see it, in dbt's words, apart from its names in the warehouse. */
export function describedNode(node: GraphNode): JsonObject {
  return {
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    unique_id: node.uniqueId,
    path: node.path,
    original_file_path: node.originalFilePath,
    fqn: node.fqn,
    tags: node.tags,
    meta: node.meta,
    description: node.description,
    version: node.resourceType === "model" ? node.version : null,
    config: { materialized: node.resourceType, ...node.config } as unknown as JsonObject,
  };
}

/** The same with its columns and what it reads, once they are known. */
export function linkedNode(node: ModelNode | SeedNode | SnapshotNode): JsonObject {
  const columns = Array.from(node.columns, ([name, { description, dataType, meta, tags }]) => [
    name,
    { name, description, data_type: dataType, meta, tags },
  ]);
  return {
    ...describedNode(node),
    columns: Object.fromEntries(columns) as JsonObject,
    depends_on: { nodes: node.dependsOn.nodes, macros: node.dependsOn.macros },
  };
}
