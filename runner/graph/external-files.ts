import { resolveInside } from "../base/files.ts";
import type { Place } from "../base/problems.ts";
import type { ModelConfig } from "./types.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

export type ExternalFormat = "parquet" | "csv" | "json";

/** As configured, else as the location ends, else Parquet. */
export function externalFormat({ format, location }: ModelConfig): ExternalFormat {
  const ending = /\.(parquet|csv|json)$/.exec(location ?? "")?.[1] as ExternalFormat | undefined;
  return format ?? ending ?? "parquet";
}

export const isPartitioned = ({ partition_by }: ModelConfig): boolean => partition_by.length > 0;

/** What of an external model's configuration cannot be obeyed whatever the target, and what only one can obey. */
export function checkExternal(workshop: Workshop, config: ModelConfig, place: Place): void {
  if (!config.enabled) return;
  const tell = (code: string, message: string, hint: string): void =>
    report(workshop, place, code, message, hint);
  const { materialized, location, incremental_strategy: strategy } = config;
  if (materialized !== "external") {
    for (const key of ["location", "format"] as const) {
      if (config[key] === null) continue;
      const message = `${key} has no meaning with materialized "${materialized}"`;
      tell("CONFIG_UNUSED", message, 'set materialized to "external", or remove it');
    }
    return;
  }
  if (location !== null && isOutside(workshop.project.root, location))
    tell(
      "PATH_OUTSIDE",
      `location "${location}" is not inside the project`,
      "a path relative to the project, such as data/external/orders.parquet",
    );
  if (config.partitioning !== null)
    tell(
      "CONFIG_CONFLICT",
      `partition_by with type "${config.partitioning.type}" has no meaning with materialized "external"`,
      "name the columns whose values become folders: partition_by=['geo']",
    );
  if (isPartitioned(config)) {
    if (externalFormat(config) === "json")
      tell(
        "CONFIG_CONFLICT",
        "JSON cannot be partitioned",
        'use format "parquet" or "csv", or remove partition_by',
      );
    if (strategy !== null && strategy !== "insert_overwrite")
      tell(
        "CONFIG_CONFLICT",
        `a partitioned external model cannot be added to with incremental_strategy "${strategy}"`,
        'use "insert_overwrite", which replaces the partitions that the query gives',
      );
  } else if (strategy !== null && strategy !== "append" && strategy !== "delete+insert")
    tell(
      "CONFIG_CONFLICT",
      `an external model of one file cannot be added to with incremental_strategy "${strategy}"`,
      'use "append" or "delete+insert", or partition_by with "insert_overwrite"',
    );
  if (strategy === "delete+insert" && config.unique_key.length === 0)
    tell(
      "CONFIG_MISSING",
      "delete+insert of an external model needs unique_key",
      "name the columns that identify a row",
    );
}

function isOutside(root: string, location: string): boolean {
  const path = resolveInside(root, location);
  return path === undefined || path === root;
}
