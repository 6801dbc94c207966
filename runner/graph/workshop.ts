import type { Place, Problem } from "../base/problems.ts";
import { isPrintable } from "../base/text.ts";
import { didYouMean } from "../base/nearest.ts";
import type { FilePath, Project } from "../project/types.ts";
import { renderDescription } from "../template/doc-blocks.ts";
import type { MacroLibrary } from "../template/macro-library.ts";
import { nameInPath } from "./naming.ts";
import type { AllConfigLayers } from "./resolve-config.ts";
import type { Templates } from "./templates.ts";
import type { DisabledNode, DocNode } from "./types.ts";

/** What the makers of nodes share while a graph is being built; each package has its own, with the same problems and templates. */
export type Workshop = {
  /** As nodes of a package see it: with the package's name, files, properties and variables. */
  readonly project: Project;
  /** Whose nodes are made; null: the project's own. */
  readonly package: string | null;
  /** The project's own name, whatever package this is. */
  readonly rootName: string;
  /** Stands before the paths of a package in places. */
  readonly prefix: string;
  readonly configs: AllConfigLayers;
  readonly library: MacroLibrary;
  readonly docs: ReadonlyMap<string, DocNode>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly problems: Problem[];
  readonly templates: Templates;
  /** Names of the project or packages that keep what is not public to themselves. */
  readonly restricted: ReadonlySet<string>;
  /** What is switched off and nothing can refer to. */
  readonly off: DisabledNode[];
  /** Unique ids of nodes that ask the warehouse while they are compiled. */
  readonly introspective: Set<string>;
};

export function report(workshop: Workshop, place: Place, code: string, message: string, hint?: string): void {
  const { file, line, column } = place;
  workshop.problems.push({ file, line, column, code, message, ...(hint && { hint }) });
}

/** What comes back with every node, told the first time. */
export function reportOnce({ problems }: Workshop, problem: Problem): void {
  const isSame = (other: Problem): boolean =>
    other.code === problem.code &&
    other.message === problem.message &&
    other.file === problem.file &&
    other.line === problem.line &&
    other.column === problem.column;
  if (!problems.some(isSame)) problems.push(problem);
}

/** A further file or entry of a name that another has given already. */
export type Twin<Entry> = { readonly name: string; readonly entry: Entry };

/** Files or entries by the names that they give to nodes, the first of each, and the others. */
export function firstByName<Entry>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
): { readonly byName: Map<string, Entry>; readonly twins: readonly Twin<Entry>[] } {
  const byName = new Map<string, Entry>();
  const twins: Twin<Entry>[] = [];
  for (const entry of entries) {
    const name = nameOf(entry);
    if (byName.has(name)) twins.push({ name, entry });
    else byName.set(name, entry);
  }
  return { byName, twins };
}

/** Files by the names that they give to nodes. */
export const filesByName = <File extends FilePath>(
  files: readonly File[],
): { readonly byName: Map<string, File>; readonly twins: readonly Twin<File>[] } =>
  firstByName(files, ({ path }) => nameInPath(path));

/** Where a place is, as its package spells it. */
export const pathOf = (workshop: Workshop, { file }: Place): string => file.slice(workshop.prefix.length);

/** The folders of a property file, inside `models` or where else it stands. */
export const foldersOf = (workshop: Workshop, place: Place): readonly string[] =>
  pathOf(workshop, place).split("/").slice(1, -1);

/** A file's name becomes a name in SQL, in selectors and on terminals: control characters are no part of one. */
export function checkFileNames(workshop: Workshop): void {
  const { models, seeds, singularTests } = workshop.project.files;
  for (const files of [models, seeds, singularTests])
    for (let i = 0; i < files.length; i++) {
      const { path, file } = files[i]!;
      if (isPrintable(path)) continue;
      const place = { file, line: 1, column: 1 };
      report(workshop, place, "NAME_INVALID", "the file's name holds a control character", "rename the file");
    }
}

/** A description with its doc blocks in place. */
export function describe(workshop: Workshop, text: string, place: Place): string {
  if (!text.includes("{{")) return text.trim();
  const rendered = renderDescription(text, workshop.docs, place);
  workshop.problems.push(...rendered.problems);
  return rendered.text.trim();
}

/** Unique ids of the doc blocks that a description names, in its order. */
export const docBlocksOf = ({ docs }: Workshop, text: string): readonly string[] =>
  text.includes("{{") ? renderDescription(text, docs, nowhere).docs.map(({ uniqueId }) => uniqueId) : noDocs;

const noDocs: readonly string[] = [];
const nowhere: Place = { file: "", line: 1, column: 1 };

/** Properties by name; two entries for one name, and entries for names that do not exist, are problems. */
export function propertiesByName<Entry extends { readonly name: string; readonly place: Place }>(
  workshop: Workshop,
  kind: "model" | "seed" | "snapshot" | "data test" | "macro",
  entries: readonly Entry[],
  names: { has(name: string): boolean; keys(): Iterable<string> },
): Map<string, Entry> {
  const found = new Map<string, Entry>();
  let areFine = true;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    found.set(entry.name, entry);
    areFine &&= names.has(entry.name);
  }
  // Nearly always: what is wrong is looked for when something is.
  if (areFine && found.size === entries.length) return found;
  found.clear();
  for (const entry of entries) {
    const first = found.get(entry.name);
    if (first) {
      report(
        workshop,
        entry.place,
        "PROPERTIES_DUPLICATE",
        `${kind} "${entry.name}" is described here and in ${first.place.file}:${first.place.line}`,
        "keep one of the two",
      );
    } else if (!names.has(entry.name)) {
      report(
        workshop,
        entry.place,
        "PROPERTIES_UNMATCHED",
        `no ${kind} is named "${entry.name}"`,
        didYouMean(entry.name, names.keys()),
      );
    } else found.set(entry.name, entry);
  }
  return found;
}
