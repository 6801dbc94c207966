import type { AnyNode } from "./types.ts";

/** What a node is, by the first part of its unique id. */
export const resourceTypeOf = (uniqueId: string): AnyNode["resourceType"] =>
  uniqueId.slice(0, uniqueId.indexOf(".")) as AnyNode["resourceType"];
