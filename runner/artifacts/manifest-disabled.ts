import type { DisabledNode, Graph } from "../graph/types.ts";
import type { NodeEntries } from "./manifest-nodes.ts";
import { exposureEntry, manifestUnitTest, sourceEntry } from "./manifest-resources.ts";
import type { ResourceContext } from "./manifest-resources.ts";

const nobody: Graph["parents"] = new Map();

/** One of the entries under an id of `disabled`. What is switched off depends on nothing and is not compiled. */
export function disabledEntry(
  node: DisabledNode,
  graph: Graph,
  nodes: NodeEntries,
  { quoteRelation }: Pick<ResourceContext, "quoteRelation">,
): string {
  const off = { quoteRelation, parents: nobody, isOn: false };
  switch (node.resourceType) {
    case "source":
      return sourceEntry(node, off);
    case "exposure":
      return exposureEntry(node, off);
    case "unit_test":
      return JSON.stringify(manifestUnitTest(node, graph, false));
    default:
      return nodes.entry({ ...node, dependsOn: { ...node.dependsOn, nodes: [] } }, undefined);
  }
}
