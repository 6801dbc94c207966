import { addTo } from "../../base/group-by.ts";
import type { Json } from "../../base/json.ts";
import type { NodeLineage } from "../../graph/columns/types.ts";
import type { Version } from "../../project/govern-schema.ts";
import type { ManifestFileNode } from "../artifact-schemas.ts";
import { spreadOver } from "./bucket-of.ts";
import type { SiteModel } from "./site-model.ts";
import type { ColumnBucket, ColumnPlace, LineageColumn, LineageFacts, NodeColumns } from "./lineage-types.ts";

/** Long, or different for every node, and nothing that anybody selects by. */
const UNASKED = new Set([
  "alias",
  "unique_key",
  "pre-hook",
  "post-hook",
  "sql_header",
  "incremental_predicates",
  "merge_update_columns",
  "merge_exclude_columns",
  "merge_update_condition",
  "merge_insert_condition",
]);

/** What selectors look at in the browser. What is empty is left out: no selector finds it. */
export function lineageFile(model: SiteModel): LineageFacts {
  const places = new Map<string, number>();
  const configs: Record<string, Json>[] = [];
  const placeOf = (config: Readonly<Record<string, unknown>>): number => {
    const asked = Object.entries(config).filter(([key, value]) => !UNASKED.has(key) && !isEmpty(value));
    const text = JSON.stringify(asked);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, configs.length);
    return configs.push(Object.fromEntries(asked) as Record<string, Json>) - 1;
  };
  const nodes = model.nodes.map((node): LineageFacts["nodes"][number] => [
    node.original_file_path,
    node.fqn,
    placeOf({ ...node.config, meta: node.meta ?? node.config.meta }),
    node.source_name ?? null,
    ...versionsOf(node),
  ]);
  return { project: model.artifacts.manifest.metadata.project_name ?? "", nodes, configs };
}

const versionsOf = ({
  version,
  latest_version: latest,
}: ManifestFileNode): readonly [] | readonly [readonly [Version, Version]] =>
  version === null || version === undefined ? [] : [[version, latest ?? version]];

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Where columns come from and go to, spread over as many files as the details of nodes are; each is made when it is asked for. */
export function* columnFiles(
  model: SiteModel,
  lineage: ReadonlyMap<string, NodeLineage>,
  buckets: number,
): Generator<[name: string, file: ColumnBucket]> {
  const places = new Map(model.nodes.map(({ unique_id: id }, place) => [id, place]));
  const targets = targetsOf(lineage, places);
  const placesOf = (origins: NodeLineage["influences"]): ColumnPlace[] =>
    origins.flatMap(({ relation, column }) => {
      const place = places.get(relation);
      return place === undefined ? [] : [[place, column] as const];
    });
  const known = model.nodes.flatMap(({ unique_id: id }) => lineage.get(id) ?? []);
  const spread = spreadOver(known, ({ uniqueId }) => uniqueId, buckets);
  for (const [bucket, nodes] of spread) {
    const entries = nodes.map(({ uniqueId, columns, influences }): [string, NodeColumns] => [
      uniqueId,
      {
        columns: columns.map((column): LineageColumn => ({
          name: column.name,
          type: column.type,
          change: column.transformation,
          complete: column.complete,
          from: placesOf(column.from),
          to: targets.get(keyOf(uniqueId, column.name)) ?? [],
        })),
        influences: placesOf(influences),
      },
    ]);
    yield [`columns-${bucket}`, Object.fromEntries(entries)];
  }
}

/** What is made of each column, by {@link keyOf}. */
function targetsOf(
  lineage: ReadonlyMap<string, NodeLineage>,
  places: ReadonlyMap<string, number>,
): ReadonlyMap<string, ColumnPlace[]> {
  const targets = new Map<string, ColumnPlace[]>();
  for (const { uniqueId, columns } of lineage.values()) {
    const place = places.get(uniqueId);
    if (place === undefined) continue;
    for (const { name, from } of columns) {
      for (const { relation, column } of from) {
        addTo(targets, keyOf(relation, column), [place, name]);
      }
    }
  }
  return targets;
}

const keyOf = (id: string, column: string): string => `${id}\u0000${column.toLowerCase()}`;
