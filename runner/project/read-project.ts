import { ProjectError, throwProblems } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import type { ProjectFile } from "./project-schema.ts";
import { readProjectFile } from "./read-project-file.ts";
import type { ProjectFileOptions } from "./read-project-file.ts";
import type { Seen } from "./find-files.ts";
import { readFolders } from "./folder-configs.ts";
import { readContents, readRunHooks, scopedVars } from "./read-contents.ts";
import type { ReadPackages } from "./read-packages.ts";
import type { RenderScope, RenderText } from "./render-values.ts";
import type { FolderConfig, Project, Target } from "./types.ts";
import type { YamlFile } from "./yaml.ts";

export type ReadProjectOptions = ProjectFileOptions & {
  /** `--vars`; wins over the project's own. */
  readonly vars?: JsonObject | undefined;
  /** What renders templates in YAML; undefined: they are mistakes. */
  readonly renderer?: ((scope: RenderScope) => RenderText) | undefined;
};

/** The renderer of a project's own files, or of a package's, which has other variables. */
export const renderOf = (
  { renderer, env }: Pick<ReadProjectOptions, "renderer" | "env">,
  target: RenderScope["target"],
  vars: JsonObject,
): RenderText | undefined => renderer?.({ vars, target, env });

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
  seen?: Seen,
): Promise<{ readonly project: Project; readonly problems: readonly Problem[] }> {
  const { head, problems } = await readHead(root, options);
  const render = renderOf(options, head.target, head.vars);
  const { files, properties, problems: ofProperties } = await readContents(root, { seen, render });
  return { project: { ...head, files, properties }, problems: [...problems, ...ofProperties] };
}

/** A project without the files that it is made of. */
export type ProjectHead = Omit<Project, "files" | "properties">;

/** What the project file says, and what the packages are that it names. */
export async function readHead(
  root: string,
  options: ReadProjectOptions,
): Promise<{ readonly head: ProjectHead; readonly problems: readonly Problem[] }> {
  const { data, target, landing, yaml } = await readProjectFile(root, options).catch(
    async (error: unknown) => {
      if (!(error instanceof ProjectError)) throw error;
      throw new ProjectError([...error.problems, ...(await readContents(root)).problems]);
    },
  );
  const vars = { ...scopedVars(data.vars, data.name), ...options.vars };
  const folders = readFolders(data, data.name, yaml, renderOf(options, target, vars));
  const used =
    data.packages.length === 0
      ? noPackages
      : await readUsed(root, data, target, folders.configs, yaml, options);
  const head: ProjectHead = {
    root,
    name: data.name,
    version: data.version,
    target,
    vars,
    unrenderedVars: unrenderedVars(yaml),
    landing,
    stagingSchema: data.ingest.staging?.schema ?? "staging",
    alerts: data.alerts,
    history: data.history,
    openLineage: data.openlineage,
    folderConfigs: folders.configs,
    onRunStart: [...used.onRunStart, ...readRunHooks(data, "on-run-start", yaml, null)],
    onRunEnd: [...used.onRunEnd, ...readRunHooks(data, "on-run-end", yaml, null)],
    queryComment: queryCommentOf(data["query-comment"], yaml),
    restrictAccess: data["restrict-access"],
    packages: used.packages,
  };
  return { head, problems: [...folders.problems, ...used.problems] };
}

const noPackages: ReadPackages = { packages: [], onRunStart: [], onRunEnd: [], problems: [] };

/** Loaded by projects that use any. */
async function readUsed(
  root: string,
  data: ProjectFile,
  target: Target,
  configs: readonly FolderConfig[],
  yaml: YamlFile,
  options: ReadProjectOptions,
): Promise<ReadPackages> {
  const { env, vars = {} } = options;
  const { readPackages } = await import("./read-packages.ts");
  return readPackages(
    {
      root,
      name: data.name,
      vars: data.vars,
      configs,
      given: vars,
      env,
      renderWith: (own) => renderOf(options, target, own),
    },
    data.packages,
    yaml,
  );
}

function queryCommentOf(given: ProjectFile["query-comment"], yaml: YamlFile): Project["queryComment"] {
  const { comment: sql = null, append } =
    typeof given === "string" ? { comment: given, append: false } : given || { comment: "", append: false };
  if (sql?.trim() === "") return null;
  return { sql, append, place: yaml.placeOf(["query-comment"]) };
}

function unrenderedVars({ value }: YamlFile): JsonObject {
  const vars = isObject(value) ? value["vars"] : undefined;
  return isObject(vars) ? (vars as JsonObject) : {};
}
