import type { JsonObject } from "../base/json.ts";
import type { Place } from "../base/problems.ts";
import type {
  Constraint,
  ExposureProperties,
  Fixture,
  Freshness,
  GroupProperties,
  UnitTestProperties,
} from "../project/types.ts";
import type { ModelConfigInput, SnapshotConfigInput } from "../project/config-schemas.ts";
import type { Access, Version } from "../project/govern-schema.ts";

/**
 * A project linked: every node with its configuration and what it depends on, in an order in which parents come first.
 * Field names are dbt's in camel case; `runner/artifacts` spells them as dbt's artifacts do.
 */
export type Graph = {
  readonly projectName: string;
  /** Enabled nodes by unique id, parents before children. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly sources: ReadonlyMap<string, SourceNode>;
  readonly exposures: ReadonlyMap<string, ExposureNode>;
  readonly unitTests: ReadonlyMap<string, UnitTestNode>;
  readonly macros: ReadonlyMap<string, MacroNode>;
  readonly docs: ReadonlyMap<string, DocNode>;
  readonly groups: ReadonlyMap<string, GroupNode>;
  /** Nodes that are switched off, by unique id. */
  readonly disabled: ReadonlyMap<string, GraphNode>;
  /** Unique ids of models whose time has an end. */
  readonly deprecated: readonly string[];
  /** Direct parents and children of every node, source, exposure and unit test, by unique id, in order. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
};

export type GraphNode = ModelNode | SeedNode | SnapshotNode | TestNode;
/** What a `ref` can mean: nodes that are relations. */
export type RelationNode = ModelNode | SeedNode | SnapshotNode;
export type AnyNode = GraphNode | SourceNode | ExposureNode | UnitTestNode;

/** Where a node lives in the warehouse; `database` null: the engine's only or default one. */
export type Relation = {
  readonly database: string | null;
  readonly schema: string;
  readonly identifier: string;
};

type NodeCommon = {
  readonly uniqueId: string;
  readonly name: string;
  readonly packageName: string;
  /** Relative to the resource's folder: `staging/stg_x.sql`. */
  readonly path: string;
  /** Relative to the project: `models/staging/stg_x.sql`. */
  readonly originalFilePath: string;
  readonly fqn: readonly string[];
  readonly description: string;
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  /** What was said of its configuration, before defaults: in all places together, and by the file's own `config()`. */
  readonly said: { readonly config: JsonObject; readonly call: JsonObject };
  readonly columns: ReadonlyMap<string, ColumnInfo>;
  /** Property file that describes the node, or null. */
  readonly patchPath: string | null;
  /** sha256 of the file's text. */
  readonly checksum: string;
  /** Unique ids. */
  readonly dependsOn: { readonly nodes: readonly string[]; readonly macros: readonly string[] };
  readonly place: Place;
};

export type ColumnInfo = {
  readonly name: string;
  readonly description: string;
  readonly dataType: string | null;
  readonly meta: JsonObject;
  readonly tags: readonly string[];
  readonly quote: boolean;
  readonly constraints: readonly Omit<Constraint, "columns">[];
};

export type RefCall = {
  readonly name: string;
  readonly package: string | null;
  /** null: the latest, or of what has none. */
  readonly version: Version | null;
};
export type SourceCall = { readonly source: string; readonly table: string };
export type References = { readonly refs: readonly RefCall[]; readonly sources: readonly SourceCall[] };

export type ModelNode = NodeCommon & {
  readonly resourceType: "model";
  readonly alias: string;
  /** null: it has no versions. */
  readonly version: Version | null;
  readonly latestVersion: Version | null;
  /** ISO 8601 in UTC: when it should not be referred to any more. */
  readonly deprecationDate: string | null;
  readonly relation: Relation;
  readonly config: ModelConfig;
  readonly rawCode: string;
  readonly references: References;
  /** Those of columns and those of the model, which hold of every row. */
  readonly constraints: readonly ModelConstraint[];
};
/** A foreign key points to a relation by its call, and once the graph is linked by its name. */
export type ModelConstraint = Constraint & {
  readonly pointsTo: References;
  readonly other: Relation | null;
};
type CommonConfig = {
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
type PlacementConfig = EffortConfig & {
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
type HeaderConfig = { readonly sql_header: string | null };

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
    readonly contract: { readonly enforced: boolean };
    /** private: for its group alone; protected: for its project, or wherever that is not restricted. */
    readonly access: Access;
    /** A view that shows the latest version; `alias` null: by the model's name. */
    readonly latest_version_pointer: { readonly enabled: boolean; readonly alias: string | null };
    /** Rows that tests find go to a table beside, at most this share of all (0 to 1); null: they stay. */
    readonly quarantine: { readonly max_share: number } | null;
  };

export type SeedNode = NodeCommon & {
  readonly resourceType: "seed";
  readonly alias: string;
  readonly relation: Relation;
  readonly config: SeedConfig;
};
export type SeedConfig = CommonConfig &
  HooksConfig &
  PlacementConfig & { readonly column_types: Readonly<Record<string, string>>; readonly delimiter: string };

export type SnapshotNode = NodeCommon & {
  readonly resourceType: "snapshot";
  readonly alias: string;
  readonly relation: Relation;
  readonly config: SnapshotConfig;
  /** `select * from {{ ref('orders') }}` */
  readonly rawCode: string;
  readonly references: References;
};
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

export type TestNode = NodeCommon & {
  readonly resourceType: "test";
  readonly alias: string;
  /** Where failures are stored, when they are. */
  readonly relation: Relation;
  readonly config: TestConfig;
  /** A singular test's file, or a generic test's call: `{{ test_unique(model, column_name='x') }}`. */
  readonly rawCode: string;
  readonly references: References;
  /** null for a singular test. */
  readonly generic: GenericTest | null;
};
export type GenericTest = {
  /** `unique`; the macro is `test_unique`. */
  readonly name: string;
  readonly namespace: string | null;
  readonly arguments: JsonObject;
  readonly columnName: string | null;
  /** Unique id of the model, seed or source it is written under. */
  readonly attachedNode: string;
  /** The call that names what is tested: `ref("orders")`. */
  readonly tested: string;
  /** How one pass over the relation computes it together with others; null: its query has to run. */
  readonly scan: TestScan | null;
};
/**
 * Templates of SQL expressions on the columns of the tested relation, which is called `tested` there. `rows`: true for a row that
 * must not be; `counts`: each such row is a failure, else only none is as none. `whole`: an aggregate over all rows, and what must not be true of it. `key`: what must not be there twice.
 */
export type TestScan =
  | { readonly kind: "rows"; readonly fails: string; readonly counts: boolean }
  | { readonly kind: "whole"; readonly measure: string; readonly fails: string }
  | { readonly kind: "key"; readonly key: string };
export type TestConfig = CommonConfig &
  ChangedConfig &
  EffortConfig &
  Pick<PlacementConfig, "schema" | "alias"> & {
    readonly severity: "error" | "warn";
    readonly store_failures: boolean;
    /** What the rows are kept as besides `meta.failures`; `ephemeral`: as nothing else. */
    readonly store_failures_as: "table" | "view" | "ephemeral";
    /** Rows that a run keeps in `meta.failures`, at most. */
    readonly store_failures_limit: number;
    readonly fail_calc: string;
    readonly warn_if: string;
    readonly error_if: string;
    readonly where: string | null;
    readonly limit: number | null;
  };

export type SourceNode = Omit<NodeCommon, "dependsOn" | "checksum" | "said"> & {
  readonly resourceType: "source";
  readonly sourceName: string;
  readonly sourceDescription: string;
  readonly loader: string;
  readonly identifier: string;
  readonly relation: Relation;
  /** The table is a dataset in the landing zone: `<landing>/<sourceName>/<identifier>/`. */
  readonly landing: boolean;
  readonly loadedAtField: string | null;
  /** A template; `this` is the table. */
  readonly loadedAtQuery: string | null;
  readonly eventTime: string | null;
  readonly freshness: Freshness | null;
};

/** Given rows in, expected rows out: of a model, or of SQL that is the test's own. */
export type UnitTestNode = Omit<NodeCommon, "columns" | "said"> & {
  readonly resourceType: "unit_test";
  /** Unique id; null: the SQL is the template of the test's own id. */
  readonly model: string | null;
  readonly cte: string | null;
  readonly given: readonly UnitTestInput[];
  readonly expect: Fixture;
  readonly overrides: UnitTestProperties["overrides"];
  /** As written; null: all versions. */
  readonly versions: UnitTestProperties["versions"];
  /** Of the model that is tested. */
  readonly version: Version | null;
};
/** `call`: `ref` or `source`, as the template `templateId`. `name`: a table that the test's own SQL names. */
export type UnitTestInput = {
  readonly input: string;
  readonly rows: Fixture;
  readonly place: Place;
  readonly references: References;
} & ({ readonly kind: "this" | "name" } | { readonly kind: "call"; readonly templateId: string });

export type ExposureNode = ExposureProperties & {
  readonly resourceType: "exposure";
  readonly uniqueId: string;
  readonly packageName: string;
  readonly path: string;
  readonly originalFilePath: string;
  readonly fqn: readonly string[];
  readonly references: References;
};

/** Who answers for models, and may refer to those that are private to it. */
export type GroupNode = Omit<GroupProperties, "place"> & {
  readonly uniqueId: string;
  readonly packageName: string;
  readonly path: string;
  readonly originalFilePath: string;
};

export type MacroNode = {
  readonly uniqueId: string;
  readonly name: string;
  readonly packageName: string;
  readonly path: string;
  readonly originalFilePath: string;
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly type: string | null;
    readonly description: string;
  }[];
  readonly macroSql: string;
  readonly dependsOnMacros: readonly string[];
};

export type DocNode = {
  readonly uniqueId: string;
  readonly name: string;
  readonly packageName: string;
  readonly path: string;
  readonly originalFilePath: string;
  readonly contents: string;
};
