import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Effects } from "../base/effects.ts";
import { UsageError } from "../base/errors.ts";
import { posixRelative, resolveInside } from "../base/files.ts";
import type { JsonObject } from "../base/json.ts";
import { dialectOf } from "../dialects/dialect-of.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { buildGraph } from "../graph/build-graph.ts";
import type { ParsedProject } from "../graph/parsed-project.ts";
import { createSourceFinder } from "../plan/source-relations.ts";
import type { SourceFinder } from "../plan/source-relations.ts";
import { withDotEnv } from "../project/dot-env.ts";
import { findProject } from "../project/find-project.ts";
import { readProjectLeniently } from "../project/read-project.ts";
import type { Project } from "../project/types.ts";

export type OpenOptions = {
  /** Folder of the project; else the nearest one at or above the working folder. */
  readonly projectDir?: string | undefined;
  readonly target?: string | undefined;
  readonly vars?: JsonObject | undefined;
  /** Where artifacts go, relative to the project; `target` unless told. Stays inside the project. */
  readonly targetPath?: string | undefined;
};

/** A project read, linked and ready for a command; no warehouse is open yet. */
export type OpenProject = {
  readonly project: Project;
  readonly parsed: ParsedProject;
  readonly dialect: Dialect;
  readonly sources: SourceFinder;
  readonly effects: Effects;
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
  const effects = { ...outer, env: withDotEnv(root, outer.env) };
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
  const { project, problems } = await readProjectLeniently(root, { env: effects.env, target, vars });
  const parsed = await buildGraph(project, effects.env, problems);
  const dialect = dialectOf(project.target.type);
  return {
    project,
    parsed,
    dialect,
    sources: createSourceFinder(project.landing, dialect),
    effects,
    invocationId: randomUUID(),
    startedAt,
    targetFolder,
    targetPath: posixRelative(root, targetFolder),
  };
}

/** A path of the project, absolute. */
export const inProject = (open: OpenProject, path: string): string => join(open.project.root, path);
