import { sha256 } from "../base/hash.ts";
import { modelConfigSchema } from "../project/config-schemas.ts";
import { checkLoadedAt } from "./check-loaded-at.ts";
import type { ModelProperties, TextFile } from "../project/types.ts";
import { inFileConfigs } from "./in-file-config.ts";
import { nameOfFile, schemaName } from "./naming.ts";
import { modelConstraints } from "./model-constraints.ts";
import { readHooks } from "./read-hooks.ts";
import { mergeReferences } from "./references.ts";
import { readTemplate } from "./read-template.ts";
import type { ModelNode } from "./types.ts";
import { columnInfos, describe, filesByName, pathOf, propertiesByName, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A model a file; what its own `config()` says wins over property files, those over the project file. */
export function modelNodes(workshop: Workshop): ModelNode[] {
  const { project } = workshop;
  const byName = filesByName(
    workshop,
    "model",
    project.files.models,
    (path) => nameOfFile(path, "models").name,
  );
  const properties = propertiesByName(workshop, "model", project.properties.models, new Set(byName.keys()));
  return [...byName].map(([name, file]) => modelNode(workshop, file, properties.get(name)));
}

function modelNode(workshop: Workshop, file: TextFile, properties: ModelProperties | undefined): ModelNode {
  const { project } = workshop;
  const { name, folders, path } = nameOfFile(file.path, "models");
  const uniqueId = `model.${project.name}.${name}`;
  const { template, analysis, references, macros } = readTemplate(workshop, uniqueId, file.file, file.text);
  const config = workshop.configs.models.resolve(
    [...folders, name],
    properties?.config ?? {},
    ...inFileConfigs(workshop, template, analysis, modelConfigSchema),
  );
  const alias = config.alias ?? name;
  const { loaded_at_field: field, loaded_at_query: query, freshness } = config;
  const at = properties?.place ?? { file: file.file, line: 1, column: 1 };
  checkLoadedAt(workshop, { field, query, freshness }, at);
  if (freshness !== null && config.materialized === "ephemeral")
    report(workshop, at, "FRESHNESS_EPHEMERAL", "an ephemeral model is no table and has no age");
  const hooks = readHooks(workshop, config, { file: file.file, line: 1, column: 1 });
  return {
    resourceType: "model",
    uniqueId,
    name,
    packageName: project.name,
    path,
    originalFilePath: file.path,
    fqn: [project.name, ...folders, name],
    description: describe(
      workshop,
      properties?.description ?? "",
      properties?.place ?? { file: file.file, line: 1, column: 1 },
    ),
    tags: config.tags,
    meta: config.meta,
    columns: columnInfos(workshop, properties?.columns ?? []),
    patchPath: properties === undefined ? null : pathOf(workshop, properties.place),
    checksum: sha256(file.text),
    dependsOn: { nodes: [], macros: [...new Set([...macros, ...hooks.macros])] },
    place: { file: file.file, line: 1, column: 1 },
    alias,
    relation: { database: null, schema: schemaName(project.target.schema, config.schema), identifier: alias },
    config,
    rawCode: file.text,
    references: mergeReferences([references, hooks.references]),
    constraints: modelConstraints(workshop, properties, config, file.file),
  };
}
