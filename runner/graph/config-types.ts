import type { JsonObject } from "../base/json.ts";
import type { ModelConfigInput, SnapshotConfigInput } from "../project/config-schemas.ts";
import type { Access } from "../project/govern-schema.ts";
import type { Freshness } from "../project/types.ts";

export type CommonConfig = {
  readonly enabled: boolean;
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  /** The name of one that a property file declares. */
  readonly group: string | null;
};
/** How much is tried before a node counts as failed; times in seconds, `delay` the first wait, which doubles. */
export type EffortConfig = {
  readonly timeout: number | null;
  readonly retries: { readonly count: number; readonly delay: number };
};
export type PlacementConfig = EffortConfig & {
  /** What becomes of the nodes below when this one fails. */
  readonly on_error: "skip_children" | "continue";
  readonly schema: string | null;
  readonly alias: string | null;
  /** The column that says when a row happened. */
  readonly event_time: string | null;
  readonly docs: { readonly show: boolean; readonly node_color: string | null };
  readonly persist_docs: { readonly relation: boolean; readonly columns: boolean };
  /** Who may do what: grantees by privilege. Empty: nothing is changed. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  readonly indexes: readonly Index[];
  /** `before_publish`: nobody sees what was built before its tests have passed. */
  readonly audit: "before_publish" | "after_publish";
};

/** How an engine that does so divides a table. */
export type Partitioning = {
  readonly field: string;
  /** Of `list`: one for each value. */
  readonly type: "list" | "range";
  /** Of `range`: so much time, or so many, in each. */
  readonly granularity: "hour" | "day" | "month" | "year" | null;
  readonly interval: number | null;
  /** Rows that fit no range (null, infinity) have one of their own; else they are refused. */
  readonly default_partition: boolean;
};

export type Index = {
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly type: string | null;
};
/** A template that runs before the node's own SQL, in its session. */
export type HeaderConfig = { readonly sql_header: string | null };

export type Hook = { readonly sql: string; readonly transaction: boolean };
/** Templates in the order in which they run; `transaction`: inside the node's own. */
export type HooksConfig = { readonly pre_hook: readonly Hook[]; readonly post_hook: readonly Hook[] };

/** When a build of what has changed takes it up. */
export type ChangedConfig = { readonly changed: NonNullable<ModelConfigInput["changed"]> };

/** Resolved: nothing is left to a default. */
export type ModelConfig = CommonConfig &
  ChangedConfig &
  HooksConfig &
  HeaderConfig &
  PlacementConfig & {
    readonly materialized: NonNullable<ModelConfigInput["materialized"]>;
    /** null: an external model that is always written whole. */
    readonly incremental_strategy: NonNullable<ModelConfigInput["incremental_strategy"]> | null;
    readonly unique_key: readonly string[];
    readonly merge_update_columns: readonly string[] | null;
    readonly merge_exclude_columns: readonly string[] | null;
    readonly merge_update_condition: string | null;
    readonly merge_insert_condition: string | null;
    readonly on_schema_change: NonNullable<ModelConfigInput["on_schema_change"]>;
    /** Columns or expressions whose values make a partition of rows; empty where there is `partitioning`. */
    readonly partition_by: readonly string[];
    readonly partitioning: Partitioning | null;
    /** Not written to the log of an engine that keeps one: quicker, and empty after a crash. */
    readonly unlogged: boolean;
    /** Written in DuckDB's dialect, whatever the engine. */
    readonly portable: boolean;
    readonly on_configuration_change: NonNullable<ModelConfigInput["on_configuration_change"]>;
    /** Of microbatch: the first day or instant, as written; batches again before the newest one. */
    readonly begin: string | null;
    readonly batch_size: NonNullable<ModelConfigInput["batch_size"]> | null;
    readonly lookback: number;
    readonly concurrent_batches: boolean;
    readonly incremental_predicates: readonly string[];
    readonly location: string | null;
    readonly format: NonNullable<ModelConfigInput["format"]> | null;
    readonly options: Readonly<Record<string, string | number | boolean>>;
    /** false protects the model from --full-refresh, true always refreshes, null obeys the flag. */
    readonly full_refresh: boolean | null;
    /** How old what it holds may be; null: nobody asks. */
    readonly freshness: Freshness | null;
    readonly loaded_at_field: string | null;
    /** A template; `this` is the model's relation. */
    readonly loaded_at_query: string | null;
    /** `alias_types`: what dbt calls `string` is the engine's type for text. */
    readonly contract: { readonly enforced: boolean; readonly alias_types: boolean };
    /** private: for its group alone; protected: for its project, or wherever that is not restricted. */
    readonly access: Access;
    /** A view that shows the latest version; `alias` null: by the model's name. */
    readonly latest_version_pointer: { readonly enabled: boolean; readonly alias: string | null };
    /** Rows that tests find go to a table beside, at most this share of all (0 to 1); null: they stay. */
    readonly quarantine: { readonly max_share: number } | null;
  };

export type SeedConfig = CommonConfig &
  HooksConfig &
  PlacementConfig & { readonly column_types: Readonly<Record<string, string>>; readonly delimiter: string };

export type SnapshotConfig = CommonConfig &
  ChangedConfig &
  HooksConfig &
  HeaderConfig &
  PlacementConfig & {
    readonly strategy: NonNullable<SnapshotConfigInput["strategy"]>;
    readonly unique_key: readonly string[];
    /** null with `check` only: the time of the run counts. */
    readonly updated_at: string | null;
    readonly check_cols: "all" | readonly string[] | null;
    readonly hard_deletes: NonNullable<SnapshotConfigInput["hard_deletes"]>;
    readonly dbt_valid_to_current: string | null;
    readonly snapshot_meta_column_names: SnapshotColumnNames;
  };
/** What the columns that a snapshot adds are called. */
export type SnapshotColumnNames = Readonly<Record<keyof typeof SNAPSHOT_COLUMNS, string>>;
export const SNAPSHOT_COLUMNS = {
  dbt_scd_id: "dbt_scd_id",
  dbt_updated_at: "dbt_updated_at",
  dbt_valid_from: "dbt_valid_from",
  dbt_valid_to: "dbt_valid_to",
  dbt_is_deleted: "dbt_is_deleted",
} as const;

export type TestConfig = CommonConfig &
  ChangedConfig &
  EffortConfig &
  Pick<PlacementConfig, "schema" | "alias"> & {
    readonly severity: "error" | "warn";
    /** null: as the command says. */
    readonly store_failures: boolean | null;
    /** What the rows are kept as besides `meta.failures`; `ephemeral`: as nothing else, null: a table. */
    readonly store_failures_as: "table" | "view" | "ephemeral" | null;
    /** Rows that a run keeps in `meta.failures`, at most. */
    readonly store_failures_limit: number;
    readonly fail_calc: string;
    readonly warn_if: string;
    readonly error_if: string;
    readonly where: string | null;
    readonly limit: number | null;
  };
