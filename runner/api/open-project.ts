import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { DiskThread } from "../artifacts/beside/disk-thread.ts";
import { customEnvironment } from "../artifacts/metadata.ts";
import type { Effects } from "../base/effects.ts";
import { UsageError } from "../base/errors.ts";
import { posixRelative, resolveInside } from "../base/files.ts";
import type { JsonObject } from "../base/json.ts";
import { warnOnly } from "../base/warning-policy.ts";
import type { WarningPolicy } from "../base/warning-policy.ts";
import { dialectOf } from "../dialects/dialect-of.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ParsedProject } from "../graph/parsed-project.ts";
import { yamlRenderer } from "../graph/yaml-renderer.ts";
import { namedSelectors } from "../graph/select/named-selectors.ts";
import type { NamedSelectors } from "../graph/select/term.ts";
import type { Flags } from "../plan/flags.ts";
import { Queries } from "../plan/queries.ts";
import { createStagedFinder } from "../plan/staged-sources.ts";
import { createSourceFinder } from "../plan/source-relations.ts";
import type { SourceFinder } from "../plan/source-relations.ts";
import { withDotEnv } from "../project/dot-env.ts";
import { findProject } from "../project/find-project.ts";
import { readSelectorFile } from "../project/read-selectors.ts";
import type { Problem } from "../base/problems.ts";
import type { Project } from "../project/types.ts";
import type { Relation } from "../graph/types.ts";
import { compileInputOf } from "./compile-input.ts";
import { openTranslator } from "./portable/open-translator.ts";
import type { Translate } from "../plan/portable/to-target.ts";
import type { KeptProject } from "./parse-cache/kept-project.ts";
import { parseProject } from "./parse-cache/parse-project.ts";
import { recordEnv } from "./parse-cache/recorded-env.ts";
import type { DeferOptions, OpenState } from "./open-state.ts";

export type OpenOptions = {
  /** Folder of the project; else the nearest one at or above the working folder. */
  readonly projectDir?: string | undefined;
  readonly target?: string | undefined;
  readonly vars?: JsonObject | undefined;
  /** false: SQL that asks the warehouse while it is compiled is an error. */
  readonly introspect?: boolean | undefined;
  /** Where artifacts go, relative to the project; `target` unless told. Stays inside the project. */
  readonly targetPath?: string | undefined;
  /** Folder with the artifacts of an earlier run, relative to the working folder. */
  readonly state?: string | undefined;
  /** Read from the state what is not there. */
  readonly defer?: DeferOptions | undefined;
  /** What becomes of warnings; they are told unless this says otherwise. */
  readonly warnings?: WarningPolicy | undefined;
  /** false: everything is read and parsed anew, and not kept for the next time. */
  readonly cache?: boolean | undefined;
  /** A thread that may read the project's files already. */
  readonly disk?: DiskThread | undefined;
};

/** A project read, linked and ready for a command; no warehouse is open yet. */
export type OpenProject = {
  readonly project: Project;
  readonly parsed: ParsedProject;
  readonly kept: KeptProject;
  readonly disk: DiskThread | undefined;
  /** Where later processes find what this one has found out; undefined: nothing is kept. */
  readonly keptFolder: string | undefined;
  /** Of `selectors.yml`. */
  readonly selectors: NamedSelectors;
  /** What `--state` names, read when it is first asked for; undefined: nothing was named. */
  readonly state: (() => OpenState) | undefined;
  readonly stateFolder: string | undefined;
  readonly defer: DeferOptions | undefined;
  /** Relations of the state that stand for nodes of now, by unique id; found before anything is compiled. */
  readonly deferred: Map<string, Relation>;
  readonly dialect: Dialect;
  /** Of portable models, where the engine speaks another dialect than they do. */
  readonly translate?: Translate;
  readonly sources: SourceFinder;
  /** The environment in it is that of the project, and notes what it is asked for. */
  readonly effects: Effects;
  /** Names of the variables that anybody asked for so far; undefined: all of them. */
  readonly askedEnv: () => readonly string[] | undefined;
  /** What every artifact repeats of the environment. */
  readonly customEnv: Readonly<Record<string, string>>;
  /** What the warehouse was asked while SQL was compiled. */
  readonly queries: Queries;
  readonly warnings: WarningPolicy;
  /** Of the build that it is opened for. */
  readonly flags?: Flags | undefined;
  readonly invocationId: string;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  /** Absolute folder of the artifacts, and as the project spells it. */
  readonly targetFolder: string;
  readonly targetPath: string;
};

/** Reads and links a project; throws every mistake in it at once. */
export async function openProject(options: OpenOptions, outer: Effects): Promise<OpenProject> {
  const root = findProject(outer.cwd, options.projectDir);
  const env = withDotEnv(root, outer.env);
  const recorded = recordEnv(env);
  const effects = { ...outer, env: recorded.env };
  const startedAt = effects.now().toISOString();
  const targetFolder = resolveInside(root, options.targetPath ?? "target");
  if (targetFolder === undefined || targetFolder === root) {
    throw new UsageError(
      "PATH_OUTSIDE",
      `"${options.targetPath}" is not a folder inside the project`,
      "artifacts are written below the project: --target-path target",
    );
  }
  const { target, vars } = options;
  const { selectors, problems } = readSelectors(root);
  const keptFolder = options.cache === false ? undefined : join(targetFolder, "parsed");
  const { project, parsed, kept } = await parseProject(
    root,
    { env: effects.env, target, vars, renderer: yamlRenderer },
    problems,
    {
      folder: keptFolder,
      now: effects.now,
      ahead: options.disk?.ahead,
    },
  );
  const dialect = dialectOf(project.target.type);
  const { state } = options;
  const open: OpenProject = {
    project,
    parsed,
    kept,
    disk: options.disk,
    keptFolder,
    selectors,
    stateFolder: state,
    defer: options.defer,
    deferred: new Map(),
    state:
      state === undefined
        ? undefined
        : (await import("./open-state.ts")).openState(state, outer.cwd, {
            project,
            graph: parsed.graph,
            targetFolder,
            startedAt,
          }),
    dialect,
    sources:
      project.target.type === "duckdb"
        ? createSourceFinder(project.landing, dialect)
        : createStagedFinder(project.stagingSchema, dialect),
    effects,
    askedEnv: recorded.asked,
    customEnv: customEnvironment(env),
    queries: new Queries(options.introspect ?? true),
    warnings: options.warnings ?? warnOnly,
    invocationId: randomUUID(),
    startedAt,
    targetFolder,
    targetPath: posixRelative(root, targetFolder),
  };
  if (dialect.name === "duckdb" || parsed.graph.portable.length === 0) return open;
  return { ...open, translate: await openTranslator(compileInputOf(open), targetFolder) };
}

function readSelectors(root: string): { selectors: NamedSelectors; problems: readonly Problem[] } {
  const file = readSelectorFile(root);
  if (file === undefined) return { selectors: new Map(), problems: [] };
  const { selectors, problems } = namedSelectors(file);
  return { selectors, problems: [...file.problems, ...problems] };
}

/** A file of the project or of one of its packages, absolute. */
export function fileOf(
  { project }: OpenProject,
  node: { readonly packageName: string; readonly originalFilePath: string },
): string {
  const owner = project.packages.find(({ name }) => name === node.packageName) ?? project;
  return join(owner.root, node.originalFilePath);
}
