import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { ProjectError } from "../base/errors.ts";
import { diskError, posixRelative, walkFiles } from "../base/files.ts";
import { sha256 } from "../base/hash.ts";
import { trimmedBytes } from "../base/text.ts";
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

/** Paths from the root, with slashes, by folder of {@link FOLDERS}, in a fixed order. */
export type FoundPaths = ReadonlyMap<string, readonly string[]>;
/** Is told of every file that is read, with its contents as they stand there, and their sha256 where it is known; `path` as in {@link TextFile}. */
export type Seen = (path: string, contents: string | Uint8Array, hash?: string) => void;
/** Gives the text of a file, without the mark that some editors begin it with, and its checksum where that is known. */
export type ReadText = (path: string, wrong: Wrong) => Pick<TextFile, "text" | "checksum">;
type Found = { readonly files: ProjectFiles; readonly propertyFiles: readonly TextFile[] };
type FoundAndRead = Found & { readonly problems: readonly Problem[] };

/** What a project or package may be made of, not yet read. */
export function findPaths(root: string): FoundPaths {
  const found = new Map<string, readonly string[]>();
  const below = (folder: string, wanted: (name: string) => boolean, isDeep: boolean): string[] =>
    walkFiles(join(root, folder), wanted, isDeep).map((path) => posixRelative(root, path));
  for (const folder of Object.values(FOLDERS)) {
    const wanted = (name: string): boolean => ENDINGS.some((ending) => name.endsWith(ending));
    found.set(folder, below(folder, wanted, true));
  }
  const beside = below(BESIDE, (name) => isBesideTests(`${BESIDE}/${name}`), false);
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
  const { propertyFiles, ...files } = readers(
    root,
    prefix,
    findPaths(root),
    fromDisk(root, seen),
    wrong,
    seen,
  );
  return { problems, files: readAll(files), propertyFiles: propertyFiles() };
}

export const readAll = (files: Readers): ProjectFiles => ({
  models: files.models(),
  macros: files.macros(),
  scriptMacros: files.scriptMacros(),
  singularTests: files.singularTests(),
  seeds: files.seeds(),
  fixtures: files.fixtures(),
  docs: files.docs(),
});

/** The same, each kind read when it is asked for. */
export function filesOnDemand(root: string, found: FoundPaths): Found {
  const made = { files: {} };
  const { propertyFiles, ...files } = readers(root, "", found, fromDisk(root), refuse);
  const define = (of: object, key: string, read: () => unknown): void => {
    let known: unknown;
    Object.defineProperty(of, key, { enumerable: true, get: () => (known ??= read()) });
  };
  for (const [key, read] of Object.entries(files)) define(made.files, key, read);
  define(made, "propertyFiles", propertyFiles);
  return made as Found;
}

type Readers = { readonly [Key in keyof ProjectFiles]: () => ProjectFiles[Key] };

/** What reads each kind of file. */
export function readers(
  root: string,
  prefix: string,
  found: FoundPaths,
  read: ReadText,
  wrong: Wrong,
  seen?: Seen,
): Readers & { readonly propertyFiles: () => readonly TextFile[] } {
  // What lies in fixtures is rows and nothing else.
  const folders = Object.values(FOLDERS).filter((folder) => folder !== FOLDERS.fixtures);
  const paths = (folder: string, ...endings: readonly string[]): string[] =>
    found.get(folder)!.filter((path) => endings.some((ending) => path.endsWith(ending)));
  const textsOf = (folder: string, ...endings: readonly string[]): TextFile[] =>
    paths(folder, ...endings).map((path) => {
      const file = prefix + path;
      const { text, checksum } = read(path, (problem) => wrong({ ...problem, file }));
      return { path, file, text, checksum };
    });
  return {
    models: () => textsOf(FOLDERS.models, ".sql"),
    macros: () => textsOf(FOLDERS.macros, ".sql"),
    scriptMacros: () =>
      paths(FOLDERS.macros, ".ts", ".mjs", ".js")
        .filter((path) => !/\.(?:test|d)\.m?[jt]s$/.test(path))
        .map((path) => ({ path, file: prefix + path })),
    singularTests: () => textsOf(FOLDERS.tests, ".sql"),
    seeds: () =>
      paths(FOLDERS.seeds, ...SEED_ENDINGS).map((path) => {
        const bytes = reading(path, () => readFileSync(join(root, path)));
        seen?.(path, bytes);
        const checksum = sha256(bytes);
        const text = path.endsWith(".parquet") ? bytes : trimmedBytes(bytes);
        return { path, file: prefix + path, checksum, ofText: text === bytes ? checksum : sha256(text) };
      }),
    fixtures: () => textsOf(FOLDERS.fixtures, ".csv", ".sql"),
    docs: () => folders.flatMap((folder) => textsOf(folder, ...DOC_ENDINGS)),
    propertyFiles: () => folders.flatMap((folder) => textsOf(folder, ...PROPERTY_ENDINGS)),
  };
}

/** What files end in that seeds are loaded from. */
export const SEED_ENDINGS = [".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".parquet"];

export const DOC_ENDINGS = [".md"];
export const PROPERTY_ENDINGS = [".yml", ".yaml"];

/** What files of a project end in. */
export const ENDINGS = [".sql", ".ts", ".mjs", ".js", ...SEED_ENDINGS, ...DOC_ENDINGS, ...PROPERTY_ENDINGS];

/** Files among the seeds that nobody reads, from the project's folder. */
export function unreadSeeds(root: string): string[] {
  const known = [...SEED_ENDINGS, ...DOC_ENDINGS, ...PROPERTY_ENDINGS];
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
  ...fromDisk(root)(path, refuse),
});

export type Wrong = (problem: Problem) => void;
const refuse: Wrong = (problem) => {
  throw new ProjectError([problem]);
};

export const fromDisk =
  (root: string, seen?: Seen): ReadText =>
  (path, wrong) => {
    const text = reading(path, () => readFileSync(`${root}${sep}${path}`, "utf8"));
    seen?.(path, text);
    const bytes = (): Uint8Array => reading(path, () => readFileSync(join(root, path)));
    return { text: checked(path, text, bytes, wrong), checksum: undefined };
  };

/** A text as it is told from bytes: some editors begin a file with a byte order mark, which is no part of it. */
export function checked(path: string, text: string, bytes: () => Uint8Array, wrong: Wrong): string {
  const at = text.indexOf(REPLACED);
  if (at !== -1 && !isUtf8(bytes())) wrong(notUtf8(path, text, at));
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
