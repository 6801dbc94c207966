import type { ResultColumn } from "../../adapters/adapter.ts";
import type { SnapshotNode } from "../../graph/types.ts";

/** What a snapshot's table has: the columns of its query, and those that tell versions apart. */
export function snapshotColumns(
  { config }: SnapshotNode,
  query: readonly ResultColumn[],
): readonly ResultColumn[] {
  const names = config.snapshot_meta_column_names;
  const updated = query.find(({ name }) => name.toLowerCase() === config.updated_at?.toLowerCase());
  const time = updated?.type ?? "TIMESTAMP";
  return [
    ...query,
    { name: names.dbt_scd_id, type: "VARCHAR" },
    { name: names.dbt_updated_at, type: time },
    { name: names.dbt_valid_from, type: time },
    { name: names.dbt_valid_to, type: time },
    ...(config.hard_deletes === "new_record" ? [{ name: names.dbt_is_deleted, type: "VARCHAR" }] : []),
  ];
}
