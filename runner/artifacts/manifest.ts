import { groupBy } from "../base/group-by.ts";
import type { JsonObject } from "../base/json.ts";
import { TextWriter } from "../base/text-writer.ts";
import type { Graph, Relation } from "../graph/types.ts";
import { manifestHead } from "./manifest-head.ts";
import { escaped, escapedAmong, textsJson } from "./json-text.ts";
import { disabledEntry } from "./manifest-disabled.ts";
import { NodeEntries } from "./manifest-nodes.ts";
import type { CompiledNode, NodeFacts } from "./manifest-nodes.ts";
import {
  exposureEntry,
  manifestDoc,
  manifestGroup,
  manifestMacro,
  manifestUnitTest,
  sourceEntry,
} from "./manifest-resources.ts";
import { operationEntry } from "./manifest-operations.ts";
import type { Invocation } from "./metadata.ts";
import { byId, rowsOf, sorted } from "./manifest-rows.ts";
import { inferPrimaryKey } from "./primary-keys.ts";

export type ManifestFacts = Invocation & {
  /** `duckdb` */
  readonly adapterType: string;
  /** Folder of the artifacts, relative to the project: `target`. */
  readonly targetPath: string;
  /** The dialect's spelling of a relation. */
  readonly quoteRelation: (relation: Relation) => string;
  /** What is said of a node's configuration, as written where its value depends on something outside the project. */
  readonly unrendered?: NodeFacts["unrendered"];
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
  const entries = nodeEntries(graph, facts, escaped);
  return (id) => entries.entry(graph.nodes.get(id)!, compiled.get(id));
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
  const out = new TextWriter();
  const rows = rowsOf(graph, compiled);
  const nodes = rows.filter(({ node }) => node !== undefined);
  const off = groupBy(graph.disabled.values(), ({ uniqueId }) => uniqueId);
  const ids = rows.map(({ id }) => id);
  const spellId = escapedAmong(ids, off.keys());
  const spelled = nodeEntries(graph, facts, spellId);
  yield* entries(
    out,
    "nodes",
    nodes,
    spellId,
    ({ node, made }) =>
      node?.resourceType === "operation" ? operationEntry(node) : spelled.entry(node!, made),
    onEntry &&
      (({ number }, begin, bytes) => {
        if (number !== -1) onEntry(number, begin, bytes);
      }),
  );
  const resources = { quoteRelation: facts.quoteRelation, parents: graph.parents, isOn: true };
  yield* section(out, "sources", graph.sources, (node) => sourceEntry(node, resources));
  yield* section(out, "macros", graph.macros, (macro) => JSON.stringify(manifestMacro(macro)));
  yield* section(out, "docs", graph.docs, (doc) => JSON.stringify(manifestDoc(doc)));
  yield* section(out, "exposures", graph.exposures, (node) => exposureEntry(node, resources));
  out.text(`,"metrics":{}`);
  yield* section(out, "groups", graph.groups, (group) => JSON.stringify(manifestGroup(group)));
  out.text(`,"selectors":${JSON.stringify(facts.selectors ?? {})}`);
  yield* section(out, "disabled", off, (nodes) => {
    const each = Array.from(nodes, (node) => disabledEntry(node, graph, spelled, facts));
    return `[${each.join(",")}]`;
  });
  yield* entries(out, "parent_map", rows, spellId, ({ parents }) => textsJson(sorted(parents), spellId));
  yield* entries(out, "child_map", rows, spellId, ({ children }) => textsJson(sorted(children), spellId));
  out.text(`,"group_map":${JSON.stringify(groupMap(graph))},"saved_queries":{},"semantic_models":{}`);
  yield* section(out, "unit_tests", graph.unitTests, (node) =>
    JSON.stringify(manifestUnitTest(node, graph, true)),
  );
  out.text(`,"functions":{}}`);
  yield out.take();
}

function section<T>(
  out: TextWriter,
  name: string,
  all: ReadonlyMap<string, T>,
  spell: (value: T) => string,
): Generator<Uint8Array> {
  const inOrder = Array.from(all, ([id, value]) => ({ id, value })).sort(byId);
  return entries(out, name, inOrder, escaped, ({ value }) => spell(value));
}

function* entries<T extends { readonly id: string }>(
  out: TextWriter,
  name: string,
  inOrder: readonly T[],
  spellId: (id: string) => string,
  spell: (entry: T) => string,
  onEntry?: (entry: T, begin: number, bytes: number) => void,
): Generator<Uint8Array> {
  out.text(`,"${name}":{`);
  for (let i = 0; i < inOrder.length; i++) {
    const entry = inOrder[i]!;
    const key = `${i === 0 ? '"' : ',"'}${spellId(entry.id)}":`;
    if (onEntry === undefined) out.text(key + spell(entry));
    else {
      out.text(key);
      const begin = out.position;
      out.text(spell(entry));
      onEntry(entry, begin, out.position - begin);
    }
    if (out.isFull) yield out.take();
  }
  out.text("}");
}

const nodeEntries = (
  graph: Graph,
  { quoteRelation, targetPath, unrendered = () => ({}) }: ManifestFacts,
  spellId: NodeFacts["spellId"],
): NodeEntries =>
  new NodeEntries({
    quoteRelation,
    unrendered,
    targetPath,
    spellId,
    primaryKey: (model) => inferPrimaryKey(graph, model),
  });

/** Members by name of the group, as in dbt. */
function groupMap({ groups, nodes }: Graph): JsonObject {
  if (groups.size === 0) return {};
  const members: Record<string, string[]> = {};
  for (const { name } of groups.values()) members[name] = [];
  for (const { uniqueId, config } of nodes.values())
    if (config.group !== null) members[config.group]?.push(uniqueId);
  for (const ids of Object.values(members)) ids.sort();
  return members;
}
