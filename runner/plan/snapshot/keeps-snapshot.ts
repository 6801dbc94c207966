import type { RelationKind } from "../../dialects/dialect.ts";
import type { SnapshotNode } from "../../graph/types.ts";
import type { Portion } from "../portion.ts";

/** Whether a snapshot must not be taken: rows that a run does not read would be noted as deleted, for ever. */
export const keepsSnapshot = (
  { config }: SnapshotNode,
  current: RelationKind | null,
  portion: Portion | undefined,
): boolean => portion !== undefined && current === "table" && config.hard_deletes !== "ignore";
