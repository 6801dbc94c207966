import type { Json, JsonObject } from "../base/json.ts";
import type { Graph, GraphNode, Relation } from "../graph/types.ts";
import { manifestMetadata } from "./manifest-head.ts";
import { manifestNode, manifestNodeText } from "./manifest-nodes.ts";
import type { CompiledNode, NodeContext } from "./manifest-nodes.ts";
import {
  manifestDoc,
  manifestExposure,
  manifestGroup,
  manifestMacro,
  manifestSource,
  manifestUnitTest,
} from "./manifest-resources.ts";
import type { Invocation } from "./metadata.ts";
import { inferPrimaryKey } from "./primary-keys.ts";

export type ManifestFacts = Invocation & {
  /** `duckdb` */
  readonly adapterType: string;
  /** Folder of the artifacts, relative to the project: `target`. */
  readonly targetPath: string;
  /** The dialect's spelling of a relation. */
  readonly quoteRelation: (relation: Relation) => string;
  /** What is said of a node's configuration, as written where its value depends on something outside the project. */
  readonly unrendered?: NodeContext["unrendered"];
  /** Definitions of `selectors.yml` by name. */
  readonly selectors?: JsonObject;
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
  const parts = Object.entries(manifestParts(graph, compiled, facts));
  return Object.fromEntries(
    parts.map(([key, part]) => [key, part instanceof Entries ? Object.fromEntries(part) : part]),
  );
}

/** The entry of one of the nodes, as it stands in the whole. */
export function manifestEntry(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
): (id: string) => string {
  const context = contextOf(graph, compiled, facts);
  return (id) => manifestNodeText(graph.nodes.get(id)!, context, new Map());
}

/**
 * What follows its head, an entry at a time: the whole of a large project's need not be in memory at once. `onEntry` is told of each node before its
 * text comes.
 */
export function* manifestRest(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
  onEntry?: (id: string) => void,
): Generator<string> {
  const { metadata: _, ...rest } = manifestParts(graph, compiled, facts);
  for (const [key, part] of Object.entries(rest)) {
    yield `,${JSON.stringify(key)}:`;
    if (part instanceof Entries) yield* part.text(key === "nodes" ? onEntry : undefined);
    else yield JSON.stringify(part);
  }
  yield "}";
}

function manifestParts(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
): Record<string, Json | Entries> {
  const { quoteRelation } = facts;
  const configs = new Map<GraphNode["config"], string>();
  const context = contextOf(graph, compiled, facts);
  return {
    metadata: manifestMetadata({ ...facts, projectName: graph.projectName }),
    nodes: byId(
      graph.nodes,
      (node) => manifestNode(node, context),
      (node) => manifestNodeText(node, context, configs),
    ),
    sources: byId(graph.sources, (node) => manifestSource(node, quoteRelation)),
    macros: byId(graph.macros, manifestMacro),
    docs: byId(graph.docs, manifestDoc),
    exposures: byId(graph.exposures, (node) =>
      manifestExposure(node, graph.parents.get(node.uniqueId) ?? []),
    ),
    metrics: {},
    groups: byId(graph.groups, manifestGroup),
    selectors: facts.selectors ?? {},
    disabled: byId(graph.disabled, (node) => [manifestNode(node, context)]),
    parent_map: byId(graph.parents, (parents) => parents.toSorted()),
    child_map: byId(graph.children, (children) => children.toSorted()),
    group_map: groupMap(graph),
    saved_queries: {},
    semantic_models: {},
    unit_tests: byId(graph.unitTests, (node) => manifestUnitTest(node, graph)),
    functions: {},
  };
}

const contextOf = (
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  { quoteRelation, targetPath, unrendered = () => ({}) }: ManifestFacts,
): NodeContext => ({
  compiled,
  quoteRelation,
  unrendered,
  targetPath,
  parents: graph.parents,
  primaryKey: (model) => inferPrimaryKey(graph, model),
});

/** Members by name of the group, as in dbt. */
function groupMap({ groups, nodes }: Graph): JsonObject {
  const members: Record<string, string[]> = {};
  for (const { name } of groups.values()) members[name] = [];
  for (const { uniqueId, config } of nodes.values())
    if (config.group !== null) members[config.group]?.push(uniqueId);
  for (const ids of Object.values(members)) ids.sort();
  return members;
}

/** The entries of one part of the manifest, each made when it is its turn. */
class Entries implements Iterable<[string, Json]> {
  readonly #ids: readonly string[];
  readonly #entry: (id: string) => Json;
  readonly #text: (id: string) => string;

  constructor(ids: readonly string[], entry: (id: string) => Json, text: (id: string) => string) {
    this.#ids = ids;
    this.#entry = entry;
    this.#text = text;
  }

  *[Symbol.iterator](): Generator<[string, Json]> {
    for (const id of this.#ids) yield [id, this.#entry(id)];
  }

  *text(onEntry?: (id: string) => void): Generator<string> {
    let before = "{";
    for (const id of this.#ids) {
      yield `${before}${JSON.stringify(id)}:`;
      onEntry?.(id);
      yield this.#text(id);
      before = ",";
    }
    yield this.#ids.length === 0 ? "{}" : "}";
  }
}

function byId<T>(
  all: ReadonlyMap<string, T>,
  entry: (value: T) => Json,
  text = (value: T): string => JSON.stringify(entry(value)),
): Entries {
  return new Entries(
    [...all.keys()].toSorted(),
    (id) => entry(all.get(id)!),
    (id) => text(all.get(id)!),
  );
}
