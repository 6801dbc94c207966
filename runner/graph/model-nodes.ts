import { sha256 } from "../base/hash.ts";
import { parseInstant } from "../base/instants.ts";
import type { Place } from "../base/problems.ts";
import { modelConfigSchema } from "../project/config-schemas.ts";
import { checkLoadedAt } from "./check-loaded-at.ts";
import type { Version } from "../project/govern-schema.ts";
import type { ModelProperties, TextFile } from "../project/types.ts";
import { checkAccess } from "./access.ts";
import { checkExternal } from "./external-files.ts";
import { callOf, inFileConfigs } from "./in-file-config.ts";
import { foldersIn, nameInPath, schemaName } from "./naming.ts";
import { referencesOfKeys } from "./foreign-keys.ts";
import { modelConstraints } from "./model-constraints.ts";
import { noHooks, readHooks } from "./read-hooks.ts";
import { mergeReferences } from "./references.ts";
import { readTemplate } from "./read-template.ts";
import type { ModelConfig, ModelNode } from "./types.ts";
import { settleTwins } from "./settle-twins.ts";
import { takeVersionFiles } from "./version-files.ts";
import { versionedAlias, versionedName } from "./versions.ts";
import { columnInfos } from "./column-infos.ts";
import { describe, docBlocksOf, filesByName, pathOf, propertiesByName, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A model, or a version of one, a file; what its own `config()` says wins over property files, those over the project file. */
export function modelNodes(workshop: Workshop): ModelNode[] {
  const { models } = workshop.project.properties;
  const files = workshop.project.files.models;
  const { byName, twins } = filesByName(files);
  const versions = takeVersionFiles(workshop, models, byName);
  const versioned = models.filter((entry) => entry.versions.length > 0).map(({ name }) => name);
  const names = versioned.length === 0 ? byName : new Set([...byName.keys(), ...versioned]);
  const properties = propertiesByName(workshop, "model", models, names);
  const nodes: ModelNode[] = [];
  for (const [name, file] of byName)
    nodes.push(modelNode(workshop, name, file, properties.get(name), null, null));
  for (const { file, properties: own } of versions)
    nodes.push(modelNode(workshop, own.name, file, own, own.version, own.latestVersion));
  return settleTwins(workshop, "model", nodes, twins, (apart, name, file) => {
    const of = versions.find((version) => nameInPath(version.file.path) === name)?.properties;
    return of === undefined
      ? modelNode(apart, name, file, properties.get(name), null, null)
      : modelNode(apart, of.name, file, of, of.version, of.latestVersion);
  });
}

function modelNode(
  workshop: Workshop,
  name: string,
  file: TextFile,
  properties: ModelProperties | undefined,
  version: Version | null,
  latestVersion: Version | null,
): ModelNode {
  const { project } = workshop;
  const path = file.path.slice("models/".length);
  const folders = foldersIn(path);
  const fqn = [project.name].concat(folders, version === null ? name : [name, `v${version}`]);
  const uniqueId = `model.${project.name}.${versionedName(name, version)}`;
  const { template, analysis, references, macros } = readTemplate(workshop, uniqueId, file.file, file.text);
  const calls = inFileConfigs(workshop, template, analysis, modelConfigSchema);
  const { config, said } = workshop.configs.models.resolve(fqn, [properties?.config ?? nothing, ...calls]);
  const alias = config.alias ?? versionedAlias(name, version);
  const place = { file: file.file, line: 1, column: 1 };
  const at = properties?.place ?? place;
  checkAge(workshop, config, at);
  checkAccess(workshop, config, versionedName(name, version), at);
  checkExternal(workshop, config, place);
  const hooks = readHooks(workshop, config, place, "models", fqn);
  const constraints = modelConstraints(workshop, properties, config, file.file);
  const deprecationDate = properties?.deprecationDate ?? null;
  return {
    resourceType: "model",
    uniqueId,
    name,
    packageName: project.name,
    path,
    originalFilePath: file.path,
    fqn,
    description: describe(workshop, properties?.description ?? "", at),
    docBlocks: docBlocksOf(workshop, properties?.description ?? ""),
    tags: config.tags,
    meta: config.meta,
    said: { config: said, call: callOf(calls), dynamic: properties?.dynamic },
    columns: columnInfos(workshop, properties?.columns ?? []),
    patchPath: properties === undefined ? null : pathOf(workshop, properties.place),
    checksum: file.checksum ?? sha256(file.text.trim()),
    dependsOn: {
      nodes: [],
      macros: hooks.macros.length === 0 ? macros : [...new Set([...macros, ...hooks.macros])],
    },
    place,
    alias,
    version,
    latestVersion,
    deprecationDate: deprecationDate === null ? null : new Date(parseInstant(deprecationDate)!).toISOString(),
    relation: { database: null, schema: schemaName(project.target.schema, config.schema), identifier: alias },
    config,
    rawCode: file.text,
    references:
      hooks === noHooks && constraints.length === 0
        ? references
        : mergeReferences([references, hooks.references, ...referencesOfKeys(constraints, name)]),
    constraints,
  };
}

/** Of most models, nothing is said in property files. */
const nothing: ModelProperties["config"] = {};

/** What is said of how old a model may be. */
function checkAge(workshop: Workshop, config: ModelConfig, at: Place): void {
  const { loaded_at_field: field, loaded_at_query: query, freshness } = config;
  if (query !== null) checkLoadedAt(workshop, { field, query, freshness }, at);
  if (freshness !== null && config.materialized === "ephemeral")
    report(workshop, at, "FRESHNESS_EPHEMERAL", "an ephemeral model is no table and has no age");
}
