import { realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { isWithin, posixRelative, resolveInside } from "../base/files.ts";
import type { Place } from "../base/problems.ts";
import { FOLDERS } from "../project/find-files.ts";
import { PROJECT_FILES, SELECTOR_FILES } from "../project/find-project.ts";
import type { Project } from "../project/types.ts";
import type { ModelConfig } from "./types.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

export type ExternalFormat = "parquet" | "csv" | "json";

const FORMATS = /^(parquet|csv|json)$/;

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
  const taken = location === null ? undefined : takenBy(workshop.project, location);
  if (taken !== undefined)
    tell(
      "LOCATION_TAKEN",
      `location "${location}" would take the place of "${taken}", which is the project's own`,
      "what is there is replaced: give it a place where nothing else is, such as data/external/orders.parquet",
    );
  const ending = /[^/\\]\.([^./\\]+)$/.exec(location ?? "")?.[1];
  if (ending !== undefined && config.format === null && !isPartitioned(config) && !FORMATS.test(ending))
    tell(
      "FORMAT_UNKNOWN",
      `location "${location}" ends in ".${ending}", which is no format that is written`,
      "let it end in .parquet, .csv or .json, or say the format",
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

/** What of a project a model's file would take the place of, or lie in: its sources, its packages, its warehouse, its landing zone. As the project spells it. */
function takenBy({ root, target, landing, packages }: Project, location: string): string | undefined {
  const path = resolveInside(root, location);
  if (path === undefined) return undefined;
  const warehouse =
    target.type === "duckdb"
      ? [target.path, `${target.path}.wal`, ...(target.publish ? [target.publish] : [])]
      : [];
  // Links to a package have been followed, those to the project have not.
  const shared = packages.map((of) => join(root, relative(realpathSync(root), of.root)));
  const packaged = shared.filter((folder) => isWithin(folder, root));
  const own = [...OWN.map((name) => join(root, name)), ...warehouse, landing, ...packaged];
  // Files may be put beside artifacts, though clean removes them.
  const found = own.find((each) => path === each || isWithin(path, each) || isWithin(each, path));
  const artifacts = join(root, "target");
  const one = found ?? (path === artifacts ? artifacts : undefined);
  return one === undefined ? undefined : posixRelative(root, one);
}

const OWN = [
  ...Object.values(FOLDERS),
  ...PROJECT_FILES,
  ...SELECTOR_FILES,
  ".env",
  ".git",
  "node_modules",
  "package.json",
];

function isOutside(root: string, location: string): boolean {
  const path = resolveInside(root, location);
  return path === undefined || path === root;
}
