import { posix } from "node:path";
import type { ManifestFileNode } from "../artifact-schemas.ts";
import type { Kind } from "./types.ts";

/** Models by the folder they lie in, or by how they are called; everything else by what it is. */
export function kindOf({ resource_type: type, fqn, name }: ManifestFileNode): Kind {
  if (type === "unit_test") return "test";
  if (type === "source" || type === "seed" || type === "snapshot" || type === "exposure" || type === "test")
    return type;
  const folders = fqn.slice(1, -1);
  if (folders.includes("staging") || name.startsWith("stg_")) return "staging";
  if (folders.includes("intermediate") || name.startsWith("int_")) return "intermediate";
  return folders.includes("marts") ? "mart" : "model";
}

/** `eurostat.hlth_silc_13`, `stg_orders`, `The board`. */
export const shownName = (node: ManifestFileNode): string =>
  node.source_name ? `${node.source_name}.${node.name}` : node.label || node.name;

export const folderOf = (node: ManifestFileNode): string =>
  node.source_name ?? posix.dirname(node.original_file_path);

export const shapeOf = (node: ManifestFileNode): string => node.config.materialized ?? node.resource_type;
