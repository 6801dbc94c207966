import { dirname } from "node:path/posix";
import { sha256 } from "../base/hash.ts";
import { plainPlace } from "../base/problems.ts";
import type { SnapshotProperties } from "../project/types.ts";
import { noCall } from "./in-file-config.ts";
import { schemaName } from "./naming.ts";
import { readHooks } from "./read-hooks.ts";
import { mergeReferences } from "./references.ts";
import { readTemplate } from "./read-template.ts";
import { settleTwins } from "./settle-twins.ts";
import type { SnapshotConfig, SnapshotNode } from "./types.ts";
import { columnInfos } from "./column-infos.ts";
import { describe, docBlocksOf, firstByName, pathOf, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A snapshot an entry under `snapshots:` of a property file: what it keeps the history of is its `relation`. */
export function snapshotNodes(workshop: Workshop): SnapshotNode[] {
  const { byName, twins } = firstByName(workshop.project.properties.snapshots, ({ name }) => name);
  const nodes = Array.from(byName.values(), (entry) => snapshotNode(workshop, entry));
  return settleTwins(workshop, "snapshot", nodes, twins, (apart, _, entry) => snapshotNode(apart, entry));
}

function snapshotNode(workshop: Workshop, entry: SnapshotProperties): SnapshotNode {
  const { project } = workshop;
  const { name } = entry;
  // Of what a snapshot does not find in its relation, the place is told with much else: it must be one that can be spread.
  const place = plainPlace(entry.place);
  const { file } = place;
  const own = pathOf(workshop, place);
  const path = own.slice(own.indexOf("/") + 1);
  const inside = dirname(path);
  const folders = inside === "." ? [] : inside.split("/");
  const uniqueId = `snapshot.${project.name}.${name}`;
  const call = entry.relation.replaceAll(/^\{\{\s*|\s*\}\}$/g, "");
  const isCall = call.includes("(");
  if (!isCall) {
    const message = `snapshot "${name}" is of "${call}", which is no call`;
    report(
      workshop,
      place,
      "RELATION_INVALID",
      message,
      `write relation: ref('${call}') or source('…', '${call}')`,
    );
  }
  const rawCode = isCall ? `select * from {{ ${call} }}` : `select * from ${call}`;
  const { references, macros } = readTemplate(workshop, uniqueId, file, rawCode, place);
  const fqn = [project.name, ...folders, name];
  const { config, said } = workshop.configs.snapshots.resolve(fqn, [entry.config]);
  checkSnapshot(workshop, entry, config, "strategy" in said);
  const alias = config.alias ?? name;
  const hooks = readHooks(workshop, config, place, "snapshots", fqn);
  return {
    resourceType: "snapshot",
    uniqueId,
    name,
    packageName: project.name,
    path,
    originalFilePath: own,
    fqn,
    description: describe(workshop, entry.description, place),
    docBlocks: docBlocksOf(workshop, entry.description),
    tags: config.tags,
    meta: config.meta,
    said: { config: said, call: noCall, dynamic: entry.dynamic },
    columns: columnInfos(workshop, entry.columns),
    patchPath: own,
    checksum: sha256(rawCode),
    dependsOn: { nodes: [], macros: [...new Set([...macros, ...hooks.macros])] },
    place,
    alias,
    relation: { database: null, schema: schemaName(project.target.schema, config.schema), identifier: alias },
    config,
    rawCode,
    references: mergeReferences([references, hooks.references]),
  };
}

function checkSnapshot(
  workshop: Workshop,
  { name, place }: SnapshotProperties,
  config: SnapshotConfig,
  hasStrategy: boolean,
): void {
  const missing = (key: string, hint: string): void =>
    report(workshop, place, "CONFIG_MISSING", `snapshot "${name}" needs ${key}`, hint);
  if (config.unique_key.length === 0) missing("unique_key", "name the column or columns that identify a row");
  if (!hasStrategy)
    missing("strategy", "strategy: timestamp, with updated_at; or strategy: check, with check_cols");
  else if (config.strategy === "timestamp" && config.updated_at === null) {
    missing("updated_at", "strategy timestamp compares the column that says when a row changed");
  } else if (config.strategy === "check" && config.check_cols === null) {
    missing("check_cols", "a list of columns to compare, or all");
  }
  if (config.strategy === "timestamp" && config.check_cols !== null) {
    const message = 'check_cols has no meaning with strategy "timestamp"';
    report(workshop, place, "CONFIG_UNUSED", message, 'set strategy to "check", or remove it');
  }
}
