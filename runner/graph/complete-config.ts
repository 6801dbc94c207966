import type {
  ModelConfigInput,
  SeedConfigInput,
  SnapshotConfigInput,
  TestConfigInput,
} from "../project/config-schemas.ts";
import { readFreshness } from "../project/read-sources.ts";
import { SNAPSHOT_COLUMNS } from "./types.ts";
import type {
  EffortConfig,
  ModelConfig,
  SeedConfig,
  SnapshotColumnNames,
  SnapshotConfig,
  TestConfig,
} from "./types.ts";

/* What is said of a node's configuration in all places together, with defaults for the rest. */

const effort = ({ timeout, retries }: Pick<TestConfigInput, "timeout" | "retries">): EffortConfig => ({
  timeout: timeout ?? null,
  retries: { count: retries?.count ?? 0, delay: retries?.delay ?? 1 },
});

/** What holds for everything that is built, with its defaults. */
const buildable = (input: ModelConfigInput | SeedConfigInput | SnapshotConfigInput) => ({
  enabled: input.enabled ?? true,
  tags: input.tags ?? [],
  meta: input.meta ?? {},
  group: input.group ?? null,
  schema: input.schema ?? null,
  alias: input.alias ?? null,
  event_time: input.event_time ?? null,
  docs: { show: input.docs?.show ?? true, node_color: input.docs?.node_color ?? null },
  pre_hook: input.pre_hook ?? [],
  post_hook: input.post_hook ?? [],
  ...effort(input),
  on_error: input.on_error ?? ("skip_children" as const),
  persist_docs: {
    relation: input.persist_docs?.relation ?? false,
    columns: input.persist_docs?.columns ?? false,
  },
  grants: input.grants ?? {},
  audit: input.audit ?? ("after_publish" as const),
  indexes: (input.indexes ?? []).map(({ columns, unique = false, type = null }) => ({
    columns,
    unique,
    type,
  })),
});

/** The columns of a key, however many. */
const keysOf = ({ unique_key: keys }: ModelConfigInput | SnapshotConfigInput): readonly string[] =>
  typeof keys === "string" ? [keys] : (keys ?? []);

/** Of rows that may go to quarantine, where nothing is said. */
const DEFAULT_SHARE = 0.1;

export function modelConfig(input: ModelConfigInput): ModelConfig {
  return {
    changed: input.changed ?? "auto",
    ...buildable(input),
    materialized: input.materialized ?? "view",
    // dbt's default differs by engine; ours is one: a key means its rows are replaced, no key means rows are added.
    incremental_strategy:
      input.incremental_strategy ??
      (input.materialized === "external"
        ? null
        : (input.unique_key ?? null) !== null
          ? "delete+insert"
          : "append"),
    unique_key: keysOf(input),
    merge_update_columns: input.merge_update_columns ?? null,
    merge_exclude_columns: input.merge_exclude_columns ?? null,
    merge_update_condition: input.merge_update_condition ?? null,
    merge_insert_condition: input.merge_insert_condition ?? null,
    on_schema_change: input.on_schema_change ?? "ignore",
    ...partitionsOf(input.partition_by),
    portable: input.portable ?? false,
    unlogged: input.unlogged ?? false,
    on_configuration_change: input.on_configuration_change ?? "apply",
    begin: input.begin ?? null,
    batch_size: input.batch_size ?? null,
    lookback: input.lookback ?? 1,
    concurrent_batches: input.concurrent_batches ?? false,
    incremental_predicates: input.incremental_predicates ?? [],
    location: input.location ?? null,
    format: input.format ?? null,
    options: input.options ?? {},
    full_refresh: input.full_refresh ?? null,
    freshness: readFreshness(input.freshness),
    loaded_at_field: input.loaded_at_field ?? null,
    loaded_at_query: input.loaded_at_query ?? null,
    contract: {
      enforced: input.contract?.enforced ?? false,
      alias_types: input.contract?.alias_types ?? true,
    },
    quarantine: input.quarantine ? { max_share: input.quarantine.max_share ?? DEFAULT_SHARE } : null,
    sql_header: input.sql_header ?? null,
    access: input.access ?? "protected",
    latest_version_pointer: {
      enabled: input.latest_version_pointer?.enabled ?? false,
      alias: input.latest_version_pointer?.alias ?? null,
    },
  };
}

function partitionsOf(
  given: ModelConfigInput["partition_by"],
): Pick<ModelConfig, "partition_by" | "partitioning"> {
  if (!given || Array.isArray(given)) return { partition_by: given ?? [], partitioning: null };
  const { type, field, granularity = null, interval = null, default_partition = true } = given;
  return { partition_by: [], partitioning: { type, field, granularity, interval, default_partition } };
}

export function seedConfig(input: SeedConfigInput): SeedConfig {
  return {
    ...buildable(input),
    column_types: input.column_types ?? {},
    delimiter: input.delimiter ?? ",",
  };
}

export function snapshotConfig(input: SnapshotConfigInput): SnapshotConfig {
  return {
    changed: input.changed ?? "auto",
    ...buildable(input),
    sql_header: input.sql_header ?? null,
    strategy: input.strategy ?? "timestamp",
    unique_key: keysOf(input),
    updated_at: input.updated_at ?? null,
    check_cols: input.check_cols ?? null,
    hard_deletes: input.hard_deletes ?? "ignore",
    dbt_valid_to_current: input.dbt_valid_to_current ?? null,
    snapshot_meta_column_names: columnNames(input.snapshot_meta_column_names ?? {}),
  };
}

function columnNames(
  given: NonNullable<SnapshotConfigInput["snapshot_meta_column_names"]>,
): SnapshotColumnNames {
  const keys = Object.keys(SNAPSHOT_COLUMNS) as (keyof SnapshotColumnNames)[];
  return Object.fromEntries(keys.map((key) => [key, given[key] ?? key])) as SnapshotColumnNames;
}

export function testConfig(input: TestConfigInput): TestConfig {
  return {
    changed: input.changed ?? "auto",
    enabled: input.enabled ?? true,
    tags: input.tags ?? [],
    meta: input.meta ?? {},
    group: input.group ?? null,
    ...effort(input),
    severity: input.severity?.toLowerCase() === "warn" ? "warn" : "error",
    // As in dbt: what to store them as is the stronger of the two. Here `ephemeral` names the place, and asks for nothing by itself.
    store_failures:
      (input.store_failures_as ?? "ephemeral") === "ephemeral" ? (input.store_failures ?? null) : true,
    store_failures_as: input.store_failures_as ?? null,
    store_failures_limit: input.store_failures_limit ?? 100,
    fail_calc: input.fail_calc ?? "count(*)",
    warn_if: input.warn_if ?? "!= 0",
    error_if: input.error_if ?? "!= 0",
    where: input.where ?? null,
    limit: input.limit ?? null,
    schema: input.schema ?? null,
    alias: input.alias ?? null,
  };
}
