import { plainPlace } from "../base/problems.ts";
import { noCall } from "./in-file-config.ts";
import { nameOfFile, schemaName } from "./naming.ts";
import type { SeedFile } from "../project/types.ts";
import { checkSeedHooks } from "./read-hooks.ts";
import { settleTwins } from "./settle-twins.ts";
import type { SeedNode } from "./types.ts";
import { columnInfos } from "./column-infos.ts";
import { describe, docBlocksOf, filesByName, pathOf, propertiesByName } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A seed a file: CSV, TSV, JSON, JSON lines or Parquet. */
export function seedNodes(workshop: Workshop): SeedNode[] {
  const { project } = workshop;
  const { byName, twins } = filesByName(project.files.seeds);
  const properties = propertiesByName(workshop, "seed", project.properties.seeds, byName);
  const make = (_: Workshop, name: string, file: SeedFile): SeedNode => {
    const { folders, path } = nameOfFile(file.path, "seeds");
    const own = properties.get(name);
    const declared = Object.fromEntries(
      (own?.columns ?? []).flatMap((column) =>
        column.dataType === null ? [] : [[column.name, column.dataType]],
      ),
    );
    const fqn = [project.name, ...folders, name];
    const { config, said } = workshop.configs.seeds.resolve(fqn, [own?.config ?? {}]);
    // Told with much else, it must be one that can be spread.
    const place = own ? plainPlace(own.place) : { file: file.file, line: 1, column: 1 };
    const alias = config.alias ?? name;
    checkSeedHooks(workshop, config, place, fqn);
    return {
      resourceType: "seed",
      uniqueId: `seed.${project.name}.${name}`,
      name,
      packageName: project.name,
      path,
      originalFilePath: file.path,
      fqn,
      description: describe(workshop, own?.description ?? "", place),
      docBlocks: docBlocksOf(workshop, own?.description ?? ""),
      tags: config.tags,
      meta: config.meta,
      said: { config: said, call: noCall, dynamic: own?.dynamic },
      columns: columnInfos(workshop, own?.columns ?? []),
      patchPath: own === undefined ? null : pathOf(workshop, own.place),
      checksum: file.checksum,
      textChecksum: file.ofText,
      dependsOn: { nodes: [], macros: [] },
      place: { file: file.file, line: 1, column: 1 },
      alias,
      relation: {
        database: null,
        schema: schemaName(project.target.schema, config.schema),
        identifier: alias,
      },
      // A column's data_type is a declaration too; column_types wins, as it is the more explicit of the two.
      config: {
        ...config,
        column_types: { ...declared, ...config.column_types },
        delimiter: said.delimiter === undefined && path.endsWith(".tsv") ? "\t" : config.delimiter,
      },
    };
  };
  const nodes = Array.from(byName, ([name, file]) => make(workshop, name, file));
  return settleTwins(workshop, "seed", nodes, twins, make);
}
