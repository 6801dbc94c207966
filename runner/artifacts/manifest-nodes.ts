import type { JsonObject } from "../base/json.ts";
import type {
  GenericTest,
  GraphNode,
  ModelNode,
  Relation,
  SeedNode,
  SnapshotNode,
  TestNode,
} from "../graph/types.ts";
import { contractChecksum } from "./contract-checksum.ts";
import { escaped, jsonOf, quoted, quotedOrNull, remembering, textsJson } from "./json-text.ts";
import { columnsJson, modelConstraints } from "./manifest-columns.ts";
import { manifestConfig } from "./manifest-config.ts";
import { referencesJson } from "./manifest-references.ts";
import { compiledPath } from "./sql-paths.ts";

/** What the template engine made of a node. */
export type CompiledNode = {
  readonly compiledCode: string;
  /** Ephemeral parents that were put in front, by unique id, outermost first. */
  readonly ctes: readonly Cte[];
};
type Cte = { readonly id: string; readonly sql: string };

export type NodeFacts = {
  readonly quoteRelation: (relation: Relation) => string;
  readonly targetPath: string;
  readonly unrendered: (node: GraphNode) => JsonObject;
  /** Columns that a model's tests show to be a key. */
  readonly primaryKey: (model: ModelNode) => readonly string[];
  /** Gives a unique id as it stands in quotes. */
  readonly spellId: (id: string) => string;
};

/** Gives one entry of the manifest's `nodes` after the other, as JSON. */
export class NodeEntries {
  readonly #facts: NodeFacts;
  /** Configurations as JSON: a third of the whole, and nodes share them. */
  readonly #configs = new Map<GraphNode["config"], string>();
  #lastConfig: { readonly of: GraphNode["config"]; readonly json: string } | undefined;
  /** What the name of a node begins with, as far as it is that of its folder. */
  #folders: { readonly of: readonly string[]; readonly json: string } = { of: [], json: '["' };
  // What stands between the fields that are a node's own: mostly as in the entry before.
  readonly #place = remembering(
    (database: string | null, schema: string) =>
      `{"database":${quotedOrNull(database)},"schema":${quoted(schema)},"name":"`,
  );
  readonly #kind = remembering(
    (type: GraphNode["resourceType"], packageName: string) =>
      `","resource_type":"${type}","package_name":${quoted(packageName)},"path":"`,
  );
  readonly #config = remembering(
    (config: string, tags: readonly string[]) =>
      `"},"config":${config},"tags":${textsJson(tags)},"description":"`,
  );
  readonly #meta = remembering(
    (meta: JsonObject, group: string | null) =>
      `,"meta":${jsonOf(meta)},"group":${quotedOrNull(group)},"patch_path":`,
  );
  readonly #said = remembering(
    (unrendered: JsonObject, call: JsonObject) =>
      `,"build_path":null,"unrendered_config":${jsonOf(unrendered)},"config_call_dict":${jsonOf(call)},"doc_blocks":`,
  );
  readonly #docs = remembering(
    (blocks: readonly string[], docs: JsonObject) =>
      `${textsJson(blocks)},"docs":${JSON.stringify(docs)},"relation_name":`,
  );
  readonly #macros = remembering(
    (macros: readonly string[]) =>
      `,"metrics":[],"functions":[],"depends_on":{"macros":${textsJson(macros)},"nodes":`,
  );

  readonly #call = remembering(
    (tested: string) => `{{ get_where_subquery(${tested.replaceAll('"', "'")}) }}`,
  );

  constructor(facts: NodeFacts) {
    this.#facts = facts;
  }

  entry(node: GraphNode, made: CompiledNode | undefined): string {
    switch (node.resourceType) {
      case "model":
        return this.#model(node, made);
      case "seed":
        return this.#seed(node);
      case "snapshot":
        return this.#snapshot(node, made);
      case "test":
        return this.#test(node, made);
    }
  }

  #common(node: GraphNode, checksum: string, relationName: string): string {
    const { relation, packageName, patchPath, said, config, name, alias } = node;
    const called = escaped(name);
    return (
      `${this.#place(relation.database, relation.schema)}${called}${this.#kind(node.resourceType, packageName)}${escaped(node.path)}` +
      `","original_file_path":"${escaped(node.originalFilePath)}","unique_id":"${this.#facts.spellId(node.uniqueId)}","fqn":${this.#fqn(node, called)},` +
      `"alias":"${alias === name ? called : escaped(alias)}","checksum":{"name":${checksum}${this.#config(this.#configOf(node), node.tags)}` +
      `${escaped(node.description)}","columns":${columnsJson(node.columns)}${this.#meta(node.meta, config.group)}` +
      `${patchPath === null ? "null" : quoted(`${packageName}://${patchPath}`)}` +
      `${this.#said(this.#facts.unrendered(node), said.call)}${this.#docs(node.docBlocks, "docs" in config ? config.docs : DOCS)}${relationName}`
    );
  }

  #fqn({ fqn, name }: GraphNode, called: string): string {
    const count = fqn.length - 1;
    if (fqn[count] !== name) return textsJson(fqn);
    const { of } = this.#folders;
    let isSame = of.length === count;
    for (let i = 0; isSame && i < count; i++) isSame = of[i] === fqn[i];
    if (!isSame) {
      const folders = fqn.slice(0, -1);
      this.#folders = { of: folders, json: `${textsJson([...folders, ""]).slice(0, -2)}` };
    }
    return `${this.#folders.json}${called}"]`;
  }

  #configOf(node: GraphNode): string {
    if (this.#lastConfig?.of === node.config) return this.#lastConfig.json;
    let json = this.#configs.get(node.config);
    if (json === undefined) this.#configs.set(node.config, (json = JSON.stringify(manifestConfig(node))));
    this.#lastConfig = { of: node.config, json };
    return json;
  }

  #relationName({ relation }: GraphNode): string {
    return quoted(this.#facts.quoteRelation(relation));
  }

  /** Of a node that has SQL, nearly all of which has something to be escaped. */
  #code(node: ModelNode | SnapshotNode | TestNode, made: CompiledNode | undefined, contract: string): string {
    const { dependsOn, rawCode } = node;
    return (
      `,"raw_code":${JSON.stringify(rawCode.trim())},"language":"sql",${referencesJson(node.references)}` +
      `${this.#macros(dependsOn.macros)}${textsJson(dependsOn.nodes, this.#facts.spellId)}` +
      (made === undefined
        ? `},"compiled_path":null,"compiled":false,"compiled_code":null,"extra_ctes_injected":false,"extra_ctes":[]${contract}`
        : `},"compiled_path":"${escaped(compiledPath(this.#facts.targetPath, node))}","compiled":true,` +
          `"compiled_code":${JSON.stringify(made.compiledCode)}` +
          `${made.ctes.length === 0 ? WITHOUT_CTES : `,"extra_ctes_injected":true,"extra_ctes":[${made.ctes.map(cteJson).join(",")}]`}${contract}`)
    );
  }

  #model(node: ModelNode, made: CompiledNode | undefined): string {
    const { config } = node;
    const { enforced, alias_types } = config.contract;
    const contract =
      enforced || !alias_types
        ? `,"contract":{"enforced":${enforced},"alias_types":${alias_types},` +
          `"checksum":${enforced ? quoted(contractChecksum(node)) : "null"}}`
        : NO_CONTRACT;
    const relation = config.materialized === "ephemeral" ? "null" : this.#relationName(node);
    return (
      `${this.#common(node, sha256Json(node.checksum), relation)}` +
      `${this.#code(node, made, contract)},"access":"${config.access}","constraints":${jsonOf(modelConstraints(node))}` +
      `${
        node.version === null && node.latestVersion === null && node.deprecationDate === null
          ? WITHOUT_VERSION
          : `,"version":${jsonOf(node.version)},"latest_version":${jsonOf(node.latestVersion)},` +
            `"deprecation_date":${quotedOrNull(node.deprecationDate)},"defer_relation":null,"primary_key":`
      }` +
      `${textsJson(this.#facts.primaryKey(node))},"time_spine":null}`
    );
  }

  #seed(node: SeedNode): string {
    return (
      `${this.#common(node, sha256Json(node.textChecksum), this.#relationName(node))},"raw_code":"","root_path":null,` +
      `"depends_on":{"macros":${textsJson(node.dependsOn.macros)}},"defer_relation":null}`
    );
  }

  #snapshot(node: SnapshotNode, made: CompiledNode | undefined): string {
    return (
      `${this.#common(node, sha256Json(node.checksum), this.#relationName(node))}` +
      `${this.#code(node, made, NO_CONTRACT)},"defer_relation":null}`
    );
  }

  #test(node: TestNode, made: CompiledNode | undefined): string {
    const { generic, config } = node;
    const checksum = generic === null ? sha256Json(node.checksum) : '"none","checksum":"';
    const relation = config.store_failures ? this.#relationName(node) : "null";
    return (
      `${this.#common(node, checksum, relation)}${this.#code(node, made, NO_CONTRACT)}` +
      `${generic === null ? "" : this.#generic(generic)}}`
    );
  }

  #generic(generic: GenericTest): string {
    const attached = this.#facts.spellId(generic.attachedNode);
    return (
      `,"column_name":${quotedOrNull(generic.columnName)},"file_key_name":"${fileKey(attached)}","attached_node":"${attached}",` +
      `"test_metadata":${metadataJson(generic, this.#call(generic.tested))}`
    );
  }
}

const DOCS = { show: true, node_color: null };
const WITHOUT_CTES = ',"extra_ctes_injected":true,"extra_ctes":[]';
const WITHOUT_VERSION =
  ',"version":null,"latest_version":null,"deprecation_date":null,"defer_relation":null,"primary_key":';

const sha256Json = (checksum: string): string => `"sha256","checksum":"${checksum}`;

const NO_CONTRACT = ',"contract":{"enforced":false,"alias_types":true,"checksum":null}';

const cteJson = ({ id, sql }: Cte): string => `{"id":${quoted(id)},"sql":${JSON.stringify(sql)}}`;

type Asked = { readonly like: GenericTest; readonly before: string; readonly after: string };
/** What is said of tests that ask the same, besides the relation: what they are given is one object. */
const asked = new WeakMap<JsonObject, Asked>();

/** `test_metadata`: as dbt has it, the relation that is tested among what is given, as the call that names it. */
function metadataJson(test: GenericTest, model: string): string {
  const { columnName, arguments: given, name, namespace } = test;
  let same = asked.get(given);
  if (same?.like.columnName !== columnName || same.like.name !== name || same.like.namespace !== namespace) {
    const column: JsonObject = columnName === null ? {} : { column_name: columnName };
    const [begin, end] = [`{"name":${quoted(name)},"kwargs":`, `,"namespace":${quotedOrNull(namespace)}}`];
    if ("model" in given) return `${begin}${JSON.stringify({ ...column, ...given, model })}${end}`;
    const kwargs = JSON.stringify({ ...column, ...given, model: "" }).slice(0, -'"}'.length);
    asked.set(given, (same = { like: test, before: begin + kwargs, after: `"}${end}` }));
  }
  return `${same.before}${escaped(model)}${same.after}`;
}

/** `models.stg_orders`: the section of the property file that the test is written in, and the name there. */
function fileKey(attachedNode: string): string {
  const kind = attachedNode.indexOf(".");
  const name = attachedNode.indexOf(".", kind + 1) + 1;
  const end = attachedNode.indexOf(".", name);
  return `${attachedNode.slice(0, kind)}s.${attachedNode.slice(name, end === -1 ? undefined : end)}`;
}
