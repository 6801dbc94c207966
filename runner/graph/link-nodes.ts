import { withForeignKeys } from "./foreign-keys.ts";
import { childrenOf, cut, linksOf, topologicalOrder } from "./order.ts";
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

/**
 * Fills in what nodes depend on: they are the builder's own until they are linked, so none is copied. A test of something that is switched
 * off is switched off with it, as in dbt.
 */
export function linkNodes(
  workshop: Workshop,
  nodes: readonly GraphNode[],
  targets: Targets,
): { linked: GraphNode[]; disabled: GraphNode[] } {
  const { problems } = workshop;
  const linked: GraphNode[] = [];
  const disabled: GraphNode[] = [];
  let before: Linked | undefined;
  const isAnyOff = nodes.some((node) => node.resourceType !== "test" && !node.config.enabled);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const told = problems.length;
    const isOn =
      node.config.enabled && !(isAnyOff && node.resourceType === "test" && readsWhatIsOff(node, targets));
    const ids =
      node.resourceType === "seed"
        ? nobody
        : isOn && before !== undefined && readsTheSame(node, before.node)
          ? before.ids
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
    // Of the tests of one node, the first speaks for the others, unless something was said of it.
    before = isOn && node.resourceType === "test" && problems.length === told ? { node, ids } : undefined;
    if (isOn) linked.push(withForeignKeys(workshop, node, targets));
    else disabled.push(node);
  }
  return { linked, disabled };
}

type Linked = { readonly node: TestNode; readonly ids: readonly string[] };

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

/** Puts nodes in an order in which parents come first; each cycle is one problem that names the way round. */
export function orderNodes(workshop: Workshop, nodes: readonly GraphNode[]): readonly GraphNode[] {
  // Tests are nobody's parents, and come after all others as they are.
  const relations = nodes.filter(({ resourceType }) => resourceType !== "test");
  const tests = nodes.filter(({ resourceType }) => resourceType === "test");
  const links = linksOf(relations, ({ dependsOn }) => dependsOn.nodes);
  for (;;) {
    const found = topologicalOrder(links);
    if ("order" in found) return [...Array.from(found.order, (i) => relations[i]!), ...tests];
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

/** Who depends on whom, from both sides; `nodes`: in the order in which they are told. */
export function edges(
  nodes: readonly (GraphNode | UnitTestNode)[],
  sources: readonly SourceNode[],
  exposures: readonly ExposureNode[],
  parentsOfExposures: ReadonlyMap<string, readonly string[]>,
): Pick<Graph, "parents" | "children"> {
  const parents = new Map<string, readonly string[]>();
  for (const { uniqueId } of sources) parents.set(uniqueId, nobody);
  for (const { uniqueId, dependsOn } of nodes) parents.set(uniqueId, dependsOn.nodes);
  for (const { uniqueId } of exposures) parents.set(uniqueId, parentsOfExposures.get(uniqueId) ?? nobody);
  return { parents, children: childrenOf(parents) };
}
