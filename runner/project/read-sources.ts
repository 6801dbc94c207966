import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { holdsTemplate } from "./render-values.ts";
import type { SourceEntry } from "./property-schema.ts";
import { readColumns, testsOf } from "./read-columns.ts";
import type { SourceConfigInput } from "./config-schemas.ts";
import type { Freshness, SourceProperties } from "./types.ts";
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
      meta: { ...source.meta, ...source.config.meta },
      place: yaml.placeOf([...at, "name"]),
      tables: source.tables.map((table, j) => {
        const inner = [...at, "tables", j];
        return {
          name: table.name,
          identifier: table.identifier ?? table.name,
          written: writtenNames(written, j),
          description: table.description,
          config: configOf(source, table),
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

/** What is said in all four places; as in dbt, tags add up in alphabetic order. */
function configOf(source: SourceEntry, table: SourceEntry["tables"][number]): SourceConfigInput {
  const said = [source, source.config, table, table.config];
  return {
    ...source.config,
    ...table.config,
    ...ageOf(source, table),
    tags: [...new Set(said.flatMap(({ tags }) => tags ?? []))].toSorted(),
    meta: Object.assign({}, ...said.map(({ meta }) => meta)) as NonNullable<SourceConfigInput["meta"]>,
  };
}

/**
 * How old a table may be, and where that is read: said of the source or of the table, and of either beside `config` or in it. As in dbt, limits win
 * one by one, the later the stronger, and `freshness: null` asks for none; of the places, the one beside `config` wins, and a table that names
 * one drops what its source says.
 */
function ageOf(source: SourceEntry, table: SourceEntry["tables"][number]): SourceConfigInput {
  const said = [source, source.config, table, table.config];
  const limits = said.map(({ freshness }) => freshness).filter((freshness) => freshness !== undefined);
  const freshness = limits.length === 0 ? {} : { freshness: limits.reduce(mergeLimits) };
  for (const [besides, inside] of [
    [table, table.config],
    [source, source.config],
  ] as const) {
    const field = besides.loaded_at_field ?? inside.loaded_at_field;
    const query = besides.loaded_at_query ?? inside.loaded_at_query;
    if (field !== undefined || query !== undefined)
      return { ...freshness, loaded_at_field: field, loaded_at_query: query };
  }
  return freshness;
}

type Written = NonNullable<SourceEntry["freshness"]> | null;

const mergeLimits = (weaker: Written, stronger: Written): Written => stronger && { ...weaker, ...stronger };

/** Without a limit there is nothing to ask. */
export function readFreshness(written: Written | undefined): Freshness | null {
  if (!written?.warn_after && !written?.error_after) return null;
  return {
    warnAfter: written.warn_after ?? null,
    errorAfter: written.error_after ?? null,
    filter: written.filter ?? null,
  };
}
