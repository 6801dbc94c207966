import { withForeignKeys } from "./foreign-keys.ts";
import { NumberedMap } from "./numbered-map.ts";
import { cut, linksOf, topologicalOrder } from "./order.ts";
import type { Targets } from "./packaged-names.ts";
import { placeOfCall, resolve } from "./resolve-references.ts";
import type {
  ExposureNode,
  Graph,
  GraphNode,
  RelationNode,
  SourceNode,
  TestNode,
  UnitTestNode,
} from "./types.ts";
import { versionedName } from "./versions.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

const nobody: readonly string[] = [];

export type LinkedNodes = {
  /** Those that are on: relations first, then tests. */
  readonly linked: readonly GraphNode[];
  readonly relations: number;
  readonly disabled: readonly GraphNode[];
  /** Whether anything says that it is in a group. */
  readonly hasGroups: boolean;
};

/**
 * Fills in what nodes, relations first, depend on: they are the builder's own until they are linked, so none is copied. A test of something that is switched
 * off is switched off with it, as in dbt.
 */
export function linkNodes(workshop: Workshop, nodes: readonly GraphNode[], targets: Targets): LinkedNodes {
  const { problems } = workshop;
  const linked: GraphNode[] = [];
  const disabled: GraphNode[] = [];
  /** Of the tests of one node, the first speaks for the others, unless something was said of it. */
  let before: TestNode | undefined;
  let idsBefore = nobody;
  let relations = 0;
  let hasGroups = false;
  let isAnyOff = false;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const { config, resourceType } = node;
    const told = problems.length;
    const isOn = config.enabled && !(isAnyOff && resourceType === "test" && readsWhatIsOff(node, targets));
    const ids =
      resourceType === "seed"
        ? nobody
        : isOn && before !== undefined && readsTheSame(node, before)
          ? idsBefore
          : resolve(workshop, node, node.references, targets, isOn);
    const isOwn = ids.includes(node.uniqueId);
    if (isOwn)
      report(
        workshop,
        placeOfCall(workshop, node, node.name),
        "CYCLE",
        `"${node.name}" refers to itself`,
        "an incremental model reads its own table with {{ this }}",
      );
    const dependsOn: { nodes: readonly string[] } = node.dependsOn;
    dependsOn.nodes = isOwn ? ids.filter((id) => id !== node.uniqueId) : ids;
    before = isOn && resourceType === "test" && problems.length === told ? node : undefined;
    idsBefore = ids;
    if (!isOn) {
      disabled.push(node);
      isAnyOff ||= resourceType !== "test";
      continue;
    }
    linked.push(withForeignKeys(workshop, node, targets));
    if (resourceType !== "test") relations++;
    hasGroups ||= config.group !== null;
  }
  return { linked, relations, disabled, hasGroups };
}

const readsTheSame = (node: GraphNode, other: TestNode): boolean =>
  node.resourceType === "test" &&
  node.references === other.references &&
  node.packageName === other.packageName &&
  node.config.group === other.config.group;

function readsWhatIsOff({ references: { refs }, packageName }: TestNode, targets: Targets): boolean {
  for (let i = 0; i < refs.length; i++) {
    const { name, package: of, version } = refs[i]!;
    const meant: RelationNode | undefined = targets.refs.find(
      versionedName(name, version),
      of,
      packageName,
    )[0];
    if (meant?.config.enabled === false) return true;
  }
  return false;
}

/** Linked nodes in an order in which parents come first, and the numbers of relations in it; each cycle is one problem that names the way round. */
export function orderNodes(
  workshop: Workshop,
  { linked, relations: count }: LinkedNodes,
): { readonly ordered: readonly GraphNode[]; readonly numbers: Map<string, number> } {
  // Tests are nobody's parents, and come after all others as they are.
  const relations = linked.slice(0, count);
  const numbers = new Map<string, number>();
  const links = linksOf(relations, ({ dependsOn }) => dependsOn.nodes, numbers);
  for (;;) {
    const found = topologicalOrder(links);
    if ("order" in found) {
      const ordered = linked.slice();
      for (let i = 0; i < count; i++) ordered[i] = relations[found.order[i]!]!;
      return { ordered, numbers };
    }
    const [parent, child] = found.cycle;
    report(
      workshop,
      placeOfCall(workshop, relations[child!]!, relations[parent!]!.name),
      "CYCLE",
      `models refer to each other in a circle: ${found.cycle.map((i) => relations[i]!.name).join(" → ")}`,
      "one of these references has to go",
    );
    // The circle is cut where it was told, so that another one is found too.
    cut(links, child!, parent!);
  }
}

/** Nodes by their ids, and who depends on whom, from both sides. `numbers`: whatever ids are in it get the numbers that they have here. */
export function edges(
  numbers: Map<string, number>,
  nodes: readonly GraphNode[],
  unitTests: readonly UnitTestNode[],
  sources: readonly SourceNode[],
  exposures: readonly ExposureNode[],
  parentsOfExposures: ReadonlyMap<string, readonly string[]>,
): Pick<Graph, "nodes" | "parents" | "children"> {
  const ids: string[] = [];
  const parents: (readonly string[])[] = [];
  const add = (id: string, above: readonly string[]): void => {
    numbers.set(id, ids.length);
    ids.push(id);
    parents.push(above);
  };
  for (let i = 0; i < sources.length; i++) add(sources[i]!.uniqueId, nobody);
  for (let i = 0; i < nodes.length; i++) add(nodes[i]!.uniqueId, nodes[i]!.dependsOn.nodes);
  for (let i = 0; i < unitTests.length; i++) add(unitTests[i]!.uniqueId, unitTests[i]!.dependsOn.nodes);
  for (let i = 0; i < exposures.length; i++) {
    const { uniqueId } = exposures[i]!;
    add(uniqueId, parentsOfExposures.get(uniqueId) ?? nobody);
  }
  const begin = sources.length;
  return {
    nodes: new NumberedMap(numbers, begin, ids.slice(begin, begin + nodes.length), nodes),
    parents: new NumberedMap(numbers, 0, ids, parents),
    children: new NumberedMap(numbers, 0, ids, turnedRound(ids, parents, numbers)),
  };
}

/** Who names each of `ids` as one of its parents. Counted first: a list that is pushed to has room for sixteen more. */
function turnedRound(
  ids: readonly string[],
  parents: readonly (readonly string[])[],
  numbers: ReadonlyMap<string, number>,
): readonly (readonly string[])[] {
  const counts = new Int32Array(ids.length);
  const edgesTo: number[] = [];
  // The tests of one node come one after the other.
  let last = "";
  let number: number | undefined;
  for (let i = 0; i < parents.length; i++) {
    const above = parents[i]!;
    for (let k = 0; k < above.length; k++) {
      if (above[k] !== last) number = numbers.get((last = above[k]!));
      edgesTo.push(number ?? -1);
      if (number !== undefined) counts[number]!++;
    }
  }
  const children: string[][] = [];
  // A list of that length, which is written over.
  for (let i = 0; i < ids.length; i++)
    children.push(counts[i] === 0 ? (nobody as string[]) : ids.slice(0, counts[i]));
  counts.fill(0);
  for (let i = 0, at = 0; i < parents.length; i++)
    for (const end = at + parents[i]!.length; at < end; at++) {
      const to = edgesTo[at]!;
      if (to !== -1) children[to]![counts[to]!++] = ids[i]!;
    }
  return children;
}
