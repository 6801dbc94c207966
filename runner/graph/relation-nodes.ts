import type { AnyNode, RelationNode } from "./types.ts";

/** A model that is written into those that read it, and is no relation of the warehouse. */
export const isEphemeral = (node: AnyNode | undefined): boolean =>
  node?.resourceType === "model" && node.config.materialized === "ephemeral";

/** Models, seeds and snapshots that are relations of the warehouse. */
export const isRelation = (node: AnyNode): node is RelationNode =>
  (node.resourceType === "model" || node.resourceType === "seed" || node.resourceType === "snapshot") &&
  !isEphemeral(node);
