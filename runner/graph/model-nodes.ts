import { sha256 } from "../base/hash.ts";
import { parseInstant } from "../base/instants.ts";
import { modelConfigSchema } from "../project/config-schemas.ts";
import { checkLoadedAt } from "./check-loaded-at.ts";
import type { ModelProperties, TextFile } from "../project/types.ts";
import { checkAccess } from "./access.ts";
import { callOf, inFileConfigs } from "./in-file-config.ts";
import { nameOfFile, schemaName } from "./naming.ts";
import { referencesOfKeys } from "./foreign-keys.ts";
import { modelConstraints } from "./model-constraints.ts";
import { readHooks } from "./read-hooks.ts";
import { mergeReferences } from "./references.ts";
import { readTemplate } from "./read-template.ts";
import type { ModelNode } from "./types.ts";
import { takeVersionFiles } from "./version-files.ts";
import { versionedAlias, versionedName } from "./versions.ts";
import type { VersionedProperties } from "./versions.ts";
import { columnInfos, describe, filesByName, pathOf, propertiesByName, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A model, or a version of one, a file; what its own `config()` says wins over property files, those over the project file. */
export function modelNodes(workshop: Workshop): ModelNode[] {
  const { models } = workshop.project.properties;
  const files = workshop.project.files.models;
  const byName = filesByName(workshop, "model", files, (path) => nameOfFile(path, "models").name);
  const versions = takeVersionFiles(workshop, models, byName);
  const versioned = models.flatMap((entry) => (entry.versions.length > 0 ? [entry.name] : []));
  const properties = propertiesByName(
    workshop,
    "model",
    models,
    versioned.length === 0 ? new Set(byName.keys()) : new Set([...byName.keys(), ...versioned]),
  );
  return [
    ...Array.from(byName, ([name, file]) => modelNode(workshop, name, file, plain(properties.get(name)))),
    ...versions.map((one) => modelNode(workshop, one.properties.name, one.file, one.properties)),
  ];
}

const plain = (properties: ModelProperties | undefined): VersionedProperties | undefined =>
  properties && { ...properties, version: null, latestVersion: null };

function modelNode(
  workshop: Workshop,
  name: string,
  file: TextFile,
  properties: VersionedProperties | undefined,
): ModelNode {
  const { project } = workshop;
  const { version, latestVersion, deprecationDate } = properties ?? noVersion;
  const { folders, path } = nameOfFile(file.path, "models");
  const named = [...folders, name, ...(version === null ? [] : [`v${version}`])];
  const uniqueId = `model.${project.name}.${versionedName(name, version)}`;
  const { template, analysis, references, macros } = readTemplate(workshop, uniqueId, file.file, file.text);
  const calls = inFileConfigs(workshop, template, analysis, modelConfigSchema);
  const fqn = [project.name, ...named];
  const { config, said } = workshop.configs.models.resolve(fqn, [properties?.config ?? {}, ...calls]);
  const alias = config.alias ?? versionedAlias(name, version);
  const { loaded_at_field: field, loaded_at_query: query, freshness } = config;
  const at = properties?.place ?? { file: file.file, line: 1, column: 1 };
  checkLoadedAt(workshop, { field, query, freshness }, at);
  if (freshness !== null && config.materialized === "ephemeral")
    report(workshop, at, "FRESHNESS_EPHEMERAL", "an ephemeral model is no table and has no age");
  checkAccess(workshop, config, versionedName(name, version), at);
  const hooks = readHooks(workshop, config, { file: file.file, line: 1, column: 1 });
  const constraints = modelConstraints(workshop, properties, config, file.file);
  return {
    resourceType: "model",
    uniqueId,
    name,
    packageName: project.name,
    path,
    originalFilePath: file.path,
    fqn,
    description: describe(
      workshop,
      properties?.description ?? "",
      properties?.place ?? { file: file.file, line: 1, column: 1 },
    ),
    tags: config.tags,
    meta: config.meta,
    said: { config: said, call: callOf(calls), dynamic: properties?.dynamic },
    columns: columnInfos(workshop, properties?.columns ?? []),
    patchPath: properties === undefined ? null : pathOf(workshop, properties.place),
    checksum: sha256(file.text),
    dependsOn: { nodes: [], macros: [...new Set([...macros, ...hooks.macros])] },
    place: { file: file.file, line: 1, column: 1 },
    alias,
    version,
    latestVersion,
    deprecationDate: deprecationDate === null ? null : new Date(parseInstant(deprecationDate)!).toISOString(),
    relation: { database: null, schema: schemaName(project.target.schema, config.schema), identifier: alias },
    config,
    rawCode: file.text,
    references: mergeReferences([references, hooks.references, ...referencesOfKeys(constraints, name)]),
    constraints,
  };
}

const noVersion = { version: null, latestVersion: null, deprecationDate: null };
