import type { Place, Problem } from "../base/problems.ts";
import { didYouMean } from "../base/nearest.ts";
import type { ColumnProperties, NodeProperties, Project } from "../project/types.ts";
import { renderDescription } from "../template/doc-blocks.ts";
import type { MacroLibrary } from "../template/macro-library.ts";
import type { Template } from "../template/types.ts";
import type { ColumnInfo } from "./types.ts";

/** What the makers of nodes share while a graph is being built. */
export type Workshop = {
  readonly project: Project;
  readonly library: MacroLibrary;
  readonly docs: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly problems: Problem[];
  readonly templates: Map<string, Template>;
  /** Where each node first names what it refers to: unique id, then the name. */
  readonly callPlaces: Map<string, ReadonlyMap<string, Place>>;
};

export function report(workshop: Workshop, place: Place, code: string, message: string, hint?: string): void {
  const { file, line, column } = place;
  workshop.problems.push({ file, line, column, code, message, ...(hint && { hint }) });
}

/** A description with its doc blocks in place. */
export function describe(workshop: Workshop, text: string, place: Place): string {
  if (!text.includes("{{")) return text.trim();
  const rendered = renderDescription(text, workshop.docs, place);
  workshop.problems.push(...rendered.problems);
  return rendered.text.trim();
}

export function columnInfos(
  workshop: Workshop,
  columns: readonly ColumnProperties[],
): Map<string, ColumnInfo> {
  return new Map(
    columns.map(({ name, description, dataType, meta, tags, quote, place }) => [
      name,
      { name, description: describe(workshop, description, place), dataType, meta, tags, quote },
    ]),
  );
}

/** Properties by name; two entries for one name, and entries for names that do not exist, are problems. */
export function propertiesByName<Config>(
  workshop: Workshop,
  kind: "model" | "seed" | "data test",
  entries: readonly NodeProperties<Config>[],
  names: ReadonlySet<string>,
): Map<string, NodeProperties<Config>> {
  const found = new Map<string, NodeProperties<Config>>();
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
        didYouMean(entry.name, names),
      );
    } else found.set(entry.name, entry);
  }
  return found;
}
