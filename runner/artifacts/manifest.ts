import type { JsonObject } from "../base/json.ts";
import type { Graph, Relation } from "../graph/types.ts";
import { JsonWriter } from "./json-writer.ts";
import { manifestHead } from "./manifest-head.ts";
import { writeNode } from "./manifest-nodes.ts";
import type { CompiledNode, NodeContext } from "./manifest-nodes.ts";
import {
  manifestDoc,
  manifestGroup,
  manifestMacro,
  manifestUnitTest,
  writeExposure,
  writeSource,
} from "./manifest-resources.ts";
import type { Invocation } from "./metadata.ts";
import { primaryKeys } from "./primary-keys.ts";

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

/** `manifest.json`, version 12: the whole project as data. */
export function manifest(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
): JsonObject {
  const rest = Array.from(manifestRest(graph, compiled, facts), (piece) => Buffer.from(piece));
  return JSON.parse(
    manifestHead({ ...facts, projectName: graph.projectName }) + Buffer.concat(rest).toString(),
  ) as JsonObject;
}

/** The entry of one of the nodes, as it stands in the whole. */
export function manifestEntry(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
): (id: string) => string {
  const context = contextOf(graph, compiled, facts);
  const out = new JsonWriter();
  return (id) => {
    writeNode(out, graph.nodes.get(id)!, context);
    return Buffer.from(out.take()).toString();
  };
}

/** Where an entry stands: bytes after the head, and how many. */
export type EntryPlace = readonly [begin: number, bytes: number];

/**
 * What follows its head, a piece at a time: the whole of a large project's need not be in memory at once. A piece holds until the one after the next
 * is asked for. Entries are in the order of their ids, so that two manifests differ only where the projects do. `compiled` holds what has
 * been compiled; the others say so. `onEntry` is told where each node's stands.
 */
export function* manifestRest(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
  onEntry?: (id: string, place: EntryPlace) => void,
): Generator<Uint8Array> {
  const context = contextOf(graph, compiled, facts);
  const out = new JsonWriter();
  yield* section(out, "nodes", graph.nodes, (node, id) => {
    const begin = out.position;
    writeNode(out, node, context);
    onEntry?.(id, [begin, out.position - begin]);
  });
  const resources = { quoteRelation: facts.quoteRelation, parents: graph.parents };
  yield* section(out, "sources", graph.sources, (node) => writeSource(out, node, resources));
  yield* section(out, "macros", graph.macros, (macro) => out.value(manifestMacro(macro)));
  yield* section(out, "docs", graph.docs, (doc) => out.value(manifestDoc(doc)));
  yield* section(out, "exposures", graph.exposures, (node) => writeExposure(out, node, resources));
  out.text(`,"metrics":{}`);
  yield* section(out, "groups", graph.groups, (group) => out.value(manifestGroup(group)));
  out.text(`,"selectors":${JSON.stringify(facts.selectors ?? {})}`);
  // What is switched off depends on nothing.
  yield* section(out, "disabled", graph.disabled, (node) =>
    out.list([{ ...node, dependsOn: { ...node.dependsOn, nodes: [] } }], (off) =>
      writeNode(out, off, context),
    ),
  );
  yield* section(out, "parent_map", graph.parents, (ids) => out.value(sorted(ids)));
  yield* section(out, "child_map", graph.children, (ids) => out.value(sorted(ids)));
  out.text(`,"group_map":${JSON.stringify(groupMap(graph))},"saved_queries":{},"semantic_models":{}`);
  yield* section(out, "unit_tests", graph.unitTests, (node) => out.value(manifestUnitTest(node, graph)));
  out.text(`,"functions":{}}`);
  yield out.take();
}

function* section<T>(
  out: JsonWriter,
  name: string,
  all: ReadonlyMap<string, T>,
  write: (value: T, id: string) => void,
): Generator<Uint8Array> {
  out.text(`,"${name}":{`);
  let isFirst = true;
  for (const id of [...all.keys()].sort()) {
    out.key(id, isFirst);
    write(all.get(id)!, id);
    if (out.isFull) yield out.take();
    isFirst = false;
  }
  out.text("}");
}

const sorted = (ids: readonly string[]): readonly string[] => (ids.length < 2 ? ids : ids.toSorted());

const contextOf = (
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  { quoteRelation, targetPath, unrendered = () => ({}) }: ManifestFacts,
): NodeContext => ({
  compiled,
  quoteRelation,
  unrendered,
  targetPath,
  primaryKey: primaryKeys(graph),
  configs: new Map(),
  made: undefined,
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
