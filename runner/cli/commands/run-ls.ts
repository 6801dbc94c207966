import { isRelation } from "../../graph/relation-nodes.ts";
import { isGraphNode, selectNodes } from "../../api/select-nodes.ts";
import { UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { didYouMean } from "../../base/nearest.ts";
import { quoteRelation } from "../../dialects/standard.ts";
import type { AnyNode } from "../../graph/types.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { warn } from "../print/warn.ts";
import type { LsArgs } from "./ls.ts";
import { nameWithVersion } from "../../graph/versions.ts";

export async function runLs(args: LsArgs, { effects }: CommandContext): Promise<0> {
  const open = await openFrom(args, effects);
  const { nodes, warnings } = selectNodes(open, selectionOf(args));
  warn(effects, warnings, args);
  checkKeys(nodes, args["output-keys"]);
  effects.stdout.write(nodes.map((node) => `${spell(node, args.output, args["output-keys"])}\n`).join(""));
  return 0;
}

/** dbt's spellings; `selector` can be given back to --select. */
function spell(node: AnyNode, output: LsArgs["output"], keys: readonly string[]): string {
  switch (output) {
    case "name":
      return nameWithVersion(node);
    case "path":
      return node.place.file;
    case "selector":
      return node.resourceType === "source" ||
        node.resourceType === "exposure" ||
        node.resourceType === "unit_test"
        ? `${node.resourceType}:${node.fqn.join(".")}`
        : node.fqn.join(".");
    case "json":
      return JSON.stringify(keysOf(facts(node), keys));
  }
}

const facts = (node: AnyNode): Record<string, unknown> => ({
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
    config: node.config,
    depends_on: node.dependsOn,
    checksum: node.checksum,
  }),
  ...(node.resourceType === "source" && { source_name: node.sourceName, identifier: node.identifier }),
  ...("description" in node && { description: node.description }),
  ...("meta" in node && { meta: node.meta }),
  fqn: node.fqn,
  tags: node.tags,
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
function checkKeys(nodes: readonly AnyNode[], keys: readonly string[]): void {
  if (keys.length === 0 || nodes.length === 0) return;
  const known = new Set(nodes.flatMap((node) => Object.keys(facts(node))));
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
