import { ProjectError, throwProblems } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { findFiles } from "./find-files.ts";
import { readFolderConfigs } from "./folder-configs.ts";
import type { ProjectFile } from "./project-schema.ts";
import { readProjectFile } from "./read-project-file.ts";
import type { ProjectFileOptions } from "./read-project-file.ts";
import { readPropertyFile } from "./read-properties.ts";
import type { Project, Properties, RunHook } from "./types.ts";
import type { YamlFile } from "./yaml.ts";

export type ReadProjectOptions = ProjectFileOptions & {
  /** `--vars`; wins over the project's own. */
  readonly vars?: JsonObject | undefined;
};

/** Reads a whole project from `root` (absolute). Throws every mistake of its YAML at once; SQL is not looked into. */
export async function readProject(root: string, options: ReadProjectOptions): Promise<Project> {
  const { project, problems } = await readProjectLeniently(root, options);
  throwProblems(problems);
  return project;
}

/**
 * The same for who goes on to look into the SQL: mistakes of folder configurations and property files come back beside what could be
 * read. Without a sound project file nothing can be said of the SQL, so its mistakes are thrown, with those of the property files.
 */
export async function readProjectLeniently(
  root: string,
  options: ReadProjectOptions,
): Promise<{ readonly project: Project; readonly problems: readonly Problem[] }> {
  const { files, propertyFiles } = await findFiles(root);
  const read = propertyFiles.map(readPropertyFile);
  const ofProperties = read.flatMap(({ problems }) => problems);
  const { data, target, landing, yaml } = await readProjectFile(root, options).catch((error: unknown) => {
    throw error instanceof ProjectError ? new ProjectError([...error.problems, ...ofProperties]) : error;
  });
  const folders = (["models", "seeds", "snapshots", "tests", "sources"] as const).map((kind) =>
    readFolderConfigs(kind, data[kind], data.name, yaml),
  );
  const hooks = (key: "on-run-start" | "on-run-end"): RunHook[] =>
    data[key].map((sql) => {
      const { file, line, column } = yaml.placeOf([key]);
      return { sql, place: { file, line, column } };
    });
  const project: Project = {
    root,
    name: data.name,
    version: data.version,
    target,
    vars: { ...data.vars, ...options.vars },
    unrenderedVars: unrenderedVars(yaml),
    landing,
    alerts: data.alerts,
    folderConfigs: folders.flatMap(({ configs }) => configs),
    onRunStart: hooks("on-run-start"),
    onRunEnd: hooks("on-run-end"),
    queryComment: queryCommentOf(data["query-comment"], yaml),
    files,
    properties: merge(read.map(({ value }) => value)),
  };
  return { project, problems: [...folders.flatMap(({ problems }) => problems), ...ofProperties] };
}

function queryCommentOf(given: ProjectFile["query-comment"], yaml: YamlFile): Project["queryComment"] {
  const { comment: sql = null, append } =
    typeof given === "string" ? { comment: given, append: false } : given || { comment: "", append: false };
  if (sql?.trim() === "") return null;
  const { file, line, column } = yaml.placeOf(["query-comment"]);
  return { sql, append, place: { file, line, column } };
}

function unrenderedVars({ value }: YamlFile): JsonObject {
  const vars = isObject(value) ? value["vars"] : undefined;
  return isObject(vars) ? (vars as JsonObject) : {};
}

function merge(all: readonly Properties[]): Properties {
  return {
    models: all.flatMap(({ models }) => models),
    seeds: all.flatMap(({ seeds }) => seeds),
    snapshots: all.flatMap(({ snapshots }) => snapshots),
    sources: all.flatMap(({ sources }) => sources),
    macros: all.flatMap(({ macros }) => macros),
    dataTests: all.flatMap(({ dataTests }) => dataTests),
    exposures: all.flatMap(({ exposures }) => exposures),
  };
}
