import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../base/errors.ts";

export const PROJECT_FILES = ["sql_project.yaml", "sql_project.yml"] as const;
export const SELECTOR_FILES = ["selectors.yml", "selectors.yaml"] as const;

/** The project's folder: the one that was named, else the nearest at or above `cwd` that holds a project file. Absolute. */
export function findProject(cwd: string, named: string | undefined): string {
  if (named !== undefined) {
    const root = resolve(cwd, named);
    if (projectFileIn(root) !== undefined) return root;
    const what =
      existsSync(root) && statSync(root).isDirectory()
        ? `${root} holds no ${PROJECT_FILES[0]}`
        : `${root} is not a folder`;
    throw new UsageError(
      "PROJECT_MISSING",
      what,
      "name the folder that holds the project file with --project-dir, or make one: models init my_project",
    );
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (projectFileIn(folder) !== undefined) return folder;
    if (folder === dirname(folder)) {
      throw new UsageError(
        "PROJECT_MISSING",
        `no ${PROJECT_FILES[0]} in ${cwd} or above it`,
        "go into a project, name one with --project-dir, or make one: models init my_project",
      );
    }
  }
}

/** The project file's name in a folder, or undefined. */
export function projectFileIn(root: string): string | undefined {
  return PROJECT_FILES.find((name) => existsSync(join(root, name)));
}
