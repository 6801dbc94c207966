import { md5 } from "../base/hash.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { Graph, Relation } from "../graph/types.ts";
import { manifestNode } from "./manifest-nodes.ts";
import type { CompiledNode, NodeContext } from "./manifest-nodes.ts";
import { manifestDoc, manifestExposure, manifestMacro, manifestSource } from "./manifest-resources.ts";
import { metadataOf } from "./metadata.ts";
import type { Invocation } from "./metadata.ts";
import { inferPrimaryKeys } from "./primary-keys.ts";

export type ManifestFacts = Invocation & {
  /** `duckdb` */
  readonly adapterType: string;
  /** Folder of the artifacts, relative to the project: `target`. */
  readonly targetPath: string;
  /** The dialect's spelling of a relation. */
  readonly quoteRelation: (relation: Relation) => string;
};

/**
 * `manifest.json`, version 12: the whole project as data. Entries are in the order of their ids, so that two
 * manifests differ only where the projects do. `compiled` holds what has been compiled; the others say so.
 */
export function manifest(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
): JsonObject {
  const { quoteRelation } = facts;
  const context: NodeContext = {
    compiled,
    quoteRelation,
    targetPath: facts.targetPath,
    parents: graph.parents,
    primaryKeys: inferPrimaryKeys(graph),
  };
  return {
    metadata: {
      ...metadataOf("manifest", facts),
      project_name: graph.projectName,
      project_id: md5(graph.projectName),
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: facts.adapterType,
      quoting: { database: true, schema: true, identifier: true, column: null },
      run_started_at: facts.startedAt,
    },
    nodes: byId(graph.nodes, (node) => manifestNode(node, context)),
    sources: byId(graph.sources, (node) => manifestSource(node, quoteRelation)),
    macros: byId(graph.macros, manifestMacro),
    docs: byId(graph.docs, manifestDoc),
    exposures: byId(graph.exposures, (node) =>
      manifestExposure(node, graph.parents.get(node.uniqueId) ?? []),
    ),
    metrics: {},
    groups: {},
    selectors: {},
    disabled: byId(graph.disabled, (node) => [manifestNode(node, context)]),
    parent_map: byId(graph.parents, (parents) => parents.toSorted()),
    child_map: byId(graph.children, (children) => children.toSorted()),
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  };
}

function byId<T>(all: ReadonlyMap<string, T>, entry: (value: T) => Json): JsonObject {
  const ids = [...all.keys()].toSorted();
  return Object.fromEntries(ids.map((id) => [id, entry(all.get(id)!)]));
}
