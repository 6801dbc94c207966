import { cpSync, existsSync, readFileSync, readdirSync, renameSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../base/errors.ts";
import { diskError, makeFolder, writeFileAtomic } from "../base/files.ts";
import { packageRoot } from "../base/package-root.ts";

/** Where the starter project lies, in the sources and in the installed package alike. */
const starter = (): string => join(packageRoot(), "runner/api/starter");

/** Makes a small project that builds at once. Returns its folder, absolute. Nothing that is there is written over. */
export function initProject(cwd: string, name: string): string {
  const folder = resolve(cwd, name);
  const projectName = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_");
  if (!/^[a-z_][a-z0-9_]*$/.test(projectName)) {
    throw new UsageError(
      "NAME_INVALID",
      `"${basename(folder)}" cannot name a project`,
      "letters, digits and underscores, a letter first",
    );
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(
      "FOLDER_NOT_EMPTY",
      `${folder} is not empty`,
      "name a folder that does not exist yet: models init my_project",
    );
  }
  makeFolder(folder);
  try {
    cpSync(starter(), folder, { recursive: true });
    // npm leaves files of this name out of packages, so the starter spells it without the dot.
    renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
    const file = join(folder, "sql_project.yaml");
    writeFileAtomic(file, readFileSync(file, "utf8").replace("name: starter", `name: ${projectName}`));
  } catch (error) {
    throw diskError(`cannot make the project in ${folder}`, error);
  }
  return folder;
}
