import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { diskError, posixRelative, walkFiles } from "../base/files.ts";
import { sha256 } from "../base/hash.ts";
import type { ProjectFiles, TextFile } from "./types.ts";

/** The folders of a project that hold something to build or to know. */
export const FOLDERS = { models: "models", seeds: "seeds", macros: "macros", tests: "tests/data" } as const;

/** Lists and reads every file of the project, and its property files. Contents are read whole: they are sources, not data. */
export async function findFiles(
  root: string,
): Promise<{ files: ProjectFiles; propertyFiles: readonly TextFile[] }> {
  const relative = (path: string): string => posixRelative(root, path);
  const read = async (path: string): Promise<TextFile> => {
    try {
      // Some editors begin a file with a byte order mark, which is no part of it.
      return { path: relative(path), text: (await readFile(path, "utf8")).replace(/^\uFEFF/, "") };
    } catch (error) {
      throw diskError(`cannot read ${relative(path)}`, error);
    }
  };
  const below = (folder: string, ...endings: string[]): Promise<string[]> =>
    walkFiles(join(root, folder), (name) => endings.some((ending) => name.endsWith(ending)));
  const readAll = async (folder: string, ...endings: string[]): Promise<TextFile[]> =>
    Promise.all((await below(folder, ...endings)).map(read));

  const everywhere = Object.values(FOLDERS);
  const seeds = async (): Promise<ProjectFiles["seeds"]> =>
    Promise.all(
      (await below(FOLDERS.seeds, ".csv")).map(async (path) => ({
        path: relative(path),
        checksum: sha256(await readFile(path)),
      })),
    );
  const [models, macros, scriptMacros, singularTests, seedFiles, docs, propertyFiles] = await Promise.all([
    readAll(FOLDERS.models, ".sql"),
    readAll(FOLDERS.macros, ".sql"),
    below(FOLDERS.macros, ".ts").then((paths) =>
      paths.filter((path) => !/\.(?:test|d)\.ts$/.test(path)).map((path) => ({ path: relative(path) })),
    ),
    readAll(FOLDERS.tests, ".sql"),
    seeds(),
    Promise.all(everywhere.map((folder) => readAll(folder, ".md"))),
    Promise.all(everywhere.map((folder) => readAll(folder, ".yml", ".yaml"))),
  ]);
  return {
    files: { models, macros, scriptMacros, singularTests, seeds: seedFiles, docs: docs.flat() },
    propertyFiles: propertyFiles.flat(),
  };
}
