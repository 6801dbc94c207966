import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { ProjectError } from "../base/errors.ts";
import { diskError, posixRelative, walkFiles } from "../base/files.ts";
import { sha256 } from "../base/hash.ts";
import { placeAt } from "../base/problems.ts";
import type { Problem } from "../base/problems.ts";
import type { ProjectFiles, TextFile } from "./types.ts";

/** The folders of a project that hold something to build or to know. */
export const FOLDERS = {
  models: "models",
  seeds: "seeds",
  snapshots: "snapshots",
  macros: "macros",
  tests: "tests/data",
  fixtures: "tests/fixtures",
} as const;

/** Absolute paths by folder of {@link FOLDERS}, in a fixed order. */
export type FoundPaths = ReadonlyMap<string, readonly string[]>;
/** Is told of every file that is read, with its contents as they stand there; `path` as in {@link TextFile}. */
export type Seen = (path: string, contents: string | Uint8Array) => void;
type Found = { readonly files: ProjectFiles; readonly propertyFiles: readonly TextFile[] };
type FoundAndRead = Found & { readonly problems: readonly Problem[] };

/** What a project or package may be made of, not yet read. */
export function findPaths(root: string): FoundPaths {
  const found = new Map<string, readonly string[]>();
  for (const folder of Object.values(FOLDERS)) {
    const wanted = (name: string): boolean => ENDINGS.some((ending) => name.endsWith(ending));
    found.set(folder, walkFiles(join(root, folder), wanted));
  }
  const beside = walkFiles(join(root, BESIDE), (name) => isBesideTests(`${BESIDE}/${name}`), false);
  found.set(FOLDERS.tests, [...beside, ...found.get(FOLDERS.tests)!]);
  return found;
}

/** Where dbt has singular tests: `.sql` and property files that stand in `tests/` itself are read there; what else is below it is a project's own affair. */
const BESIDE = "tests";
export const isBesideTests = (path: string): boolean => /^tests\/[^/]+\.(?:sql|ya?ml)$/.test(path);

/**
 * Lists and reads every file of a project or package, and its property files. Contents are read whole: they are sources, not data.
 * `prefix` stands before paths in messages.
 */
export async function findFiles(root: string, prefix = "", seen?: Seen): Promise<FoundAndRead> {
  const problems: Problem[] = [];
  const wrong = (problem: Problem): void => void problems.push(problem);
  const { propertyFiles, ...files } = readers(root, prefix, findPaths(root), wrong, seen);
  return {
    problems,
    files: {
      models: files.models(),
      macros: files.macros(),
      scriptMacros: files.scriptMacros(),
      singularTests: files.singularTests(),
      seeds: files.seeds(),
      fixtures: files.fixtures(),
      docs: files.docs(),
    },
    propertyFiles: propertyFiles(),
  };
}

/** The same, each kind read when it is asked for. */
export function filesOnDemand(root: string, found: FoundPaths): Found {
  const made = { files: {} };
  const { propertyFiles, ...files } = readers(root, "", found, refuse);
  const define = (of: object, key: string, read: () => unknown): void => {
    let known: unknown;
    Object.defineProperty(of, key, { enumerable: true, get: () => (known ??= read()) });
  };
  for (const [key, read] of Object.entries(files)) define(made.files, key, read);
  define(made, "propertyFiles", propertyFiles);
  return made as Found;
}

type Readers = { readonly [Key in keyof ProjectFiles]: () => ProjectFiles[Key] } & {
  readonly propertyFiles: () => readonly TextFile[];
};

function readers(root: string, prefix: string, found: FoundPaths, wrong: Wrong, seen?: Seen): Readers {
  // What lies in fixtures is rows and nothing else.
  const folders = Object.values(FOLDERS).filter((folder) => folder !== FOLDERS.fixtures);
  const paths = (folder: string, ...endings: readonly string[]): string[] =>
    found
      .get(folder)!
      .filter((path) => endings.some((ending) => path.endsWith(ending)))
      .map((path) => posixRelative(root, path));
  const readAll = (folder: string, ...endings: readonly string[]): TextFile[] =>
    paths(folder, ...endings).map((path) => ({
      path,
      file: prefix + path,
      text: readText(root, path, (problem) => wrong({ ...problem, file: prefix + path }), seen),
    }));
  return {
    models: () => readAll(FOLDERS.models, ".sql"),
    macros: () => readAll(FOLDERS.macros, ".sql"),
    scriptMacros: () =>
      paths(FOLDERS.macros, ".ts", ".mjs", ".js")
        .filter((path) => !/\.(?:test|d)\.m?[jt]s$/.test(path))
        .map((path) => ({ path, file: prefix + path })),
    singularTests: () => readAll(FOLDERS.tests, ".sql"),
    seeds: () =>
      paths(FOLDERS.seeds, ...SEED_ENDINGS).map((path) => {
        const bytes = reading(path, () => readFileSync(join(root, path)));
        seen?.(path, bytes);
        const checksum = sha256(bytes);
        const text = path.endsWith(".parquet") ? bytes : trimmed(bytes);
        return { path, file: prefix + path, checksum, ofText: text === bytes ? checksum : sha256(text) };
      }),
    fixtures: () => readAll(FOLDERS.fixtures, ".csv", ".sql"),
    docs: () => folders.flatMap((folder) => readAll(folder, ".md")),
    propertyFiles: () => folders.flatMap((folder) => readAll(folder, ".yml", ".yaml")),
  };
}

/** A text without the white space at its ends; itself where there is none. */
function trimmed(text: Buffer): Buffer {
  const isBlank = (at: number): boolean => text[at] === 0x20 || (text[at]! >= 0x09 && text[at]! <= 0x0d);
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return end - start === text.length ? text : text.subarray(start, end);
}

/** What files end in that seeds are loaded from. */
export const SEED_ENDINGS = [".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".parquet"];

/** What files of a project end in. */
export const ENDINGS = [".sql", ".ts", ".mjs", ".js", ...SEED_ENDINGS, ".md", ".yml", ".yaml"];

/** Files among the seeds that nobody reads, from the project's folder. */
export function unreadSeeds(root: string): string[] {
  const known = [...SEED_ENDINGS, ".md", ".yml", ".yaml"];
  const isUnread = (name: string): boolean =>
    name.includes(".") && !known.some((ending) => name.endsWith(ending));
  return walkFiles(join(root, FOLDERS.seeds), isUnread).map((path) => posixRelative(root, path));
}

/** One after the other: for ten thousand small files that takes a fraction of what waiting for each does. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw diskError(`cannot read ${path}`, error);
  }
}

/** One file of the project itself; `path` as in {@link TextFile}. */
export const readTextFile = (root: string, path: string): TextFile => ({
  path,
  file: path,
  text: readText(root, path, refuse),
});

type Wrong = (problem: Problem) => void;
const refuse: Wrong = (problem) => {
  throw new ProjectError([problem]);
};

/** Some editors begin a file with a byte order mark, which is no part of it. */
function readText(root: string, path: string, wrong: Wrong, seen?: Seen): string {
  const text = reading(path, () => readFileSync(`${root}${sep}${path}`, "utf8"));
  seen?.(path, text);
  const at = text.indexOf(REPLACED);
  if (at !== -1 && !isUtf8(reading(path, () => readFileSync(join(root, path)))))
    wrong(notUtf8(path, text, at));
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** What decoding puts in the place of bytes that are no text: a letter in quotes would become another without a word. */
const REPLACED = "\uFFFD";

const notUtf8 = (file: string, text: string, at: number): Problem => ({
  ...placeAt(file, text, at),
  code: "FILE_NOT_UTF8",
  message: "what stands here is not UTF-8",
  hint: "save the file as UTF-8: it may be in Latin-1 or Windows-1252",
});
