import type { DisabledNode, Graph } from "../graph/types.ts";
import type { JsonWriter } from "./json-writer.ts";
import { writeNode } from "./manifest-nodes.ts";
import type { NodeContext } from "./manifest-nodes.ts";
import { manifestUnitTest, writeExposure, writeSource } from "./manifest-resources.ts";

const nobody: Graph["parents"] = new Map();

/** One of the entries under an id of `disabled`. What is switched off depends on nothing and is not compiled. */
export function writeDisabled(out: JsonWriter, node: DisabledNode, graph: Graph, context: NodeContext): void {
  const off = { quoteRelation: context.quoteRelation, parents: nobody, isOn: false };
  switch (node.resourceType) {
    case "source":
      return writeSource(out, node, off);
    case "exposure":
      return writeExposure(out, node, off);
    case "unit_test":
      return out.value(manifestUnitTest(node, graph, false));
    default:
      return writeNode(out, { ...node, dependsOn: { ...node.dependsOn, nodes: [] } }, undefined, context);
  }
}
