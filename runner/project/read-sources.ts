import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { holdsTemplate } from "./render-values.ts";
import type { SourceEntry } from "./property-schema.ts";
import { readColumns, testsOf } from "./read-columns.ts";
import type { Freshness, SourceProperties, SourceTableProperties } from "./types.ts";
import type { YamlFile } from "./yaml.ts";

/** Sources with their tables; what a source says of freshness and loading holds for its tables unless they say otherwise. */
export function readSources(
  entries: readonly SourceEntry[],
  yaml: YamlFile,
  problems: Problem[],
  writtenAt: (index: number) => JsonObject,
): SourceProperties[] {
  return entries.map((source, i) => {
    const at = ["sources", i];
    const written = writtenAt(i);
    return {
      name: source.name,
      description: source.description,
      database: source.database ?? null,
      schema: source.schema ?? null,
      landing: source.landing,
      loader: source.loader ?? "",
      meta: source.meta,
      tags: source.tags,
      config: source.config,
      place: yaml.placeOf([...at, "name"]),
      tables: source.tables.map((table, j) => {
        const inner = [...at, "tables", j];
        return {
          name: table.name,
          identifier: table.identifier ?? table.name,
          written: writtenNames(written, j),
          description: table.description,
          ...loadedAt(source, table),
          freshness: mergeFreshness(source.freshness, table.freshness),
          meta: { ...source.meta, ...table.meta },
          tags: [...new Set([...source.tags, ...table.tags])],
          config: { ...source.config, ...table.config },
          columns: readColumns(table.columns, yaml, [...inner, "columns"], problems),
          tests: testsOf(table, yaml, inner, problems),
          place: yaml.placeOf([...inner, "name"]),
        };
      }),
    };
  });
}

/** Of the names that make a relation, those that are templates, as written. */
function writtenNames(source: JsonObject, table: number): JsonObject {
  const { database, schema, tables } = source;
  const entry = Array.isArray(tables) ? (tables as readonly unknown[])[table] : undefined;
  const identifier = isObject(entry) ? entry["identifier"] : undefined;
  const names = Object.entries({ database, schema, identifier }).filter(([, name]) => holdsTemplate(name));
  return Object.fromEntries(names) as JsonObject;
}

/** What the table says takes the place of what its source says, in whichever of the two ways. */
function loadedAt(
  source: SourceEntry,
  table: SourceEntry["tables"][number],
): Pick<SourceTableProperties, "loadedAtField" | "loadedAtQuery"> {
  const from = table.loaded_at_field === undefined && table.loaded_at_query === undefined ? source : table;
  return { loadedAtField: from.loaded_at_field ?? null, loadedAtQuery: from.loaded_at_query ?? null };
}

type Written = SourceEntry["freshness"];

/** As in dbt: the table's limits win one by one; `freshness: null` on the table asks for none. */
export function mergeFreshness(source: Written, table: Written): Freshness | null {
  if (table === null) return null;
  const merged = { ...source, ...table };
  if (!merged.warn_after && !merged.error_after) return null;
  return {
    warnAfter: merged.warn_after ?? null,
    errorAfter: merged.error_after ?? null,
    filter: merged.filter ?? null,
  };
}
