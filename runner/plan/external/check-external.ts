import type { Problem } from "../../base/problems.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import type { ModelNode } from "../../graph/types.ts";
import { externalFormat, externalPath, isPartitioned } from "./external-path.ts";
import type { ExternalPlaces } from "./external-path.ts";

type Found = { readonly code: string; readonly message: string; readonly hint: string };

/** Configurations of an external model that cannot be obeyed; known before anything runs. */
export function checkExternal(node: ModelNode, dialect: Dialect, places: ExternalPlaces): Problem[] {
  const { config } = node;
  if (config.materialized !== "external") return checkUnused(node);
  const strategy = config.incremental_strategy;
  const found: Found[] = [];
  if (config.partitioning !== null) {
    found.push({
      code: "CONFIG_CONFLICT",
      message: `partition_by with type "${config.partitioning.type}" has no meaning with materialized "external"`,
      hint: "name the columns whose values become folders: partition_by=['geo']",
    });
  }
  if (!dialect.writesFiles) {
    found.push({
      code: "MATERIALIZATION_UNSUPPORTED",
      message: `${dialect.name} writes no files`,
      hint: 'use materialized "table"',
    });
  }
  if (externalPath(node, places) === undefined) {
    found.push({
      code: "PATH_OUTSIDE",
      message: `location "${config.location ?? ""}" is not inside the project`,
      hint: "a path relative to the project, such as data/external/orders.parquet",
    });
  }
  if (isPartitioned(node) && externalFormat(node) === "json") {
    found.push({
      code: "CONFIG_CONFLICT",
      message: "JSON cannot be partitioned",
      hint: 'use format "parquet" or "csv", or remove partition_by',
    });
  }
  if (strategy !== null && strategy !== (isPartitioned(node) ? "insert_overwrite" : strategy)) {
    found.push({
      code: "CONFIG_CONFLICT",
      message: `a partitioned external model cannot be added to with incremental_strategy "${strategy}"`,
      hint: 'use "insert_overwrite", which replaces the partitions that the query gives',
    });
  }
  if (!isPartitioned(node) && strategy !== null && strategy !== "append" && strategy !== "delete+insert") {
    found.push({
      code: "CONFIG_CONFLICT",
      message: `an external model of one file cannot be added to with incremental_strategy "${strategy}"`,
      hint: 'use "append" or "delete+insert", or partition_by with "insert_overwrite"',
    });
  }
  if (strategy === "delete+insert" && config.unique_key.length === 0) {
    found.push({
      code: "CONFIG_MISSING",
      message: "delete+insert of an external model needs unique_key",
      hint: "name the columns that identify a row",
    });
  }
  return found.map((problem) => ({ ...node.place, ...problem }));
}

function checkUnused({ config, place }: ModelNode): Problem[] {
  return (["location", "format"] as const)
    .filter((key) => config[key] !== null)
    .map((key) => ({
      ...place,
      code: "CONFIG_UNUSED",
      message: `${key} has no meaning with materialized "${config.materialized}"`,
      hint: 'set materialized to "external", or remove it',
    }));
}

/** Two models that would write one file, or one into the folder of the other. */
export function checkLocations(nodes: readonly ModelNode[], places: ExternalPlaces): Problem[] {
  const taken: { readonly path: string; readonly name: string }[] = [];
  const problems: Problem[] = [];
  for (const node of nodes) {
    const path = node.config.materialized === "external" ? externalPath(node, places) : undefined;
    if (path === undefined) continue;
    const twin = taken.find(
      (other) => path === other.path || within(path, other.path) || within(other.path, path),
    );
    if (twin) {
      const message = `"${node.name}" and "${twin.name}" would be written to one place`;
      problems.push({
        ...node.place,
        code: "LOCATION_DUPLICATE",
        message,
        hint: "give one of them another location",
      });
    }
    taken.push({ path, name: node.name });
  }
  return problems;
}

const within = (path: string, folder: string): boolean =>
  path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
