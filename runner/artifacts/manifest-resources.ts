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
import { freshnessCriteria } from "./manifest-config.ts";
import { columnsJson } from "./manifest-columns.ts";
import { referencesJson } from "./manifest-references.ts";

/* Entries of the manifest for what is not built: sources, exposures, macros, doc blocks. */

const freshness = (node: SourceNode): JsonObject | null =>
  node.freshness && freshnessCriteria(node.freshness);

export type ResourceContext = {
  readonly quoteRelation: (relation: Relation) => string;
  /** Unique id → direct parents. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly isOn: boolean;
};

export function sourceEntry(node: SourceNode, { quoteRelation, isOn }: ResourceContext): string {
  const before: JsonObject = {
    database: node.relation.database,
    schema: node.relation.schema,
    name: node.name,
    resource_type: "source",
    package_name: node.packageName,
    path: node.path,
    original_file_path: node.originalFilePath,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    source_name: node.sourceName,
    source_description: node.sourceDescription,
    loader: node.loader,
    identifier: node.identifier,
    quoting: { database: null, schema: null, identifier: null, column: null },
    loaded_at_field: node.loadedAtField,
    loaded_at_query: node.loadedAtQuery,
    freshness: freshness(node),
    external: null,
    description: node.description,
  };
  const after: JsonObject = {
    meta: node.meta,
    source_meta: node.sourceMeta,
    tags: node.tags,
    config: {
      enabled: isOn,
      event_time: node.eventTime,
      freshness: freshness(node),
      loaded_at_field: node.loadedAtField,
      loaded_at_query: node.loadedAtQuery,
      meta: node.meta,
      tags: node.tags,
      landing: node.landing,
    },
    patch_path: null,
    unrendered_config: { ...node.said, ...node.written },
    relation_name: quoteRelation(node.relation),
    unrendered_database: node.written["database"] ?? null,
    unrendered_schema: node.written["schema"] ?? null,
    doc_blocks: node.docBlocks,
  };
  return entryOf(before, `"columns":${columnsJson(node.columns)}`, after);
}

/** What is spelled already stands between the fields of two objects: names of columns that are numbers stay in their order. */
const entryOf = (before: JsonObject, spelled: string, after: JsonObject): string =>
  `${JSON.stringify(before).slice(0, -1)},${spelled},${JSON.stringify(after).slice(1)}`;

export function exposureEntry(node: ExposureNode, { parents, isOn }: ResourceContext): string {
  const before: JsonObject = {
    name: node.name,
    resource_type: "exposure",
    package_name: node.packageName,
    path: node.path,
    original_file_path: node.originalFilePath,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    type: node.type,
    owner: { email: node.owner.email, name: node.owner.name },
    description: node.description,
    label: node.label,
    maturity: node.maturity,
    meta: node.meta,
    tags: node.tags,
    config: { enabled: isOn, tags: node.tags, meta: node.meta },
    unrendered_config: {},
    url: node.url,
    depends_on: { macros: [], nodes: parents.get(node.uniqueId) ?? [] },
  };
  return entryOf(before, referencesJson(node.references), { metrics: [] });
}

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
