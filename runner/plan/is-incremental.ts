import type { ModelNode } from "../graph/types.ts";
import type { CurrentRelation } from "./step.ts";

/** What `is_incremental()` says: the table is there and only what is new will be added to it. */
export function isIncremental(
  node: Pick<ModelNode, "config">,
  current: Pick<NonNullable<CurrentRelation>, "kind"> | null,
  fullRefresh: boolean,
): boolean {
  const { materialized, full_refresh } = node.config;
  return materialized === "incremental" && current?.kind === "table" && !(full_refresh ?? fullRefresh);
}
