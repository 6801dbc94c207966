import type { JsonObject } from "../base/json.ts";
import type { Place } from "../base/problems.ts";
import type { AlertsConfig } from "./alerts-schema.ts";
import type { HistoryConfig } from "./freshness-schema.ts";
import type { Version } from "./govern-schema.ts";
import type { OpenLineageConfig } from "./openlineage-schema.ts";
import type {
  ModelConfigInput,
  SeedConfigInput,
  SnapshotConfigInput,
  SourceConfigInput,
  TestConfigInput,
} from "./config-schemas.ts";
import type { DynamicConfig } from "./render-values.ts";
import type { Target } from "./target-types.ts";
import type { SourceProperties } from "./source-types.ts";
import type { ColumnProperties, Constraint, TestProperties } from "./column-types.ts";

export type * from "./column-types.ts";
export type * from "./source-types.ts";
export type * from "./target-types.ts";

/** A project as it stands on disk, checked and typed; nothing rendered, nothing linked. */
export type Project = {
  /** Absolute. */
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly target: Target;
  readonly vars: JsonObject;
  /** What the project file says of vars, before the environment and `--vars` are taken in. */
  readonly unrenderedVars: JsonObject;
  /** Absolute folder of the landing zone. */
  readonly landing: string;
  /** Where ingestion keeps landed datasets in PostgreSQL. */
  readonly stagingSchema: string;
  readonly folderConfigs: readonly FolderConfig[];
  /** Who is told of what goes wrong. */
  readonly alerts: AlertsConfig;
  readonly history: HistoryConfig;
  /** Where run events go. */
  readonly openLineage: OpenLineageConfig;
  readonly onRunStart: readonly RunHook[];
  readonly onRunEnd: readonly RunHook[];
  readonly queryComment: QueryCommentConfig | null;
  readonly files: ProjectFiles;
  readonly properties: Properties;
  /** Its models are there for others only where they are public. */
  readonly restrictAccess: boolean;
  /** What the project uses, each after those that it uses itself. */
  readonly packages: readonly Package[];
};

/** A folder or an npm package of models, seeds, snapshots, tests and macros. */
export type Package = Pick<
  Project,
  "root" | "name" | "version" | "vars" | "folderConfigs" | "files" | "properties" | "restrictAccess"
> & {
  /** Of its `package.json`, for what npm installed; null: a folder of the project. */
  readonly npm: string | null;
  /** What the project says of its nodes, which is stronger than what they say themselves. */
  readonly above: readonly FolderConfig[];
};

/** A template that runs before or after all nodes of a run. */
export type RunHook = {
  /** `operation.shop.shop-on-run-start-0`, as dbt has it. */
  readonly uniqueId: string;
  readonly name: string;
  /** Among those of its package and kind, from 1. */
  readonly index: number;
  readonly sql: string;
  readonly place: Place;
  /** null: of the project itself. */
  readonly package: string | null;
};

/** `query-comment`; null for the whole is none, `sql` null the usual one. */
export type QueryCommentConfig = {
  /** A template. */
  readonly sql: string | null;
  readonly append: boolean;
  readonly place: Place;
};

export type ProjectFiles = {
  /** `models/**.sql` */
  readonly models: readonly TextFile[];
  /** `macros/**.sql` */
  readonly macros: readonly TextFile[];
  /** `macros/**.ts`, `.mjs` and `.js`, paths only: they are imported when something is rendered. */
  readonly scriptMacros: readonly FilePath[];
  /** `tests/data/**.sql`, `tests/*.sql` */
  readonly singularTests: readonly TextFile[];
  /** `seeds/**` CSV, JSON and Parquet. */
  readonly seeds: readonly SeedFile[];
  /** `tests/fixtures/**` CSV and SQL: rows of unit tests. */
  readonly fixtures: readonly TextFile[];
  /** `*.md` below models, seeds, macros and tests/data: doc blocks. */
  readonly docs: readonly TextFile[];
};

/**
 * `path` is relative to the project or package that the file belongs to, with forward slashes: `models/staging/stg_x.sql`. `file` is
 * relative to the project, as messages name it: `node_modules/shared/models/staging/stg_x.sql`.
 */
export type FilePath = { readonly path: string; readonly file: string };

/** `checksum`: sha256 of the bytes. `ofText`: of the text without the white space at its ends, which is what dbt compares. */
export type SeedFile = FilePath & { readonly checksum: string; readonly ofText: string };
/** `checksum`: sha256 of the text without the white space at its ends; undefined: nobody has worked it out yet. */
export type TextFile = FilePath & { readonly text: string; readonly checksum?: string | undefined };

export type ResourceKind = "models" | "seeds" | "snapshots" | "tests" | "sources";

/** What `sql_project.yaml` says of a folder; the longest matching path wins, tags add up, meta merges. */
export type FolderConfig = {
  readonly kind: ResourceKind;
  readonly path: readonly string[];
  /** Said of all: of a project's packages too. */
  readonly everywhere: boolean;
  readonly config:
    | ModelConfigInput
    | SeedConfigInput
    | SnapshotConfigInput
    | TestConfigInput
    | SourceConfigInput;
  /** As written, the values that depend on the environment. */
  readonly unrendered?: JsonObject;
  /** Templates that every node of the folder has, each with its own place. */
  readonly hooks: readonly { readonly sql: string; readonly place: Place }[];
  readonly place: Place;
};

/** All property files together. */
export type Properties = {
  readonly models: readonly ModelProperties[];
  readonly seeds: readonly NodeProperties<SeedConfigInput>[];
  readonly snapshots: readonly SnapshotProperties[];
  readonly sources: readonly SourceProperties[];
  readonly macros: readonly MacroProperties[];
  /** Descriptions and configs of singular tests. */
  readonly dataTests: readonly NodeProperties<TestConfigInput>[];
  readonly exposures: readonly ExposureProperties[];
  readonly unitTests: readonly UnitTestProperties[];
  readonly groups: readonly GroupProperties[];
};

export type GroupProperties = {
  readonly name: string;
  readonly description: string;
  /** `name`, `email` and whatever else is said. */
  readonly owner: JsonObject;
  readonly meta: JsonObject;
  readonly place: Place;
};

/** Rows as a person writes them; with `fixture`, as they stand in `tests/fixtures/<fixture>.csv` or `.sql`. `rows` null: none are said. */
export type Fixture = {
  readonly format: "dict" | "csv" | "sql";
  readonly rows: string | readonly JsonObject[] | null;
  readonly fixture: string | null;
};
export type UnitTestProperties = {
  readonly name: string;
  /** One of the two is there: a model's name, or SQL of the test's own. */
  readonly model: string | null;
  readonly sql: string | null;
  readonly cte: string | null;
  /** null: all that the model has. */
  readonly versions: {
    readonly include: readonly Version[] | null;
    readonly exclude: readonly Version[] | null;
    readonly place: Place;
  } | null;
  readonly description: string;
  /** `input`: `ref('x')`, `source('a', 'b')`, `this`; with `sql` also any name. */
  readonly given: readonly (Fixture & { readonly input: string; readonly place: Place })[];
  readonly expect: Fixture;
  readonly overrides: {
    readonly macros: JsonObject;
    readonly vars: JsonObject;
    readonly envVars: Readonly<Record<string, string>>;
    /** ISO 8601, or null: the clock goes on. */
    readonly now: string | null;
  };
  readonly config: { readonly enabled: boolean; readonly tags: readonly string[]; readonly meta: JsonObject };
  readonly place: Place;
};

export type NodeProperties<Config> = {
  /** Those of its configuration that are written as templates. */
  readonly dynamic: readonly DynamicConfig[];
  readonly name: string;
  readonly description: string;
  readonly config: Config;
  readonly columns: readonly ColumnProperties[];
  readonly tests: readonly TestProperties[];
  readonly place: Place;
};

export type ModelProperties = NodeProperties<ModelConfigInput> & {
  /** Those of several columns, or of the row. */
  readonly constraints: readonly Constraint[];
  /** A day or an instant, as written. */
  readonly deprecationDate: string | null;
  /** null: the highest. */
  readonly latest: { readonly version: Version; readonly place: Place } | null;
  readonly versions: readonly VersionProperties[];
};

/** What one version of a model says of itself; null: as the model has it. */
export type VersionProperties = {
  readonly v: Version;
  /** The file without its extension. */
  readonly definedIn: string | null;
  readonly description: string | null;
  readonly config: ModelConfigInput;
  /** What of it was written as templates. */
  readonly dynamic: readonly DynamicConfig[];
  /** Which of the model's columns it has. */
  readonly include: "all" | readonly string[];
  readonly exclude: readonly string[];
  readonly columns: readonly ColumnProperties[];
  readonly constraints: readonly Constraint[] | null;
  readonly tests: readonly TestProperties[] | null;
  readonly deprecationDate: string | null;
  readonly place: Place;
};

export type SnapshotProperties = NodeProperties<SnapshotConfigInput> & {
  /** The call that names what is kept: `ref('orders')`. */
  readonly relation: string;
};

export type MacroProperties = {
  readonly name: string;
  readonly meta: JsonObject;
  readonly docs: { readonly show?: boolean | undefined; readonly node_color?: string | undefined };
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly type: string | null;
    readonly description: string;
  }[];
  readonly place: Place;
};

export type ExposureProperties = {
  readonly name: string;
  readonly label: string | null;
  readonly type: "dashboard" | "notebook" | "analysis" | "ml" | "application";
  readonly owner: { readonly name: string | null; readonly email: string | null };
  readonly url: string | null;
  readonly maturity: "high" | "medium" | "low" | null;
  readonly description: string;
  readonly dependsOn: readonly string[];
  readonly enabled: boolean;
  readonly meta: JsonObject;
  readonly tags: readonly string[];
  readonly place: Place;
};
