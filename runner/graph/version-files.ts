import { didYouMean } from "../base/nearest.ts";
import type { ModelProperties, TextFile, VersionProperties } from "../project/types.ts";
import { isSameVersion, latestOf, versionsOf } from "./versions.ts";
import type { VersionedProperties } from "./versions.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

export type VersionFile = { readonly file: TextFile; readonly properties: VersionedProperties };

/**
 * The files of models that have versions, which are taken out of `files`; the others are models by their own names. What does not fit
 * together is told.
 */
export function takeVersionFiles(
  workshop: Workshop,
  entries: readonly ModelProperties[],
  files: Map<string, TextFile>,
): VersionFile[] {
  const versioned = new Map<string, ModelProperties>();
  const taken = new Map<string, string>();
  const found: VersionFile[] = [];
  for (const entry of entries) {
    checkLatest(workshop, entry);
    // That a model is described twice is told where all properties are looked at.
    if (entry.versions.length === 0 || versioned.has(entry.name)) continue;
    versioned.set(entry.name, entry);
    const seen = new Set<string>();
    for (const [i, properties] of versionsOf(entry).entries()) {
      const own = entry.versions[i]!;
      checkColumns(workshop, entry, own);
      if (seen.has(String(own.v))) {
        const message = `"${entry.name}" has two versions ${own.v}`;
        report(workshop, own.place, "VERSION_DUPLICATE", message, "give one of the two another v");
        continue;
      }
      seen.add(String(own.v));
      const name = fileOf(workshop, entry, own, files, taken);
      if (name === undefined) continue;
      taken.set(name, `${entry.name}.v${own.v}`);
      found.push({ file: files.get(name)!, properties });
    }
  }
  for (const name of taken.keys()) files.delete(name);
  if (versioned.size === 0) return found;
  const described = new Set(entries.map(({ name }) => name));
  for (const [name, file] of files) reportUnlisted(workshop, name, file, versioned, described);
  return found;
}

function checkLatest(workshop: Workshop, { name, latest, versions }: ModelProperties): void {
  if (latest === null || versions.some(({ v }) => isSameVersion(v, latest.version))) return;
  const known = versions.map(({ v }) => String(v));
  const message =
    known.length === 0
      ? `"${name}" has a latest_version, and no versions`
      : `"${name}" has no version ${latest.version}`;
  const hint = known.length === 0 ? "list them under versions:, each with its v" : knownVersions(known);
  report(workshop, latest.place, "VERSION_UNKNOWN", message, hint);
}

export const knownVersions = (known: readonly string[]): string =>
  known.length === 1 ? `its version is ${known[0]}` : `its versions are ${known.join(", ")}`;

function checkColumns(workshop: Workshop, { name, columns }: ModelProperties, own: VersionProperties): void {
  const known = columns.map((column) => column.name);
  for (const wanted of [...(own.include === "all" ? [] : own.include), ...own.exclude]) {
    if (known.includes(wanted)) continue;
    const message = `version ${own.v} names "${wanted}", which is not among the columns of "${name}"`;
    report(workshop, own.place, "COLUMN_UNKNOWN", message, didYouMean(wanted, known));
  }
}

/** The name of the version's file among `files`. */
function fileOf(
  workshop: Workshop,
  entry: ModelProperties,
  { v, definedIn, place }: VersionProperties,
  files: ReadonlyMap<string, TextFile>,
  taken: ReadonlyMap<string, string>,
): string | undefined {
  const { name } = entry;
  const usual = definedIn === null ? [`${name}_v${v}`, `${name}.v${v}`] : [definedIn];
  const latest = latestOf(entry);
  const isLatest = definedIn === null && latest !== null && isSameVersion(latest, v);
  let there = usual.filter((one) => files.has(one));
  if (there.length === 0 && isLatest && files.has(name)) there = [name];
  const [first, second] = there;
  if (first === undefined) {
    const wanted = `${usual[0]}.sql`;
    const near = didYouMean(usual[0]!, files.keys());
    const hint = near ?? `put it into ${wanted} below models, or say defined_in: <file without .sql>`;
    report(workshop, place, "VERSION_FILE_MISSING", `version ${v} of "${name}" has no file ${wanted}`, hint);
  } else if (second !== undefined) {
    const message = `version ${v} of "${name}" has two files: ${files.get(first)!.file} and ${files.get(second)!.file}`;
    report(workshop, place, "VERSION_FILE_AMBIGUOUS", message, "keep one of the two");
  } else if (taken.has(first)) {
    const message = `${files.get(first)!.file} is the file of ${taken.get(first)} already`;
    report(workshop, place, "VERSION_FILE_TAKEN", message, "a version is a file of its own");
  }
  return second === undefined && first !== undefined && !taken.has(first) ? first : undefined;
}

/** Looks like one: `orders_v3`, `orders.v3`, or `orders` itself. */
const VERSION_NAME = /^(.+)[_.]v(\d[\w.-]*)$/;

/** `orders` of `orders_v3`. */
export const baseOfVersion = (name: string): string | undefined => VERSION_NAME.exec(name)?.[1];

function reportUnlisted(
  workshop: Workshop,
  name: string,
  { file }: TextFile,
  versioned: ReadonlyMap<string, ModelProperties>,
  described: ReadonlySet<string>,
): void {
  const [, base = "", v = ""] = VERSION_NAME.exec(name) ?? [];
  const entry = versioned.get(name) ?? versioned.get(base);
  if (entry === undefined || (entry.name !== name && described.has(name))) return;
  const where = `${entry.place.file}:${entry.place.line}`;
  const message = `${file} is none of the versions of "${entry.name}"`;
  const hint =
    entry.name === name
      ? `name it under versions: (${where}): defined_in: ${name}`
      : `list it under versions: (${where}): - v: ${v}; or describe "${name}" as a model of its own`;
  report(workshop, { file, line: 1, column: 1 }, "VERSION_UNLISTED", message, hint);
}
