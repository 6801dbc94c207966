import type { Place } from "../base/problems.ts";
import { readFreshness } from "../project/read-sources.ts";
import { checkLoadedAt } from "./check-loaded-at.ts";
import type { SourceNode } from "./types.ts";
import { columnInfos } from "./column-infos.ts";
import { describe, docBlocksOf, foldersOf, pathOf, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A source a table of a property file. */
export function sourceNodes(workshop: Workshop): SourceNode[] {
  const { project } = workshop;
  const seen = new Map<string, Place>();
  return project.properties.sources.flatMap((source) =>
    source.tables.flatMap((table): SourceNode[] => {
      const uniqueId = `source.${project.name}.${source.name}.${table.name}`;
      const fqn = [project.name, ...foldersOf(workshop, table.place), source.name, table.name];
      const { config, said } = workshop.configs.sources.resolve(fqn, [table.config]);
      const isOn = config.enabled !== false;
      const freshness = readFreshness(config.freshness);
      const { loaded_at_field: field = null, loaded_at_query: query = null } = config;
      if (isOn) checkLoadedAt(workshop, { field, query, freshness }, table.place);
      const node: SourceNode = {
        resourceType: "source",
        uniqueId,
        name: table.name,
        packageName: project.name,
        path: pathOf(workshop, table.place),
        originalFilePath: pathOf(workshop, table.place),
        fqn,
        description: describe(workshop, table.description, table.place),
        docBlocks: docBlocksOf(workshop, table.description),
        tags: config.tags ?? [],
        meta: config.meta ?? {},
        columns: columnInfos(workshop, table.columns),
        patchPath: null,
        place: table.place,
        sourceName: source.name,
        sourceDescription: describe(workshop, source.description, source.place),
        sourceMeta: source.meta,
        loader: source.loader,
        identifier: table.identifier,
        said,
        written: table.written,
        relation: {
          database: source.database,
          schema: source.schema ?? source.name,
          identifier: table.identifier,
        },
        landing: source.landing,
        loadedAtField: field,
        loadedAtQuery: query,
        eventTime: config.event_time ?? null,
        freshness,
      };
      if (!isOn) {
        workshop.off.push(node);
        return [];
      }
      const first = seen.get(uniqueId);
      if (first !== undefined) {
        const message = `source table "${source.name}.${table.name}" is also in ${first.file}:${first.line}`;
        const hint = "keep one of the two, or switch it off (enabled: false)";
        report(workshop, table.place, "NAME_DUPLICATE", message, hint);
        return [];
      }
      seen.set(uniqueId, table.place);
      return [node];
    }),
  );
}
