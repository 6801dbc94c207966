import { RelationNames } from "./relation-names.ts";
import { isEphemeral } from "./relation-nodes.ts";
import type { GraphNode, SourceNode } from "./types.ts";
import { nameWithVersion } from "./versions.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A node in the place of a source that it is made of: the first build would replace what others put there, and the next read itself. */
export function checkOwnSources(
  workshop: Workshop,
  nodes: readonly GraphNode[],
  sources: readonly SourceNode[],
): void {
  const names = new RelationNames<SourceNode>();
  for (const source of sources)
    if (!source.landing && source.relation.database === null) names.give(source.relation, source);
  let byId: Map<string, GraphNode> | undefined;
  for (const node of nodes) {
    if (node.resourceType === "test") break;
    if (node.resourceType === "seed" || isEphemeral(node)) continue;
    const source = names.ownerOf(node.relation);
    if (source === undefined) continue;
    byId ??= new Map(nodes.map((each) => [each.uniqueId, each]));
    if (!isMadeOf(node, source.uniqueId, byId)) continue;
    const name = `${source.sourceName}.${source.name}`;
    report(
      workshop,
      node.place,
      "RELATION_DUPLICATE",
      `"${nameWithVersion(node)}" would take the place of the source "${name}", of which it is made`,
      "give it another alias or schema; what a table held before is {{ this }}",
    );
  }
}

function isMadeOf(node: GraphNode, source: string, byId: ReadonlyMap<string, GraphNode>): boolean {
  const seen = new Set<string>();
  const waiting = [...node.dependsOn.nodes];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === source) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(byId.get(id)?.dependsOn.nodes ?? []));
  }
  return false;
}
