import { reach } from "./select/walk.ts";
import type { Graph, RelationNode, TestNode } from "./types.ts";

/** What a node is held against before anybody sees it. */
export type Audit = {
  readonly tests: readonly TestNode[];
  /** Other nodes that these tests read: unique ids. They are built before it, as far as they are built in the run. */
  readonly waitsFor: readonly string[];
};
export type Audits = ReadonlyMap<string, Audit>;

/** The tests that run on a node before it is published; none where that is not asked for. */
export const testsBefore = ({ uniqueId, config }: RelationNode, audits: Audits): readonly TestNode[] =>
  config.audit === "before_publish" ? (audits.get(uniqueId)?.tests ?? []) : [];

/**
 * By unique id, of nodes that are audited before they are published or have a quarantine. A generic test belongs to the node that it is written under, a query of its own to the last of the audited nodes that it reads.
 * A test that also reads what is built from the node cannot be run before the node is there: it is run afterwards, as any other.
 */
export function auditsOf(graph: Graph): Audits {
  const audits = new Map<string, { tests: TestNode[]; waitsFor: Set<string> }>();
  if (graph.audited.length === 0) return new Map();
  const audited = new Set(graph.audited);
  const order = new Map([...graph.nodes.keys()].map((id, i) => [id, i]));
  const children = new Map(graph.children);
  for (const test of graph.nodes.values()) {
    if (test.resourceType !== "test") continue;
    const read = (graph.parents.get(test.uniqueId) ?? []).filter((id) => graph.nodes.has(id));
    const owner = test.generic
      ? test.generic.attachedNode
      : read
          .filter((id) => audited.has(id))
          .toSorted((a, b) => order.get(a)! - order.get(b)!)
          .at(-1);
    if (owner === undefined || !audited.has(owner)) continue;
    const others = read.filter((id) => id !== owner);
    const below = others.length > 0 ? reach(children, [owner]) : new Set();
    if (others.some((id) => below.has(id))) continue;
    // From now on the owner stands below what its tests read.
    for (const id of others) children.set(id, [...(children.get(id) ?? []), owner]);
    const audit = audits.get(owner) ?? { tests: [], waitsFor: new Set() };
    audits.set(owner, audit);
    audit.tests.push(test);
    for (const id of others) audit.waitsFor.add(id);
  }
  return new Map([...audits].map(([id, { tests, waitsFor }]) => [id, { tests, waitsFor: [...waitsFor] }]));
}

export const isAudited = (node: RelationNode): boolean =>
  node.config.audit === "before_publish" ||
  (node.resourceType === "model" && node.config.quarantine !== null);
