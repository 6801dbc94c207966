import { throwProblems } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { findFiles } from "./find-files.ts";
import { readFolderConfigs } from "./folder-configs.ts";
import { readProjectFile } from "./read-project-file.ts";
import type { ProjectFileOptions } from "./read-project-file.ts";
import { readPropertyFile } from "./read-properties.ts";
import type { Project, Properties } from "./types.ts";

export type ReadProjectOptions = ProjectFileOptions & {
  /** `--vars`; wins over the project's own. */
  readonly vars?: JsonObject | undefined;
};

/** Reads a whole project from `root` (absolute). Throws every mistake of its YAML at once; SQL is not looked into. */
export async function readProject(root: string, options: ReadProjectOptions): Promise<Project> {
  const [{ data, target, landing, yaml }, { files, propertyFiles }] = await Promise.all([
    readProjectFile(root, options),
    findFiles(root),
  ]);
  const folders = (["models", "seeds", "tests", "sources"] as const).map((kind) =>
    readFolderConfigs(kind, data[kind], data.name, yaml),
  );
  const read = propertyFiles.map(readPropertyFile);
  throwProblems([...folders, ...read].flatMap(({ problems }) => problems));
  return {
    root,
    name: data.name,
    version: data.version,
    target,
    vars: { ...data.vars, ...options.vars },
    landing,
    folderConfigs: folders.flatMap(({ configs }) => configs),
    files,
    properties: merge(read.map(({ value }) => value)),
  };
}

function merge(all: readonly Properties[]): Properties {
  return {
    models: all.flatMap(({ models }) => models),
    seeds: all.flatMap(({ seeds }) => seeds),
    sources: all.flatMap(({ sources }) => sources),
    macros: all.flatMap(({ macros }) => macros),
    dataTests: all.flatMap(({ dataTests }) => dataTests),
    exposures: all.flatMap(({ exposures }) => exposures),
  };
}
