import type { JsonObject } from "../base/json.ts";
import type {
  DocNode,
  ExposureNode,
  Graph,
  GroupNode,
  MacroNode,
  Relation,
  SourceNode,
  UnitTestNode,
} from "../graph/types.ts";
import type { Fixture } from "../project/types.ts";
import { entryWriter } from "./entry-writer.ts";
import { freshnessCriteria } from "./manifest-config.ts";
import { columns } from "./manifest-columns.ts";
import { refs, sources } from "./manifest-nodes.ts";

/* Entries of the manifest for what is not built: sources, exposures, macros, doc blocks. */

const freshness = (node: SourceNode): JsonObject | null =>
  node.freshness && freshnessCriteria(node.freshness);

export type ResourceContext = {
  readonly quoteRelation: (relation: Relation) => string;
  /** Unique id → direct parents. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly isOn: boolean;
};

export const writeSource = entryWriter<SourceNode, ResourceContext>({
  database: (node) => node.relation.database,
  schema: (node) => node.relation.schema,
  name: (node) => node.name,
  resource_type: "source",
  package_name: (node) => node.packageName,
  path: (node) => node.path,
  original_file_path: (node) => node.originalFilePath,
  unique_id: (node) => node.uniqueId,
  fqn: (node) => node.fqn,
  source_name: (node) => node.sourceName,
  source_description: (node) => node.sourceDescription,
  loader: (node) => node.loader,
  identifier: (node) => node.identifier,
  quoting: { database: null, schema: null, identifier: null, column: null },
  loaded_at_field: (node) => node.loadedAtField,
  loaded_at_query: (node) => node.loadedAtQuery,
  freshness,
  external: null,
  description: (node) => node.description,
  columns,
  meta: (node) => node.meta,
  source_meta: (node) => node.sourceMeta,
  tags: (node) => node.tags,
  config: {
    enabled: (_, { isOn }) => isOn,
    event_time: (node) => node.eventTime,
    freshness,
    loaded_at_field: (node) => node.loadedAtField,
    loaded_at_query: (node) => node.loadedAtQuery,
    meta: (node) => node.meta,
    tags: (node) => node.tags,
    landing: (node) => node.landing,
  },
  patch_path: null,
  unrendered_config: (node) => ({ ...node.said, ...node.written }),
  relation_name: (node, { quoteRelation }) => quoteRelation(node.relation),
  unrendered_database: (node) => node.written["database"] ?? null,
  unrendered_schema: (node) => node.written["schema"] ?? null,
  doc_blocks: (node) => node.docBlocks,
});

export const writeExposure = entryWriter<ExposureNode, ResourceContext>({
  name: (node) => node.name,
  resource_type: "exposure",
  package_name: (node) => node.packageName,
  path: (node) => node.path,
  original_file_path: (node) => node.originalFilePath,
  unique_id: (node) => node.uniqueId,
  fqn: (node) => node.fqn,
  type: (node) => node.type,
  owner: { email: (node) => node.owner.email, name: (node) => node.owner.name },
  description: (node) => node.description,
  label: (node) => node.label,
  maturity: (node) => node.maturity,
  meta: (node) => node.meta,
  tags: (node) => node.tags,
  config: { enabled: (_, { isOn }) => isOn, tags: (node) => node.tags, meta: (node) => node.meta },
  unrendered_config: {},
  url: (node) => node.url,
  depends_on: { macros: [], nodes: (node, { parents }) => parents.get(node.uniqueId) ?? [] },
  refs,
  sources,
  metrics: [],
});

export function manifestGroup(group: GroupNode): JsonObject {
  return {
    name: group.name,
    resource_type: "group",
    package_name: group.packageName,
    path: group.path,
    original_file_path: group.originalFilePath,
    unique_id: group.uniqueId,
    owner: group.owner,
    description: group.description,
    config: { meta: group.meta },
  };
}

export function manifestMacro(macro: MacroNode): JsonObject {
  return {
    name: macro.name,
    resource_type: "macro",
    package_name: macro.packageName,
    path: macro.path,
    original_file_path: macro.originalFilePath,
    unique_id: macro.uniqueId,
    macro_sql: macro.macroSql,
    depends_on: { macros: macro.dependsOnMacros },
    description: macro.description,
    meta: macro.meta,
    docs: macro.docs,
    patch_path: null,
    arguments: macro.arguments.map(({ name, type, description }) => ({ name, type, description })),
    supported_languages: null,
  };
}

export function manifestDoc(doc: DocNode): JsonObject {
  return {
    name: doc.name,
    resource_type: "doc",
    package_name: doc.packageName,
    path: doc.path,
    original_file_path: doc.originalFilePath,
    unique_id: doc.uniqueId,
    block_contents: doc.contents,
  };
}

export function manifestUnitTest(node: UnitTestNode, { nodes, disabled }: Graph, isOn: boolean): JsonObject {
  const model = node.model === null ? undefined : (nodes.get(node.model) ?? disabled.get(node.model));
  const { macros, vars, envVars } = node.overrides;
  const isOverridden = [macros, vars, envVars].some((given) => Object.keys(given).length > 0);
  return {
    model: model?.name ?? "",
    given: node.given.map(({ input, rows }) => ({ input, ...manifestFixture(rows) })),
    expect: manifestFixture(node.expect),
    name: node.name,
    resource_type: "unit_test",
    package_name: node.packageName,
    path: node.path,
    original_file_path: node.originalFilePath,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    description: node.description,
    overrides: isOverridden ? { macros, vars, env_vars: envVars } : null,
    depends_on: { macros: node.dependsOn.macros, nodes: node.dependsOn.nodes },
    config: { tags: node.tags, meta: node.meta, enabled: isOn },
    checksum: node.checksum,
    schema: model && "relation" in model ? model.relation.schema : null,
    versions: node.versions && { include: node.versions.include, exclude: node.versions.exclude },
    version: node.version,
  };
}

const manifestFixture = ({ rows, format, fixture }: Fixture): JsonObject => ({ rows, format, fixture });
