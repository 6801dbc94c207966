import type { Constraint } from "../project/types.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type {
  ColumnInfo,
  GraphNode,
  ModelNode,
  References,
  Relation,
  SeedNode,
  SnapshotNode,
  TestNode,
} from "../graph/types.ts";
import { contractChecksum } from "./contract-checksum.ts";
import { manifestConfig } from "./manifest-config.ts";
import { sqlPath } from "./sql-paths.ts";

/** What the template engine made of a node. */
export type CompiledNode = {
  readonly compiledCode: string;
  /** Ephemeral parents that were put in front, by unique id, outermost first. */
  readonly ctes: readonly { readonly id: string; readonly sql: string }[];
};

export type NodeContext = {
  readonly compiled: ReadonlyMap<string, CompiledNode>;
  readonly quoteRelation: (relation: Relation) => string;
  /** Unique id → direct parents. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly targetPath: string;
  readonly unrendered: (node: GraphNode) => JsonObject;
  /** Columns that a model's tests show to be a key. */
  readonly primaryKey: (model: string) => readonly string[];
};

/**
 * Filled key by key: objects of this many keys made by spreading cost V8 ten times the time and memory, which a
 * manifest of ten thousand nodes feels.
 */
type Entry = Record<string, Json>;

/** One entry of the manifest's `nodes`. */
export const manifestNode = (node: GraphNode, context: NodeContext): JsonObject =>
  fill(common(node, manifestConfig(node)), node, context);

/**
 * The same as JSON. `configs` keeps the texts of configurations: a third of the whole, and nodes share them. No other `"config":0`
 * can come before it, as quotes within values are escaped.
 */
export function manifestNodeText(
  node: GraphNode,
  context: NodeContext,
  configs: Map<GraphNode["config"], string>,
): string {
  let config = configs.get(node.config);
  if (config === undefined) {
    config = JSON.stringify(manifestConfig(node));
    configs.set(node.config, config);
  }
  const text = JSON.stringify(fill(common(node, 0), node, context));
  const at = text.indexOf('"config":0') + '"config":'.length;
  return `${text.slice(0, at)}${config}${text.slice(at + 1)}`;
}

function fill(entry: Entry, node: GraphNode, context: NodeContext): JsonObject {
  entry.unrendered_config = context.unrendered(node);
  switch (node.resourceType) {
    case "model":
      return fillModel(entry, node, context);
    case "seed":
      return fillSeed(entry, node, context);
    case "snapshot":
      entry.docs = node.config.docs;
      entry.relation_name = context.quoteRelation(node.relation);
      fillCode(entry, node, context);
      entry.defer_relation = null;
      return entry;
    case "test":
      return fillTest(entry, node, context);
  }
}

function fillModel(entry: Entry, node: ModelNode, context: NodeContext): JsonObject {
  const built = node.config.materialized !== "ephemeral";
  entry.docs = node.config.docs;
  entry.relation_name = built ? context.quoteRelation(node.relation) : null;
  fillCode(entry, node, context);
  entry.access = node.config.access;
  entry.constraints = node.constraints
    .slice(countOfColumns(node))
    .map((constraint) => ({ ...manifestConstraint(constraint), columns: constraint.columns }));
  const { enforced } = node.config.contract;
  entry.contract = { enforced, alias_types: true, checksum: enforced ? contractChecksum(node) : null };
  entry.version = node.version;
  entry.latest_version = node.latestVersion;
  entry.deprecation_date = node.deprecationDate;
  entry.defer_relation = null;
  entry.primary_key = context.primaryKey(node.uniqueId);
  entry.time_spine = null;
  return entry;
}

/** Constraints of columns, which come first and are told with them. */
const countOfColumns = ({ columns }: ModelNode): number =>
  [...columns.values()].reduce((sum, { constraints }) => sum + constraints.length, 0);

function fillSeed(entry: Entry, node: SeedNode, context: NodeContext): JsonObject {
  entry.docs = node.config.docs;
  entry.relation_name = context.quoteRelation(node.relation);
  entry.raw_code = "";
  entry.root_path = null;
  entry.depends_on = { macros: node.dependsOn.macros };
  entry.defer_relation = null;
  return entry;
}

function fillTest(entry: Entry, node: TestNode, context: NodeContext): JsonObject {
  entry.docs = { show: true, node_color: null };
  entry.relation_name = node.config.store_failures ? context.quoteRelation(node.relation) : null;
  fillCode(entry, node, context);
  if (node.generic === null) return entry;
  const { name, namespace, columnName, attachedNode } = node.generic;
  entry.column_name = columnName;
  entry.file_key_name = fileKey(attachedNode);
  entry.attached_node = attachedNode;
  const kwargs =
    columnName === null ? node.generic.arguments : { column_name: columnName, ...node.generic.arguments };
  entry.test_metadata = { name, kwargs, namespace };
  return entry;
}

/** `models.stg_orders`: the section of the property file that the test is written in, and the name there. */
function fileKey(attachedNode: string): string {
  const [kind = "", , name = ""] = attachedNode.split(".");
  return `${kind}s.${name}`;
}

function common(node: GraphNode, config: Json): Entry {
  return {
    database: node.relation.database,
    schema: node.relation.schema,
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    path: node.path,
    original_file_path: node.originalFilePath,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    alias: node.alias,
    checksum: { name: "sha256", checksum: node.checksum },
    config,
    tags: node.tags,
    description: node.description,
    columns: manifestColumns(node.columns),
    meta: node.meta,
    group: node.config.group,
    patch_path: node.patchPath === null ? null : `${node.packageName}://${node.patchPath}`,
    build_path: null,
    unrendered_config: {},
    config_call_dict: node.said.call,
    doc_blocks: [],
  };
}

export function manifestColumns(columns: ReadonlyMap<string, ColumnInfo>): JsonObject {
  const entries = [...columns.values()].map((column): [string, Json] => [
    column.name,
    {
      name: column.name,
      description: column.description,
      meta: column.meta,
      data_type: column.dataType,
      constraints: column.constraints.map(manifestConstraint),
      quote: column.quote ? true : null,
      config: { meta: column.meta, tags: column.tags },
      tags: column.tags,
      granularity: null,
      doc_blocks: [],
    },
  ]);
  return Object.fromEntries(entries);
}

/** The keys of a node that has SQL. */
function fillCode(entry: Entry, node: ModelNode | SnapshotNode | TestNode, context: NodeContext): void {
  const made = context.compiled.get(node.uniqueId);
  entry.raw_code = node.rawCode;
  entry.language = "sql";
  entry.refs = manifestRefs(node.references);
  entry.sources = manifestSourceCalls(node.references);
  entry.metrics = [];
  entry.functions = [];
  entry.depends_on = { macros: node.dependsOn.macros, nodes: context.parents.get(node.uniqueId) ?? [] };
  entry.compiled_path = made ? `${context.targetPath}/compiled/${sqlPath(node)}` : null;
  entry.compiled = made !== undefined;
  entry.compiled_code = made?.compiledCode ?? null;
  entry.extra_ctes_injected = made !== undefined;
  entry.extra_ctes = made?.ctes.map(({ id, sql }) => ({ id, sql })) ?? [];
  entry.contract = { enforced: false, alias_types: true, checksum: null };
}

/** dbt's form of what must hold; who checks it is our business. */
const manifestConstraint = ({
  type,
  expression,
  name,
  to,
  toColumns,
}: Omit<Constraint, "columns">): JsonObject => ({
  type,
  expression,
  name,
  warn_unenforced: true,
  warn_unsupported: true,
  to,
  to_columns: toColumns,
});

export const manifestRefs = ({ refs }: References): Json =>
  refs.map(({ name, package: of, version }) => ({ name, package: of, version }));

export const manifestSourceCalls = ({ sources }: References): Json =>
  sources.map(({ source, table }) => [source, table]);
