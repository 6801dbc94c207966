import { FAILURES } from "../graph/test-nodes.ts";
import type { Freshness } from "../project/types.ts";
import type { JsonObject } from "../base/json.ts";
import type {
  GraphNode,
  Hook,
  Index,
  ModelConfig,
  ModelNode,
  SeedConfig,
  SnapshotNode,
  TestNode,
} from "../graph/types.ts";

/*
 * A node's resolved config in dbt's words. Each key is written out, also dbt's own where we have none (its default):
 * objects of this size made by spreading cost ten times as much, and a manifest holds one a node.
 */
export function manifestConfig(node: GraphNode): JsonObject {
  switch (node.resourceType) {
    case "model":
      return modelConfig(node);
    case "seed":
      return seedConfig(node.config);
    case "snapshot":
      return snapshotConfig(node);
    case "test":
      return testConfig(node);
  }
}

const persistDocs = ({ relation, columns }: ModelConfig["persist_docs"]): JsonObject =>
  relation || columns ? { relation, columns } : {};

/** As in dbt-postgres: `type` only where it is said. */
const indexes = (list: readonly Index[]): JsonObject[] =>
  list.map(({ columns, unique, type }) => ({ columns, unique, ...(type !== null && { type }) }));

const partitionBy = ({ partition_by, partitioning }: ModelConfig): JsonObject | readonly string[] | null =>
  partitioning ?? (partition_by.length === 0 ? null : partition_by);

const hooks = (list: readonly Hook[]): JsonObject[] =>
  list.map(({ sql, transaction }) => ({ sql, transaction, index: null }));

/** dbt's spellings: keys as written; a strategy only where there is something to increment. */
function modelConfig({ config, said }: ModelNode): JsonObject {
  const { incremental_predicates: predicates } = config;
  return {
    enabled: config.enabled,
    alias: config.alias,
    schema: config.schema,
    database: null,
    tags: config.tags,
    changed: config.changed,
    meta: config.meta,
    group: config.group,
    materialized: config.materialized,
    incremental_strategy: config.materialized === "incremental" ? config.incremental_strategy : null,
    merge_update_columns: config.merge_update_columns,
    merge_exclude_columns: config.merge_exclude_columns,
    merge_update_condition: config.merge_update_condition,
    merge_insert_condition: config.merge_insert_condition,
    partition_by: partitionBy(config),
    unlogged: config.unlogged,
    portable: config.portable,
    incremental_predicates: predicates.length === 0 ? null : predicates,
    location: config.location,
    format: config.format,
    options: config.options,
    batch_size: config.batch_size,
    lookback: config.lookback,
    begin: config.begin,
    persist_docs: persistDocs(config.persist_docs),
    "post-hook": hooks(config.post_hook),
    "pre-hook": hooks(config.pre_hook),
    quoting: {},
    column_types: {},
    full_refresh: config.full_refresh,
    sql_header: config.sql_header,
    unique_key: said.config["unique_key"] ?? null,
    on_schema_change: config.on_schema_change,
    on_configuration_change: config.on_configuration_change,
    grants: config.grants,
    indexes: indexes(config.indexes),
    on_error: config.on_error,
    audit: config.audit,
    timeout: config.timeout,
    retries: config.retries,
    packages: [],
    docs: config.docs,
    contract: config.contract,
    quarantine: config.quarantine,
    event_time: config.event_time,
    concurrent_batches: config.incremental_strategy === "microbatch" ? config.concurrent_batches : null,
    access: config.access,
    latest_version_pointer: config.latest_version_pointer,
    // dbt's schema asks for `build_after`, which says when to build; ours is how old what was built may be.
    freshness: config.freshness && { build_after: {}, ...freshnessCriteria(config.freshness) },
    loaded_at_field: config.loaded_at_field,
    loaded_at_query: config.loaded_at_query,
  };
}

/** `{warn_after, error_after, filter}` as the manifest and `sources.json` have it. */
export function freshnessCriteria({ warnAfter, errorAfter, filter }: Freshness): JsonObject {
  const none = { count: null, period: null };
  return { warn_after: warnAfter ?? none, error_after: errorAfter ?? none, filter };
}

function seedConfig(config: SeedConfig): JsonObject {
  return {
    enabled: config.enabled,
    alias: config.alias,
    schema: config.schema,
    database: null,
    tags: config.tags,
    meta: config.meta,
    group: config.group,
    materialized: "seed",
    incremental_strategy: null,
    batch_size: null,
    lookback: 1,
    begin: null,
    persist_docs: persistDocs(config.persist_docs),
    "post-hook": hooks(config.post_hook),
    "pre-hook": hooks(config.pre_hook),
    quoting: {},
    column_types: config.column_types,
    delimiter: config.delimiter,
    quote_columns: null,
    full_refresh: null,
    unique_key: null,
    on_schema_change: "ignore",
    on_configuration_change: "apply",
    grants: config.grants,
    indexes: indexes(config.indexes),
    on_error: config.on_error,
    audit: config.audit,
    timeout: config.timeout,
    retries: config.retries,
    packages: [],
    docs: config.docs,
    contract: { enforced: false, alias_types: true },
    event_time: config.event_time,
    concurrent_batches: null,
  };
}

function snapshotConfig({ config, said }: SnapshotNode): JsonObject {
  return {
    enabled: config.enabled,
    alias: config.alias,
    schema: config.schema,
    database: null,
    tags: config.tags,
    changed: config.changed,
    meta: config.meta,
    group: config.group,
    materialized: "snapshot",
    incremental_strategy: null,
    batch_size: null,
    lookback: 1,
    begin: null,
    persist_docs: persistDocs(config.persist_docs),
    "post-hook": hooks(config.post_hook),
    "pre-hook": hooks(config.pre_hook),
    quoting: {},
    column_types: {},
    full_refresh: null,
    unique_key: said.config["unique_key"] ?? null,
    on_schema_change: "ignore",
    on_configuration_change: "apply",
    grants: config.grants,
    indexes: indexes(config.indexes),
    on_error: config.on_error,
    audit: config.audit,
    timeout: config.timeout,
    retries: config.retries,
    packages: [],
    docs: config.docs,
    contract: { enforced: false, alias_types: true },
    event_time: config.event_time,
    concurrent_batches: null,
    sql_header: config.sql_header,
    strategy: config.strategy,
    target_schema: null,
    target_database: null,
    updated_at: config.updated_at,
    check_cols: config.check_cols,
    hard_deletes: config.hard_deletes,
    snapshot_meta_column_names: config.snapshot_meta_column_names,
    dbt_valid_to_current: config.dbt_valid_to_current,
  };
}

/** dbt fills in what one of the two keys for failures says of the other. */
function testConfig({ config, said }: TestNode): JsonObject {
  const { store_failures: stored, store_failures_as: as } = config;
  return {
    enabled: config.enabled,
    alias: config.alias,
    schema: config.schema ?? FAILURES,
    database: null,
    tags: config.tags,
    changed: config.changed,
    meta: config.meta,
    group: config.group,
    materialized: "test",
    severity: said.config["severity"] ?? "ERROR",
    store_failures: as === null ? stored : as !== "ephemeral",
    store_failures_as: as ?? (stored === null ? null : stored ? "table" : "ephemeral"),
    store_failures_limit: config.store_failures_limit,
    where: config.where,
    limit: config.limit,
    fail_calc: config.fail_calc,
    warn_if: config.warn_if,
    error_if: config.error_if,
    timeout: config.timeout,
    retries: config.retries,
  };
}
