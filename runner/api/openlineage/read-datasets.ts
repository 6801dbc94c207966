import { isEphemeral } from "../../graph/relation-nodes.ts";
import { fileDataset, relationDataset } from "../../artifacts/openlineage/datasets.ts";
import type { DatasetName } from "../../artifacts/openlineage/datasets.ts";
import type { AnyNode, Graph } from "../../graph/types.ts";
import { externalPath } from "../../plan/external/external-path.ts";
import { datasetFolder } from "../../project/landing.ts";
import { stagedNames } from "../../project/staging-names.ts";
import { externalPlaces } from "../compile-nodes.ts";
import { fileOf } from "../open-project.ts";
import type { OpenProject } from "../open-project.ts";

/** What a node is in the warehouse, or a landed source on disk; null: nothing of its own, as an ephemeral model. */
export function datasetOf(open: OpenProject, node: AnyNode): DatasetName | null {
  const { target, landing, stagingSchema } = open.project;
  switch (node.resourceType) {
    case "source": {
      if (!node.landing) return relationDataset(target, node.relation);
      if (target.type === "duckdb")
        return fileDataset(datasetFolder(landing, node.sourceName, node.identifier));
      const { table } = stagedNames(node.sourceName, node.identifier);
      return relationDataset(target, { database: null, schema: stagingSchema, identifier: table });
    }
    case "model":
      if (isEphemeral(node)) return null;
      return relationDataset(target, open.deferred.get(node.uniqueId) ?? node.relation);
    case "seed":
    case "snapshot":
      return relationDataset(target, open.deferred.get(node.uniqueId) ?? node.relation);
    default:
      return null;
  }
}

/** The file that a seed is loaded from, or that an external model is written to. */
export function fileDatasetOf(open: OpenProject, node: AnyNode): DatasetName | null {
  if (node.resourceType === "seed") return fileDataset(fileOf(open, node));
  if (node.resourceType !== "model" || node.config.materialized !== "external") return null;
  const path = externalPath(node, externalPlaces(open));
  return path === undefined ? null : fileDataset(path);
}

/** The relations that a node reads, through what is ephemeral, each once. */
export function readNodes(graph: Graph, uniqueId: string): readonly AnyNode[] {
  const found = new Map<string, AnyNode>();
  const visit = (id: string): void => {
    for (const parent of graph.parents.get(id) ?? []) {
      const node = graph.nodes.get(parent) ?? graph.sources.get(parent);
      if (isEphemeral(node)) visit(parent);
      else if (node) found.set(parent, node);
    }
  };
  visit(uniqueId);
  return [...found.values()];
}
