import type { JsonObject } from "../base/json.ts";
import type {
  GenericTest,
  GraphNode,
  ModelNode,
  RefCall,
  References,
  Relation,
  SeedNode,
  SnapshotNode,
  TestNode,
} from "../graph/types.ts";
import { contractChecksum } from "./contract-checksum.ts";
import { each, entryWriter, written } from "./entry-writer.ts";
import type { Fields } from "./entry-writer.ts";
import type { JsonWriter } from "./json-writer.ts";
import { columns, modelConstraints } from "./manifest-columns.ts";
import { manifestConfig } from "./manifest-config.ts";
import { compiledPath } from "./sql-paths.ts";

/** What the template engine made of a node. */
export type CompiledNode = {
  readonly compiledCode: string;
  /** Ephemeral parents that were put in front, by unique id, outermost first. */
  readonly ctes: readonly Cte[];
};
type Cte = { readonly id: string; readonly sql: string };

export type NodeContext = {
  readonly quoteRelation: (relation: Relation) => string;
  readonly targetPath: string;
  readonly unrendered: (node: GraphNode) => JsonObject;
  /** Columns that a model's tests show to be a key. */
  readonly primaryKey: (model: ModelNode) => readonly string[];
  /** Configurations as JSON: a third of the whole, and nodes share them. */
  readonly configs: Map<GraphNode["config"], Uint8Array>;
  /** Of the node before, which mostly has the same. */
  lastConfig: { readonly of: GraphNode["config"]; readonly text: Uint8Array } | undefined;
  /** Of the node that is being written. */
  made: CompiledNode | undefined;
};

type NodeFields<Node extends GraphNode> = Fields<Node, NodeContext>;
type Coded = ModelNode | SnapshotNode | TestNode;

const common: NodeFields<GraphNode> = {
  database: ({ relation }) => relation.database,
  schema: ({ relation }) => relation.schema,
  name: ({ name }) => name,
  resource_type: ({ resourceType }) => resourceType,
  package_name: ({ packageName }) => packageName,
  path: ({ path }) => path,
  original_file_path: ({ originalFilePath }) => originalFilePath,
  unique_id: ({ uniqueId }) => uniqueId,
  fqn: ({ fqn }) => fqn,
  alias: ({ alias }) => alias,
  checksum: { name: "sha256", checksum: ({ checksum }) => checksum },
  config: configText,
  tags: ({ tags }) => tags,
  description: ({ description }) => description,
  columns,
  meta: ({ meta }) => meta,
  group: ({ config }) => config.group,
  patch_path: ({ patchPath, packageName }) => (patchPath === null ? null : `${packageName}://${patchPath}`),
  build_path: null,
  unrendered_config: (node, { unrendered }) => unrendered(node),
  config_call_dict: ({ said }) => said.call,
  doc_blocks: ({ docBlocks }) => docBlocks,
};

function configText(node: GraphNode, context: NodeContext): Uint8Array {
  const { configs, lastConfig } = context;
  if (lastConfig?.of === node.config) return lastConfig.text;
  let text = configs.get(node.config);
  if (text === undefined)
    configs.set(node.config, (text = Buffer.from(JSON.stringify(manifestConfig(node)))));
  context.lastConfig = { of: node.config, text };
  return text;
}

const none: readonly never[] = [];

type Referring = { readonly references: References };
export const refs = each<Referring, RefCall, unknown>(({ references }) => references.refs, {
  name: ({ name }) => name,
  package: (call) => call.package,
  version: ({ version }) => version,
});
export const sources: Fields<Referring, unknown>[string] = ({ references }) =>
  references.sources.length === 0 ? none : references.sources.map(({ source, table }) => [source, table]);

const isCompiled = (_: GraphNode, { made }: NodeContext): boolean => made !== undefined;

/** Text of which nearly all has something to be escaped. */
function sql<T>(
  of: (node: T, context: NodeContext) => string | null,
): ReturnType<typeof written<T, NodeContext, string | null>> {
  return written(of, (out, text) => (text === null ? out.value(null) : out.sql(text)));
}

/** Of a node that has SQL. */
const code: NodeFields<Coded> = {
  raw_code: sql(({ rawCode }) => rawCode.trim()),
  language: "sql",
  refs,
  sources,
  metrics: [],
  functions: [],
  depends_on: {
    macros: ({ dependsOn }) => dependsOn.macros,
    nodes: ({ dependsOn }) => dependsOn.nodes,
  },
  compiled_path: (node, { made, targetPath }) => (made ? compiledPath(targetPath, node) : null),
  compiled: isCompiled,
  compiled_code: sql((_, { made }) => made?.compiledCode ?? null),
  extra_ctes_injected: isCompiled,
  extra_ctes: each<GraphNode, Cte, NodeContext>((_, { made }) => made?.ctes ?? none, {
    id: ({ id }) => id,
    sql: ({ sql }) => sql,
  }),
  contract: { enforced: false, alias_types: true, checksum: null },
};

const relationName = ({ relation }: GraphNode, { quoteRelation }: NodeContext): string =>
  quoteRelation(relation);

const writeModel = entryWriter<ModelNode, NodeContext>({
  ...common,
  docs: ({ config }) => config.docs,
  relation_name: (node, context) =>
    node.config.materialized === "ephemeral" ? null : relationName(node, context),
  ...code,
  contract: {
    enforced: ({ config }) => config.contract.enforced,
    alias_types: ({ config }) => config.contract.alias_types,
    checksum: (node) => (node.config.contract.enforced ? contractChecksum(node) : null),
  },
  access: ({ config }) => config.access,
  constraints: modelConstraints,
  version: ({ version }) => version,
  latest_version: ({ latestVersion }) => latestVersion,
  deprecation_date: ({ deprecationDate }) => deprecationDate,
  defer_relation: null,
  primary_key: (node, { primaryKey }) => primaryKey(node),
  time_spine: null,
});

const writeSeed = entryWriter<SeedNode, NodeContext>({
  ...common,
  checksum: { name: "sha256", checksum: ({ textChecksum }) => textChecksum },
  docs: ({ config }) => config.docs,
  relation_name: relationName,
  raw_code: "",
  root_path: null,
  depends_on: { macros: ({ dependsOn }) => dependsOn.macros },
  defer_relation: null,
});

const writeSnapshot = entryWriter<SnapshotNode, NodeContext>({
  ...common,
  docs: ({ config }) => config.docs,
  relation_name: relationName,
  ...code,
  defer_relation: null,
});

const singularTest: NodeFields<TestNode> = {
  ...common,
  docs: { show: true, node_color: null },
  relation_name: (node, context) => (node.config.store_failures ? relationName(node, context) : null),
  ...code,
};

const writeSingularTest = entryWriter(singularTest);

const writeGenericTest = entryWriter<TestNode & { readonly generic: GenericTest }, NodeContext>({
  ...singularTest,
  checksum: { name: "none", checksum: "" },
  column_name: ({ generic }) => generic.columnName,
  file_key_name: written(
    ({ generic }) => generic.attachedNode,
    (out, id) => out.string(fileKey(id)),
  ),
  attached_node: ({ generic }) => generic.attachedNode,
  test_metadata: {
    name: ({ generic }) => generic.name,
    kwargs: written(({ generic }) => generic, writeKwargs),
    namespace: ({ generic }) => generic.namespace,
  },
});

type Given = { readonly columnName: string | null; readonly json: Uint8Array };
/** What is given besides the relation, up to that: tests that ask the same have one object of it. */
const beforeRelation = new WeakMap<JsonObject, Given>();

/** As dbt has them: the relation that is tested among them, as the call that names it. */
function writeKwargs(out: JsonWriter, { columnName, arguments: given, tested }: GenericTest): void {
  const model = `{{ get_where_subquery(${tested.replaceAll('"', "'")}) }}`;
  let before = beforeRelation.get(given);
  if (before?.columnName !== columnName) {
    const all = { ...(columnName !== null && { column_name: columnName }), ...given };
    if ("model" in given) return out.value({ ...all, model });
    const json = Buffer.from(JSON.stringify({ ...all, model: "" }).slice(0, -'""}'.length));
    beforeRelation.set(given, (before = { columnName, json }));
  }
  out.raw(before.json);
  out.string(model);
  out.raw(close);
}

const close = Buffer.from("}");

/** `models.stg_orders`: the section of the property file that the test is written in, and the name there. */
function fileKey(attachedNode: string): string {
  const [kind = "", , name = ""] = attachedNode.split(".");
  return `${kind}s.${name}`;
}

/** One entry of the manifest's `nodes`. */
export function writeNode(
  out: JsonWriter,
  node: GraphNode,
  made: CompiledNode | undefined,
  context: NodeContext,
): void {
  context.made = made;
  switch (node.resourceType) {
    case "model":
      return writeModel(out, node, context);
    case "seed":
      return writeSeed(out, node, context);
    case "snapshot":
      return writeSnapshot(out, node, context);
    case "test":
      return isGeneric(node) ? writeGenericTest(out, node, context) : writeSingularTest(out, node, context);
  }
}

const isGeneric = (node: TestNode): node is TestNode & { readonly generic: GenericTest } =>
  node.generic !== null;
