import { isRelation } from "../../graph/relation-nodes.ts";
import { isGraphNode, selectNodes } from "../../api/select-nodes.ts";
import { freshnessCriteria, manifestConfig } from "../../artifacts/manifest-config.ts";
import { UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import type { JsonObject } from "../../base/json.ts";
import { didYouMean } from "../../base/nearest.ts";
import { quoteRelation } from "../../dialects/standard.ts";
import type { AnyNode, Graph } from "../../graph/types.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { warn } from "../print/warn.ts";
import type { LsArgs } from "./ls.ts";
import { nameWithVersion } from "../../graph/versions.ts";

type Parents = Graph["parents"];

export async function runLs(args: LsArgs, { effects, disk }: CommandContext): Promise<0> {
  const open = await openFrom(args, effects, disk);
  disk?.stop();
  const { nodes, warnings } = selectNodes(open, selectionOf(args));
  warn(effects, warnings, args);
  const { parents } = open.parsed.graph;
  checkKeys(nodes, parents, args["output-keys"]);
  const lines = nodes.map((node) => `${spell(node, parents, args.output, args["output-keys"])}\n`);
  effects.stdout.write(lines.join(""));
  return 0;
}

/** dbt's spellings; `selector` can be given back to --select. */
function spell(node: AnyNode, parents: Parents, output: LsArgs["output"], keys: readonly string[]): string {
  switch (output) {
    case "name":
      return node.resourceType === "source" ? `${node.sourceName}.${node.name}` : nameWithVersion(node);
    case "path":
      return node.place.file;
    case "selector":
      return selectorOf(node);
    case "json":
      return JSON.stringify(keysOf(facts(node, parents), keys));
  }
}

function selectorOf(node: AnyNode): string {
  switch (node.resourceType) {
    case "source":
      return `source:${node.packageName}.${node.sourceName}.${node.name}`;
    case "exposure":
    case "unit_test":
      return `${node.resourceType}:${node.packageName}.${node.name}`;
    default:
      return node.fqn.join(".");
  }
}

/** In dbt's words. */
function configOf(node: AnyNode): JsonObject {
  if (isGraphNode(node)) return manifestConfig(node);
  const { tags, meta } = node;
  if (node.resourceType !== "source") return { enabled: true, tags, meta };
  const { eventTime, loadedAtField, loadedAtQuery, freshness } = node;
  return {
    enabled: true,
    event_time: eventTime,
    freshness: freshness && freshnessCriteria(freshness),
    loaded_at_field: loadedAtField,
    loaded_at_query: loadedAtQuery,
    meta,
    tags,
  };
}

const facts = (node: AnyNode, parents: Parents): Record<string, unknown> => ({
  name: node.name,
  resource_type: node.resourceType,
  package_name: node.packageName,
  original_file_path: node.originalFilePath,
  unique_id: node.uniqueId,
  ...(isGraphNode(node) && {
    alias: node.alias,
    path: node.path,
    database: node.relation.database,
    schema: node.relation.schema,
    relation_name: isRelation(node) ? quoteRelation(node.relation) : null,
    checksum: node.checksum,
  }),
  ...(node.resourceType === "source" && { source_name: node.sourceName, identifier: node.identifier }),
  ...("description" in node && { description: node.description }),
  ...("meta" in node && { meta: node.meta }),
  fqn: node.fqn,
  config: configOf(node),
  tags: node.tags,
  ...(node.resourceType !== "source" && {
    depends_on:
      node.resourceType === "exposure"
        ? { macros: [], nodes: parents.get(node.uniqueId) ?? [] }
        : { macros: node.dependsOn.macros, nodes: node.dependsOn.nodes },
  }),
});

const ON_REQUEST: ReadonlySet<string> = new Set([
  "path",
  "database",
  "schema",
  "relation_name",
  "checksum",
  "description",
  "meta",
  "fqn",
  "identifier",
]);

/** A key that no node has is a slip. */
function checkKeys(nodes: readonly AnyNode[], parents: Parents, keys: readonly string[]): void {
  if (keys.length === 0 || nodes.length === 0) return;
  const known = new Set(nodes.flatMap((node) => Object.keys(facts(node, parents))));
  const wrong = keys.flatMap(splitKeys).find((key) => !known.has(key.split(".")[0]!));
  if (wrong === undefined) return;
  const hint = didYouMean(wrong, known) ?? `there are ${[...known].join(", ")}`;
  throw new UsageError("OUTPUT_KEY_UNKNOWN", `no node has the key "${wrong}"`, hint);
}

const splitKeys = (word: string): string[] => word.split(/[\s,]+/).filter((key) => key !== "");

/** dbt's own keys where nothing is asked for; a dot goes into a map. What a node does not have is left out. */
function keysOf(found: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  if (keys.length === 0) {
    return Object.fromEntries(Object.entries(found).filter(([key]) => !ON_REQUEST.has(key)));
  }
  const picked: Record<string, unknown> = {};
  for (const key of keys.flatMap(splitKeys)) {
    let value: unknown = found;
    for (const step of key.split("."))
      value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}
