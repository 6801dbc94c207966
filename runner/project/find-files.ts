import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { diskError, posixRelative, walkFiles } from "../base/files.ts";
import { sha256 } from "../base/hash.ts";
import type { ProjectFiles, TextFile } from "./types.ts";

/** The folders of a project that hold something to build or to know. */
export const FOLDERS = {
  models: "models",
  seeds: "seeds",
  snapshots: "snapshots",
  macros: "macros",
  tests: "tests/data",
} as const;

/**
 * Lists and reads every file of a project or package, and its property files. Contents are read whole: they are sources, not data.
 * `prefix` stands before paths in messages.
 */
export async function findFiles(
  root: string,
  prefix = "",
): Promise<{ files: ProjectFiles; propertyFiles: readonly TextFile[] }> {
  const folders = Object.values(FOLDERS);
  const below = new Map<string, readonly string[]>();
  for (const folder of folders) {
    below.set(
      folder,
      await walkFiles(join(root, folder), (name) => ENDINGS.some((ending) => name.endsWith(ending))),
    );
  }
  const paths = (folder: string, ...endings: readonly string[]): string[] =>
    below
      .get(folder)!
      .flatMap((path) =>
        endings.some((ending) => path.endsWith(ending)) ? [posixRelative(root, path)] : [],
      );
  const readAll = (folder: string, ...endings: readonly string[]): TextFile[] =>
    paths(folder, ...endings).map((path) => ({ path, file: prefix + path, text: readText(root, path) }));
  return {
    files: {
      models: readAll(FOLDERS.models, ".sql"),
      macros: readAll(FOLDERS.macros, ".sql"),
      scriptMacros: paths(FOLDERS.macros, ".ts", ".mjs", ".js")
        .filter((path) => !/\.(?:test|d)\.m?[jt]s$/.test(path))
        .map((path) => ({ path, file: prefix + path })),
      singularTests: readAll(FOLDERS.tests, ".sql"),
      seeds: paths(FOLDERS.seeds, ".csv", ".json", ".parquet").map((path) => ({
        path,
        file: prefix + path,
        checksum: sha256(reading(path, () => readFileSync(join(root, path)))),
      })),
      docs: folders.flatMap((folder) => readAll(folder, ".md")),
    },
    propertyFiles: folders.flatMap((folder) => readAll(folder, ".yml", ".yaml")),
  };
}

/** What files of a project end in. */
export const ENDINGS = [".sql", ".ts", ".mjs", ".js", ".csv", ".json", ".parquet", ".md", ".yml", ".yaml"];

/** One after the other: for ten thousand small files that takes a fraction of what waiting for each does. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw diskError(`cannot read ${path}`, error);
  }
}

/** Some editors begin a file with a byte order mark, which is no part of it. */
function readText(root: string, path: string): string {
  const text = reading(path, () => readFileSync(`${root}${sep}${path}`, "utf8"));
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
