import type { JsonObject } from "../base/json.ts";
import { isObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { gatheredTexts } from "./ahead/gathered-texts.ts";
import type { FilesAhead } from "./ahead/read-ahead.ts";
import { filesOnDemand, findFiles, fromDisk, readAll, readers } from "./find-files.ts";
import type { FoundPaths, ReadText, Seen } from "./find-files.ts";
import type { PackageFile } from "./project-schema.ts";
import { readPropertyFile } from "./read-properties.ts";
import type { RenderText } from "./render-values.ts";
import type { ProjectFiles, Properties, RunHook } from "./types.ts";
import type { YamlFile } from "./yaml.ts";

export type Contents = {
  readonly files: ProjectFiles;
  readonly properties: Properties;
  readonly problems: readonly Problem[];
};

export type ReadContents = {
  /** Stands before paths in messages. */
  readonly prefix?: string;
  readonly seen?: Seen | undefined;
  /** undefined: templates in property files are mistakes. */
  readonly render?: RenderText | undefined;
  /** Of a project whose files another thread reads already. */
  readonly ahead?: FilesAhead | undefined;
};

/** The files of a project or package, and what its property files say. */
export async function readContents(root: string, options: ReadContents = {}): Promise<Contents> {
  const { prefix = "", seen, render, ahead } = options;
  const known = ahead && (await contentsAhead(ahead, options));
  if (known) return known;
  const { files, propertyFiles, problems } = await findFiles(root, prefix, seen);
  const read = propertyFiles.map((file) => readPropertyFile(file, render));
  return {
    files,
    properties: merge(read.map(({ value }) => value)),
    problems: [...problems, ...read.flatMap((one) => one.problems)],
  };
}

/** The same of files of which another thread reads most, while something is made of the property files here. */
async function contentsAhead(
  { root, paths, texts, giveBack }: FilesAhead,
  { seen, render }: ReadContents,
): Promise<Contents | undefined> {
  const problems: Problem[] = [];
  const wrong = (problem: Problem): void => void problems.push(problem);
  const readersOf = (read: ReadText): ReturnType<typeof readers> =>
    readers(root, "", paths(), read, wrong, seen);
  const propertyFiles = readersOf(fromDisk(root, seen)).propertyFiles();
  const read = propertyFiles.map((file) => readPropertyFile(file, render));
  const ofProperties = [...problems.splice(0), ...read.flatMap((one) => one.problems)];
  const others = await texts;
  if (others === undefined) return undefined;
  // Taken out of what others may hold.
  const ofTexts = others.splice(0);
  const files = readAll(readersOf(gatheredTexts(root, ofTexts, seen)));
  giveBack(ofTexts.map(({ bytes }) => bytes.buffer));
  return {
    files,
    properties: merge(read.map(({ value }) => value)),
    problems: [...problems, ...ofProperties],
  };
}

/** The same of a project that is known to be sound, read when it is asked for. */
export function contentsOnDemand(
  root: string,
  found: FoundPaths,
  render: RenderText | undefined,
): Pick<Contents, "files" | "properties"> {
  const here = filesOnDemand(root, found);
  let properties: Properties | undefined;
  return {
    files: here.files,
    get properties() {
      return (properties ??= merge(here.propertyFiles.map((file) => readPropertyFile(file, render).value)));
    },
  };
}

export function readRunHooks(
  data: PackageFile,
  key: "on-run-start" | "on-run-end",
  yaml: YamlFile,
  of: string | null,
): RunHook[] {
  return data[key].map((sql, i) => {
    const { file, line, column } = yaml.placeOf([key, i]);
    const name = `${data.name}-${key}-${i}`;
    const uniqueId = `operation.${data.name}.${name}`;
    return { uniqueId, name, index: i + 1, sql, place: { file, line, column }, package: of };
  });
}

/** Variables as nodes of a project or package see them: those under its name win over the others. */
export function scopedVars(vars: JsonObject, name: string): JsonObject {
  const own = vars[name];
  return isObject(own) ? { ...vars, ...(own as JsonObject) } : vars;
}

function merge(all: readonly Properties[]): Properties {
  const under = <Key extends keyof Properties>(key: Key): Properties[Key][number][] => {
    const found: Properties[Key][number][] = [];
    for (const one of all) for (const entry of one[key]) found.push(entry);
    return found;
  };
  return {
    models: under("models"),
    seeds: under("seeds"),
    snapshots: under("snapshots"),
    sources: under("sources"),
    macros: under("macros"),
    dataTests: under("dataTests"),
    exposures: under("exposures"),
    unitTests: under("unitTests"),
    groups: under("groups"),
  };
}
