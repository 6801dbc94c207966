import type { JsonObject } from "../../runner/base/json.ts";
import { modelConfig, seedConfig, testConfig } from "../../runner/graph/complete-config.ts";
import type {
  ColumnInfo,
  ExposureNode,
  Graph,
  GraphNode,
  ModelConfig,
  ModelNode,
  SeedNode,
  SourceNode,
  TestConfig,
  TestNode,
} from "../../runner/graph/types.ts";

type Common = {
  /** Names as below; a source is `src.tbl`. */
  readonly parents?: readonly string[];
  readonly tags?: readonly string[];
  readonly meta?: JsonObject;
  readonly description?: string;
  readonly columns?: Readonly<Record<string, Partial<ColumnInfo>>>;
  readonly patchPath?: string;
  readonly package?: string;
};
/** A node in short; parents stand before their children in the list. */
export type NodeSpec =
  | (Common & { readonly model: string; readonly config?: Partial<ModelConfig>; readonly sql?: string })
  | (Common & { readonly seed: string; readonly config?: Partial<SeedNode["config"]> })
  | (Common & { readonly source: string; readonly landing?: boolean })
  | (Common & { readonly exposure: string; readonly type?: ExposureNode["type"]; readonly label?: string })
  | (Common & {
      /** Generic when `unique`, `my.unique` …: `generic` names it. */
      readonly test: string;
      readonly generic?: string;
      readonly column?: string;
      readonly config?: Partial<TestConfig>;
    });

const project = "shop";

/**
 * A graph for tests. `model: "staging/stg_a"` lies in `models/staging/stg_a.sql`; `seed: "codes"` in `seeds/codes.csv`;
 * `source: "src.tbl"` in `models/src.yml`; a test in `tests/data/` or, generic, in its first parent's property file.
 */
export function makeGraph(specs: readonly NodeSpec[]): Graph {
  const ids = new Map<string, string>();
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  const nodes = new Map<string, GraphNode>();
  const sources = new Map<string, SourceNode>();
  const exposures = new Map<string, ExposureNode>();
  for (const spec of specs) {
    const above = (spec.parents ?? []).map((name) => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`no node "${name}" stands before its child`);
      return id;
    });
    const node = makeNode(spec, above);
    ids.set("source" in spec ? spec.source : node.name, node.uniqueId);
    parents.set(node.uniqueId, above);
    children.set(node.uniqueId, []);
    for (const parent of above) children.get(parent)!.push(node.uniqueId);
    if (node.resourceType === "source") sources.set(node.uniqueId, node);
    else if (node.resourceType === "exposure") exposures.set(node.uniqueId, node);
    else nodes.set(node.uniqueId, node);
  }
  return {
    projectName: project,
    nodes,
    sources,
    exposures,
    unitTests: new Map(),
    macros: new Map(),
    docs: new Map(),
    groups: new Map(),
    deprecated: [],
    audited: [],
    portable: [],
    unusedFolders: [],
    operations: new Map(),
    disabled: new Map(),
    parents,
    children,
  };
}

function makeNode(spec: NodeSpec, above: readonly string[]): GraphNode | SourceNode | ExposureNode {
  if ("model" in spec) return makeModel(spec, above);
  if ("seed" in spec) return makeSeed(spec, above);
  if ("source" in spec) return makeSource(spec);
  if ("exposure" in spec) return makeExposure(spec);
  return makeTest(spec, above);
}

const place = (file: string) => ({ file, line: 1, column: 1 });

function common(spec: NodeSpec, type: string, path: string, folder: string, above: readonly string[]) {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.(sql|csv)$/, "");
  const packageName = spec.package ?? project;
  return {
    uniqueId: `${type}.${packageName}.${name}`,
    name,
    packageName,
    path,
    originalFilePath: `${folder}/${path}`,
    fqn: [packageName, ...path.split("/").slice(0, -1), name],
    description: spec.description ?? "",
    docBlocks: [],
    tags: spec.tags ?? [],
    meta: spec.meta ?? {},
    said: { config: ("config" in spec ? spec.config : {}) as JsonObject, call: {} },
    columns: columnsOf(spec),
    patchPath: spec.patchPath ?? null,
    checksum: "0".repeat(64),
    dependsOn: { nodes: above, macros: [] },
    place: place(`${folder}/${path}`),
  };
}

const columnsOf = (spec: NodeSpec): ReadonlyMap<string, ColumnInfo> =>
  new Map(
    Object.entries(spec.columns ?? {}).map(([name, column]) => [
      name,
      {
        name,
        description: "",
        dataType: null,
        meta: {},
        tags: [],
        quote: false,
        constraints: [],
        docBlocks: [],
        ...column,
      },
    ]),
  );

const relation = (identifier: string, schema = "main") => ({ database: "warehouse", schema, identifier });

function makeModel(spec: Extract<NodeSpec, { model: string }>, above: readonly string[]): ModelNode {
  const base = common(spec, "model", `${spec.model}.sql`, "models", above);
  const rawCode = spec.sql ?? `select 1 as id -- ${base.name}`;
  return {
    ...base,
    resourceType: "model",
    alias: base.name,
    relation: relation(base.name),
    rawCode,
    version: null,
    latestVersion: null,
    deprecationDate: null,
    constraints: [],
    references: referencesOf(above),
    config: {
      ...modelConfig({}),
      tags: base.tags,
      meta: base.meta,
      ...spec.config,
    },
  };
}

function makeSeed(spec: Extract<NodeSpec, { seed: string }>, above: readonly string[]): SeedNode {
  const base = common(spec, "seed", `${spec.seed}.csv`, "seeds", above);
  return {
    ...base,
    resourceType: "seed",
    textChecksum: "0".repeat(64),
    alias: base.name,
    relation: relation(base.name),
    config: {
      ...seedConfig({}),
      tags: base.tags,
      meta: base.meta,
      ...spec.config,
    },
  };
}

function makeSource(spec: Extract<NodeSpec, { source: string }>): SourceNode {
  const [sourceName = "", name = ""] = spec.source.split(".");
  const { dependsOn: _, checksum: __, said: ___, ...base } = common(spec, "source", "src.yml", "models", []);
  return {
    ...base,
    resourceType: "source",
    uniqueId: `source.${base.packageName}.${sourceName}.${name}`,
    name,
    path: "models/src.yml",
    fqn: [base.packageName, sourceName, name],
    sourceName,
    written: {},
    sourceDescription: "",
    sourceMeta: {},
    loader: "",
    identifier: name,
    relation: relation(name, sourceName),
    landing: spec.landing ?? false,
    said: {},
    loadedAtField: null,
    loadedAtQuery: null,
    eventTime: null,
    freshness: null,
  };
}

function makeExposure(spec: Extract<NodeSpec, { exposure: string }>): ExposureNode {
  const packageName = spec.package ?? project;
  return {
    resourceType: "exposure",
    uniqueId: `exposure.${packageName}.${spec.exposure}`,
    name: spec.exposure,
    packageName,
    path: "exposures.yml",
    originalFilePath: "models/exposures.yml",
    fqn: [packageName, spec.exposure],
    label: spec.label ?? null,
    type: spec.type ?? "dashboard",
    owner: { name: "Ada", email: null },
    url: null,
    maturity: null,
    description: spec.description ?? "",
    dependsOn: [],
    meta: spec.meta ?? {},
    tags: spec.tags ?? [],
    references: { refs: [], sources: [] },
    place: place("models/exposures.yml"),
  };
}

function makeTest(spec: Extract<NodeSpec, { test: string }>, above: readonly string[]): TestNode {
  const base = common(spec, "test", `${spec.test}.sql`, "tests/data", above);
  const [namespace, bare] = spec.generic?.includes(".") ? spec.generic.split(".") : [null, spec.generic];
  return {
    ...base,
    ...(spec.generic !== undefined && { originalFilePath: "models/schema.yml" }),
    resourceType: "test",
    alias: base.name,
    relation: relation(base.name, "main_test_failures"),
    rawCode: spec.generic ? `{{ test_${bare}(model) }}` : "select 1 where false",
    references: referencesOf(above),
    generic:
      spec.generic === undefined
        ? null
        : {
            name: bare ?? "",
            namespace: namespace ?? null,
            arguments: spec.column ? { column_name: spec.column } : {},
            columnName: spec.column ?? null,
            attachedNode: above[0] ?? "",
            tested: `ref("${above[0]?.split(".").at(-1)}")`,
            scan: null,
          },
    config: {
      ...testConfig({}),
      tags: [...base.tags],
      meta: { ...base.meta } as TestConfig["meta"],
      ...spec.config,
    },
  };
}

const referencesOf = (above: readonly string[]) => ({
  refs: above
    .filter((id) => !id.startsWith("source."))
    .map((id) => ({ name: id.split(".").at(-1)!, package: null, version: null })),
  sources: above
    .filter((id) => id.startsWith("source."))
    .map((id) => {
      const [, , source = "", table = ""] = id.split(".");
      return { source, table };
    }),
});
