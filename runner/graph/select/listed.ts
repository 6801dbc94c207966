import type { Version } from "../../project/govern-schema.ts";
import { resourceTypeOf } from "../resource-type-of.ts";
import type { AnyNode, Graph } from "../types.ts";

/** What selectors ask most about. */
export type Head = {
  readonly fqn: readonly string[];
  readonly tags: readonly string[];
  readonly originalFilePath: string;
  readonly patchPath: string | null;
  /** Of a model that has versions. */
  readonly version: Version | null;
};

/** What is known of nodes without reading them, by unique id; undefined: the node has to be read. */
export type KnownHeads = (uniqueId: string) => Head | undefined;

/** A node as selectors look at it: those of a kept project, of which there may be thirty thousand, are read when more is asked than their heads. */
export class Listed {
  readonly uniqueId: string;
  readonly resourceType: AnyNode["resourceType"];
  readonly #nodes: ReadonlyMap<string, AnyNode>;
  readonly #known: KnownHeads | undefined;

  constructor(uniqueId: string, nodes: ReadonlyMap<string, AnyNode>, known: KnownHeads | undefined) {
    this.uniqueId = uniqueId;
    this.resourceType = resourceTypeOf(uniqueId);
    this.#nodes = nodes;
    this.#known = known;
  }

  /** All that there is. */
  get node(): AnyNode {
    return this.#nodes.get(this.uniqueId)!;
  }

  get head(): Head {
    return this.#known?.(this.uniqueId) ?? headOf(this.node);
  }
}

export const headOf = (node: AnyNode): Head => ({
  fqn: node.fqn,
  tags: node.tags,
  originalFilePath: node.originalFilePath,
  patchPath: node.resourceType === "exposure" ? null : node.patchPath,
  version: node.resourceType === "model" ? node.version : null,
});

/** The parts of a graph of which something can be selected, in its order. */
export const selectableIn = ({
  sources,
  nodes,
  exposures,
  unitTests,
}: Graph): readonly ReadonlyMap<string, AnyNode>[] => [sources, nodes, exposures, unitTests];

/** Whatever can be selected, in the graph's order. */
export function listedIn(graph: Graph, known?: KnownHeads): Listed[] {
  const listed: Listed[] = [];
  for (const part of selectableIn(graph))
    for (const id of part.keys()) listed.push(new Listed(id, part, known));
  return listed;
}
