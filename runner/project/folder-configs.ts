import type { z } from "zod";
import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import type { Problem } from "../base/problems.ts";
import {
  modelConfigSchema,
  seedConfigSchema,
  snapshotConfigSchema,
  sourceConfigSchema,
  testConfigSchema,
} from "./config-schemas.ts";
import { renderConfig } from "./render-values.ts";
import type { RenderText } from "./render-values.ts";
import { soundPart } from "./sound-part.ts";
import type { FolderConfig, ResourceKind } from "./types.ts";
import type { Path, YamlFile } from "./yaml.ts";
import { knownKeys, zodProblems } from "./zod-problems.ts";

const RESOURCE_KINDS = ["models", "seeds", "snapshots", "tests", "sources"] as const;

const schemas: Record<ResourceKind, z.ZodType<FolderConfig["config"]>> = {
  models: modelConfigSchema,
  seeds: seedConfigSchema,
  snapshots: snapshotConfigSchema,
  tests: testConfigSchema,
  sources: sourceConfigSchema,
};

/** The trees of all kinds in a project file: its folder configurations, and what is wrong with them. */
export function readFolders(
  file: Readonly<Record<string, unknown>>,
  projectName: string,
  yaml: YamlFile,
  render?: RenderText,
): { configs: FolderConfig[]; problems: Problem[] } {
  const keys = [...RESOURCE_KINDS.map((kind) => [kind, kind] as const), ["tests", "data_tests"] as const];
  const read = keys.map(([kind, key]) => readFolderConfigs(kind, file[key], projectName, yaml, key, render));
  return {
    configs: read.flatMap(({ configs }) => configs),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/**
 * Reads a tree of folders: keys with `+` are configuration of the folder they stand in, the others are its folders.
 * dbt's outermost level with the project's own name is understood too.
 */
function readFolderConfigs(
  kind: ResourceKind,
  tree: unknown,
  projectName: string,
  yaml: YamlFile,
  key: string,
  render: RenderText | undefined,
): { configs: FolderConfig[]; problems: Problem[] } {
  const configs: FolderConfig[] = [];
  const problems: Problem[] = [];
  const schema = schemas[kind];
  const visit = (node: Record<string, unknown>, path: readonly string[], at: Path): void => {
    const entries = Object.entries(node);
    const own = Object.fromEntries(
      entries.flatMap(([key, value]) => (key.startsWith("+") ? [[key.slice(1), value]] : [])),
    );
    // Before those of the folders in it: where several are of one folder, the inner one wins.
    if (Object.keys(own).length > 0) add(own, path, at);
    for (const [key, value] of entries) {
      if (key.startsWith("+")) continue;
      if (isObject(value))
        visit(value, path.length === 0 && key === projectName ? [] : [...path, key], [...at, key]);
      else refuse(key, at);
    }
  };
  const refuse = (key: string, at: Path): void => {
    const { file, line, column } = yaml.placeOf([...at, key]);
    const known = knownKeys(schema, []);
    const hint = known.includes(key)
      ? `write "+${key}": a configuration starts with +, a folder holds a map`
      : didYouMean(key, known);
    problems.push({
      file,
      line,
      column,
      code: "KEY_UNKNOWN",
      message: `"${key}" is neither a folder nor a configuration`,
      ...(hint && { hint }),
    });
  };
  const add = (written: Record<string, unknown>, path: readonly string[], at: Path): void => {
    const plus = {
      ...yaml,
      placeOf: (inner: Path) =>
        yaml.placeOf([...at, ...inner.map((step, i) => (i === 0 ? `+${step}` : step))]),
    };
    const own = render === undefined ? written : renderConfig(written, [], plus, render, problems);
    const parsed = schema.safeParse(own);
    if (!parsed.success) problems.push(...zodProblems(parsed.error, schema, { ...plus, value: own }));
    // What is said rightly beside a mistake holds: what follows from its lack would be told too.
    const config = parsed.success ? parsed.data : soundPart(own, schema)?.data;
    if (config !== undefined) {
      const unrendered = fromOutside(yaml.value, at);
      configs.push({
        kind,
        path,
        everywhere: at.length === 1,
        config,
        hooks: hooksOf(config, plus.placeOf),
        place: yaml.placeOf(at),
        ...(unrendered && { unrendered }),
      });
    }
  };
  if (isObject(tree)) visit(tree, [], [key]);
  return { configs, problems };
}

function hooksOf(config: FolderConfig["config"], placeOf: YamlFile["placeOf"]): FolderConfig["hooks"] {
  const said = config as { readonly [key: string]: unknown };
  const lists = ["pre_hook", "pre-hook", "post_hook", "post-hook"].flatMap((key) =>
    ((said[key] ?? []) as readonly { readonly sql: string }[]).map(({ sql }, i) => ({
      sql,
      place: placeOf([key, i]),
    })),
  );
  const header = said["sql_header"];
  return typeof header === "string" ? [...lists, { sql: header, place: placeOf(["sql_header"]) }] : lists;
}

/** Of the configurations at a place of the file, those that hold `${NAME}` or a template, as written. */
function fromOutside(file: unknown, at: Path): JsonObject | undefined {
  const folder = at.reduce<unknown>((inner, step) => (isObject(inner) ? inner[step] : undefined), file);
  const dynamic = Object.entries(isObject(folder) ? folder : {}).filter(
    ([key, value]) => key.startsWith("+") && /\$\{|\{\{/.test(JSON.stringify(value) ?? ""),
  );
  if (dynamic.length === 0) return undefined;
  return Object.fromEntries(dynamic.map(([key, value]) => [key.slice(1), value])) as JsonObject;
}
