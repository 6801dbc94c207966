import type { ModelNode } from "../graph/types.ts";
import type { CurrentRelation } from "./step.ts";

/** What `is_incremental()` says: the table is there and only what is new will be added to it. */
export function isIncremental(
  node: Pick<ModelNode, "config">,
  current: Pick<NonNullable<CurrentRelation>, "kind"> | null,
  fullRefresh: boolean,
): boolean {
  const { materialized, full_refresh, incremental_strategy } = node.config;
  const isThere =
    (materialized === "incremental" && current?.kind === "table") ||
    // An external model is there as the view of its file.
    (materialized === "external" && incremental_strategy !== null && current?.kind === "view");
  return isThere && !(full_refresh ?? fullRefresh);
}
