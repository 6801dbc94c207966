import type { JsonObject } from "../base/json.ts";
import type { Place } from "../base/problems.ts";
import type {
  ColumnProperties,
  Constraint,
  ExposureProperties,
  Fixture,
  Freshness,
  GroupProperties,
  UnitTestProperties,
} from "../project/types.ts";
import type { Version } from "../project/govern-schema.ts";
import type { DynamicConfig } from "../project/render-values.ts";
import type { ModelConfig, SeedConfig, SnapshotConfig, TestConfig } from "./config-types.ts";

export * from "./config-types.ts";

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
  /** Hooks of a whole run, in the order in which they run. */
  readonly operations: ReadonlyMap<string, OperationNode>;
  /** What is switched off, by unique id; of several with one id, or where another is on, each further one by its id and its file. */
  readonly disabled: ReadonlyMap<string, DisabledNode>;
  /** What the project file says of folders in which nothing is. */
  readonly unusedFolders: readonly UnusedFolder[];
  /** Unique ids of models whose time has an end. */
  readonly deprecated: readonly string[];
  /** Of nodes that are audited before they are published, or have a quarantine. */
  readonly audited: readonly string[];
  /** Of models that are written for every engine. */
  readonly portable: readonly string[];
  /** Direct parents and children of every node, source, exposure and unit test, by unique id, in order. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
};

/** A folder that the project file configures and that holds nothing of the kind. */
export type UnusedFolder = { readonly message: string; readonly hint: string };

export type GraphNode = ModelNode | SeedNode | SnapshotNode | TestNode;
/** What a `ref` can mean: nodes that are relations. */
export type RelationNode = ModelNode | SeedNode | SnapshotNode;
export type DisabledNode = GraphNode | SourceNode | ExposureNode | UnitTestNode;
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
  /** Unique ids of the doc blocks in its description. */
  readonly docBlocks: readonly string[];
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  /** What was said of its configuration, before defaults: in all places together, and by the file's own `config()`. */
  readonly said: {
    readonly config: JsonObject;
    readonly call: JsonObject;
    /** What its property file says in templates. */
    readonly dynamic?: readonly DynamicConfig[] | undefined;
  };
  readonly columns: ReadonlyMap<string, ColumnInfo>;
  /** Property file that describes the node, or null. */
  readonly patchPath: string | null;
  /** sha256 of the file's text, as in dbt without the white space at its ends; of all bytes of a seed. Empty for a generic test, which has no file. */
  readonly checksum: string;
  /** Unique ids. */
  readonly dependsOn: { readonly nodes: readonly string[]; readonly macros: readonly string[] };
  readonly place: Place;
};

export type ColumnInfo = Omit<ColumnProperties, "tests" | "place"> & {
  readonly docBlocks: readonly string[];
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
  /** What a macro of the project calls the view of its latest version. */
  readonly pointerAlias?: string;
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
export type SeedNode = NodeCommon & {
  readonly resourceType: "seed";
  /** sha256 of the text without the white space at its ends: blank lines there can be rows, but are no change for dbt. */
  readonly textChecksum: string;
  readonly alias: string;
  readonly relation: Relation;
  readonly config: SeedConfig;
};
export type SnapshotNode = NodeCommon & {
  readonly resourceType: "snapshot";
  readonly alias: string;
  readonly relation: Relation;
  readonly config: SnapshotConfig;
  /** `select * from {{ ref('orders') }}` */
  readonly rawCode: string;
  readonly references: References;
};
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
export type SourceNode = Omit<NodeCommon, "dependsOn" | "checksum" | "said"> & {
  readonly resourceType: "source";
  readonly sourceName: string;
  readonly sourceDescription: string;
  readonly sourceMeta: JsonObject;
  /** What was said of its configuration, in all places together. */
  readonly said: JsonObject;
  /** Parts of its relation that are templates, as written: another environment is no change. */
  readonly written: JsonObject;
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
export type UnitTestNode = Omit<NodeCommon, "columns" | "said" | "docBlocks"> & {
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

export type ExposureNode = Omit<ExposureProperties, "enabled"> & {
  readonly resourceType: "exposure";
  readonly uniqueId: string;
  readonly packageName: string;
  readonly path: string;
  readonly originalFilePath: string;
  readonly fqn: readonly string[];
  readonly references: References;
};

/** A hook of a whole run, as `manifest.json` and `run_results.json` name it. */
export type OperationNode = {
  readonly resourceType: "operation";
  readonly uniqueId: string;
  readonly name: string;
  readonly packageName: string;
  readonly originalFilePath: string;
  /** Among those of its package and kind, from 1. */
  readonly index: number;
  readonly on: "on-run-start" | "on-run-end";
  readonly schema: string;
  readonly rawCode: string;
  readonly references: References;
  readonly dependsOn: { readonly nodes: readonly string[]; readonly macros: readonly string[] };
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
  readonly meta: JsonObject;
  readonly docs: { readonly show: boolean; readonly node_color: string | null };
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
