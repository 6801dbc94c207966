import { realpathSync } from "node:fs";
import { join } from "node:path";
import { posixRelative } from "../base/files.ts";
import type { Problem } from "../base/problems.ts";
import type { Package, Project } from "../project/types.ts";
import { analyseMacros } from "../template/analyse.ts";
import { loadScriptMacros } from "../template/load-script-macros.ts";
import { createMacroLibrary } from "../template/macro-library.ts";
import type { MacroLibrary } from "../template/macro-library.ts";
import { parseMacroFile } from "../template/parse-macro-file.ts";
import type { Macro } from "../template/types.ts";
import { globalSpecs } from "./specs.ts";

/** What stands before a package's paths in places. */
export const prefixOf = (project: Project, { root }: Package): string =>
  `${posixRelative(realpathSync(project.root), root)}/`;

/** The macros of the project and its packages. */
export async function readMacros(project: Project, problems: Problem[]): Promise<MacroLibrary> {
  const macros = await readOwn(project, null, problems);
  for (const one of project.packages) macros.push(...(await readOwn(one, one.name, problems)));
  const made = createMacroLibrary(project.target.type, macros);
  problems.push(...made.problems, ...analyseMacros(made.library, globalSpecs));
  return made.library;
}

async function readOwn(
  { root, files }: Pick<Project, "root" | "files">,
  packageName: string | null,
  problems: Problem[],
): Promise<Macro[]> {
  const read = files.macros.map(({ file, text }) => parseMacroFile(file, text, packageName));
  const paths = files.scriptMacros.map(({ path, file }) => ({ path: join(root, path), file }));
  const scripts = await loadScriptMacros(paths, packageName);
  problems.push(...read.flatMap((file) => file.problems), ...scripts.problems);
  return [...read.flatMap(({ macros }) => macros), ...scripts.macros];
}
