import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { plainPropertyFile } from "./plain-properties.ts";
import { propertyFileSchema } from "./property-schema.ts";
import type { ColumnEntry, ModelEntry, PropertyFile, TestEntry } from "./property-schema.ts";
import { renderProperties } from "./render-properties.ts";
import { dynamicOf, isTemplate } from "./render-values.ts";
import type { RenderText } from "./render-values.ts";
import { described, readColumns, readConstraint, testsOf } from "./read-columns.ts";
import { readSources } from "./read-sources.ts";
import { readUnitTest } from "./read-unit-test.ts";
import { readVersions } from "./read-versions.ts";
import { soundPart } from "./sound-part.ts";
import type { ModelProperties, NodeProperties, Properties, TextFile } from "./types.ts";
import { parseYaml } from "./yaml.ts";
import { withWrittenVersions } from "./written-versions.ts";
import type { Path, YamlFile } from "./yaml.ts";
import { valueAt, zodProblems } from "./zod-problems.ts";

export type Read<T> = { readonly value: T; readonly problems: readonly Problem[] };

export const noProperties: Properties = {
  models: [],
  seeds: [],
  snapshots: [],
  sources: [],
  macros: [],
  dataTests: [],
  exposures: [],
  unitTests: [],
  groups: [],
};

/** One property file; an empty one says nothing and is fine. */
export function readPropertyFile(file: TextFile, render?: RenderText): Read<Properties> {
  const yaml = parseYaml(file.file, file.text);
  if (yaml.problems.length > 0) return { value: noProperties, problems: yaml.problems };
  if (yaml.value === null || yaml.value === undefined) return { value: noProperties, problems: [] };
  const problems: Problem[] = [];
  const isDynamic = render !== undefined && isTemplate(file.text);
  const rendered = isDynamic ? renderProperties(yaml, render, problems) : yaml.value;
  const value = withWrittenVersions(rendered, yaml, file.text);
  const plain = plainPropertyFile(value);
  const parsed =
    plain === undefined ? propertyFileSchema.safeParse(value) : ({ success: true, data: plain } as const);
  const written = (path: Path): unknown => valueAt(yaml.value, path);
  const whole = isDynamic ? { ...yaml, written } : yaml;
  if (parsed.success) {
    const read = assemble(parsed.data, whole);
    return problems.length === 0 ? read : { ...read, problems: [...problems, ...read.problems] };
  }
  problems.push(...zodProblems(parsed.error, propertyFileSchema, { ...yaml, value }));
  const part = soundPart(value, propertyFileSchema);
  if (part === undefined) return { value: noProperties, problems };
  const read = assemble(part.data, seenThrough(whole, part.inWhole));
  return { ...read, problems: [...problems, ...read.problems] };
}

/** A file of which a part is read: where things stand in the whole. */
function seenThrough(yaml: YamlFile, inWhole: (path: Path) => Path): YamlFile {
  const { written } = yaml;
  return {
    ...yaml,
    placeOf: (path, ...steps) =>
      yaml.placeOf(inWhole([...path, ...steps.filter((step) => step !== undefined)])),
    ...(written && { written: (path: Path) => written(inWhole(path)) }),
  };
}

/** An entry as it is written; nothing where there are no templates. */
function writtenAt(yaml: YamlFile, kind: string, i: number): JsonObject {
  const entry = yaml.written?.([kind, i]);
  return isObject(entry) ? (entry as JsonObject) : nothingWritten;
}

const nothingWritten: JsonObject = {};

function assemble(data: PropertyFile, yaml: YamlFile): Read<Properties> {
  const problems: Problem[] = [];
  const node = <Config extends { meta?: JsonObject | undefined }>(
    kind: "models" | "seeds" | "snapshots",
    entry: NodeEntry & Owned & { config: Config },
    i: number,
  ): NodeProperties<Config> => {
    const at = [kind, i];
    const tests = testsOf(entry, yaml, at, problems);
    return {
      name: entry.name,
      description: entry.description,
      config: withOwned(entry, entry.config),
      dynamic: dynamicOf(writtenAt(yaml, kind, i)["config"], entry.config),
      columns: readColumns(entry.columns, yaml, [kind, i, "columns"], problems),
      tests,
      place: yaml.placeOf(at, "name"),
    };
  };
  const model = (entry: ModelEntry, i: number): ModelProperties => {
    const { access, constraints, latest_version: latest, versions } = entry;
    const { name, description, config, dynamic, columns, tests, place } = node("models", entry, i);
    return {
      name,
      description,
      config: access === undefined ? config : { access, ...config },
      dynamic,
      columns,
      tests,
      place,
      constraints: constraints.map((each) => ({ ...readConstraint(each), columns: each.columns })),
      latest:
        latest === undefined
          ? null
          : { version: latest, place: yaml.placeOf(["models", i], "latest_version") },
      deprecationDate: entry.deprecation_date ?? null,
      versions: readVersions(versions, yaml, ["models", i, "versions"], problems),
    };
  };
  const value: Properties = {
    models: data.models.map(model),
    seeds: data.seeds.map((entry, i) => node("seeds", entry, i)),
    snapshots: data.snapshots.map((entry, i) => ({
      ...node("snapshots", entry, i),
      relation: entry.relation,
    })),
    sources: readSources(data.sources, yaml, problems, (i) => writtenAt(yaml, "sources", i)),
    macros: data.macros.map(({ config, ...macro }, i) => ({
      ...macro,
      meta: { ...macro.meta, ...config.meta },
      docs: { ...macro.docs, ...config.docs },
      arguments: macro.arguments.map((argument) => ({ ...argument, type: argument.type ?? null })),
      place: yaml.placeOf(["macros", i, "name"]),
    })),
    dataTests: data.data_tests.map((test, i) => ({
      ...test,
      dynamic: dynamicOf(writtenAt(yaml, "data_tests", i)["config"], test.config),
      columns: [],
      tests: [],
      place: yaml.placeOf(["data_tests", i, "name"]),
    })),
    exposures: data.exposures.map(({ depends_on, config, ...exposure }, i) => ({
      ...exposure,
      enabled: config.enabled,
      ...described({ ...exposure, config }),
      label: exposure.label ?? null,
      owner: { name: exposure.owner.name ?? null, email: exposure.owner.email ?? null },
      url: exposure.url ?? null,
      maturity: exposure.maturity ?? null,
      dependsOn: depends_on,
      place: yaml.placeOf(["exposures", i, "name"]),
    })),
    unitTests: data.unit_tests.map((entry, i) => readUnitTest(entry, yaml, ["unit_tests", i], problems)),
    groups: data.groups.map(({ config, owner, ...group }, i) => ({
      ...group,
      owner: owner as JsonObject,
      meta: config.meta,
      place: yaml.placeOf(["groups", i, "name"]),
    })),
  };
  return { value, problems };
}

type Owned = {
  readonly group?: string | null | undefined;
  readonly meta?: JsonObject | undefined;
  readonly docs?:
    | { readonly show?: boolean | undefined; readonly node_color?: string | undefined }
    | undefined;
};

/** What stands beside the name is as if under `config`, which wins where both say something. */
function withOwned<Config extends { meta?: JsonObject | undefined }>(
  { group, meta, docs }: Owned,
  config: Config,
): Config {
  if (group === undefined && meta === undefined && docs === undefined) return config;
  return {
    ...(group !== undefined && { group }),
    ...(docs !== undefined && { docs }),
    ...config,
    ...(meta !== undefined && { meta: { ...meta, ...config.meta } }),
  };
}

type NodeEntry = {
  name: string;
  description: string;
  columns: readonly ColumnEntry[];
  tests: readonly TestEntry[];
  data_tests: readonly TestEntry[];
};
