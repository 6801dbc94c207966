import { isGraphNode, selectNodes } from "../../api/select-nodes.ts";
import type { AnyNode } from "../../graph/types.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { warn } from "../print/warn.ts";
import type { LsArgs } from "./ls.ts";

export async function runLs(args: LsArgs, { effects }: CommandContext): Promise<0> {
  const open = await openFrom(args, effects);
  const { nodes, warnings } = selectNodes(open, selectionOf(args));
  warn(effects, warnings, args["log-format"]);
  effects.stdout.write(nodes.map((node) => `${spell(node, args.output)}\n`).join(""));
  return 0;
}

/** dbt's spellings; `selector` can be given back to --select. */
function spell(node: AnyNode, output: LsArgs["output"]): string {
  switch (output) {
    case "name":
      return node.name;
    case "path":
      return node.place.file;
    case "selector":
      return node.resourceType === "source" ||
        node.resourceType === "exposure" ||
        node.resourceType === "unit_test"
        ? `${node.resourceType}:${node.fqn.join(".")}`
        : node.fqn.join(".");
    case "json":
      return JSON.stringify({
        name: node.name,
        resource_type: node.resourceType,
        package_name: node.packageName,
        original_file_path: node.originalFilePath,
        unique_id: node.uniqueId,
        ...(isGraphNode(node) && { alias: node.alias, config: node.config, depends_on: node.dependsOn }),
        ...(node.resourceType === "source" && { source_name: node.sourceName }),
        tags: node.tags,
      });
  }
}
