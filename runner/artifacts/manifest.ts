import type { JsonObject } from "../base/json.ts";
import { groupBy } from "../base/group-by.ts";
import type { Graph, Relation } from "../graph/types.ts";
import { JsonWriter } from "./json-writer.ts";
import { manifestHead } from "./manifest-head.ts";
import { writeDisabled } from "./manifest-disabled.ts";
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
import { byId, rowsOf, sorted } from "./manifest-rows.ts";
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
  const context = contextOf(graph, facts);
  const out = new JsonWriter();
  return (id) => {
    writeNode(out, graph.nodes.get(id)!, compiled.get(id), context);
    return Buffer.from(out.take()).toString();
  };
}

/** Told of a node's entry where it stands: bytes after the head, and how many. `number`: of the node, in the order of the graph. */
export type OnEntry = (number: number, begin: number, bytes: number) => void;

/**
 * What follows its head, a piece at a time: the whole of a large project's need not be in memory at once. A piece holds until the one after the next
 * is asked for. Entries are in the order of their ids, so that two manifests differ only where the projects do. `compiled` holds what has
 * been compiled; the others say so. `onEntry` is told where each node's stands.
 */
export function* manifestRest(
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledNode>,
  facts: ManifestFacts,
  onEntry?: OnEntry,
): Generator<Uint8Array> {
  const context = contextOf(graph, facts);
  const out = new JsonWriter();
  const rows = rowsOf(graph, compiled);
  const nodes = rows.filter(({ node }) => node !== undefined);
  yield* entries(out, "nodes", nodes, ({ number, node, made }) => {
    const begin = out.position;
    writeNode(out, node!, made, context);
    onEntry?.(number, begin, out.position - begin);
  });
  const resources = { quoteRelation: facts.quoteRelation, parents: graph.parents, isOn: true };
  yield* section(out, "sources", graph.sources, (node) => writeSource(out, node, resources));
  yield* section(out, "macros", graph.macros, (macro) => out.value(manifestMacro(macro)));
  yield* section(out, "docs", graph.docs, (doc) => out.value(manifestDoc(doc)));
  yield* section(out, "exposures", graph.exposures, (node) => writeExposure(out, node, resources));
  out.text(`,"metrics":{}`);
  yield* section(out, "groups", graph.groups, (group) => out.value(manifestGroup(group)));
  out.text(`,"selectors":${JSON.stringify(facts.selectors ?? {})}`);
  const off = groupBy(graph.disabled.values(), ({ uniqueId }) => uniqueId);
  yield* section(out, "disabled", off, (nodes) =>
    out.list(nodes, (node) => writeDisabled(out, node, graph, context)),
  );
  yield* entries(out, "parent_map", rows, ({ parents }) => out.value(sorted(parents)));
  yield* entries(out, "child_map", rows, ({ children }) => out.value(sorted(children)));
  out.text(`,"group_map":${JSON.stringify(groupMap(graph))},"saved_queries":{},"semantic_models":{}`);
  yield* section(out, "unit_tests", graph.unitTests, (node) =>
    out.value(manifestUnitTest(node, graph, true)),
  );
  out.text(`,"functions":{}}`);
  yield out.take();
}

function section<T>(
  out: JsonWriter,
  name: string,
  all: ReadonlyMap<string, T>,
  write: (value: T) => void,
): Generator<Uint8Array> {
  const inOrder = Array.from(all, ([id, value]) => ({ id, value })).sort(byId);
  return entries(out, name, inOrder, ({ value }) => write(value));
}

function* entries<T extends { readonly id: string }>(
  out: JsonWriter,
  name: string,
  inOrder: readonly T[],
  write: (entry: T) => void,
): Generator<Uint8Array> {
  out.text(`,"${name}":{`);
  for (let i = 0; i < inOrder.length; i++) {
    out.key(inOrder[i]!.id, i === 0);
    write(inOrder[i]!);
    if (out.isFull) yield out.take();
  }
  out.text("}");
}

const contextOf = (
  graph: Graph,
  { quoteRelation, targetPath, unrendered = () => ({}) }: ManifestFacts,
): NodeContext => ({
  quoteRelation,
  unrendered,
  targetPath,
  primaryKey: primaryKeys(graph),
  configs: new Map(),
  lastConfig: undefined,
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
