import type { Place } from "../base/problems.ts";
import { analyse } from "../template/analyse.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Analysis, Template } from "../template/types.ts";
import { findReferences, mergeReferences } from "./references.ts";
import { globalSpecs, specsWithoutThis } from "./specs.ts";
import type { References } from "./types.ts";
import type { Workshop } from "./workshop.ts";

export type ReadTemplate = {
  readonly template: Template;
  readonly analysis: Analysis;
  readonly references: References;
  /** Unique ids of the macros that are used, directly or by each other. */
  readonly macros: readonly string[];
};

/**
 * Parses and analyses a node's SQL, keeps the template under its id and adds what is wrong to the problems. With `shownAt`, the text
 * is one that we wrote ourselves: mistakes are shown where the user asked for it.
 */
export function readTemplate(
  workshop: Workshop,
  uniqueId: string,
  file: string,
  text: string,
  shownAt?: Place,
): ReadTemplate {
  const { template, problems } = parseTemplate(file, text);
  const isModel = uniqueId.startsWith("model.");
  const analysis = analyse(template, workshop.library, isModel ? globalSpecs : specsWithoutThis);
  const found = findReferences(analysis, workshop.project.vars);
  const all = [...problems, ...analysis.problems, ...found.problems];
  for (const problem of all) {
    const at = shownAt && { file: shownAt.file, line: shownAt.line, column: shownAt.column };
    workshop.problems.push({ ...problem, ...at });
  }
  workshop.templates.set(uniqueId, template);
  if (!shownAt) workshop.callPlaces.set(uniqueId, found.places);
  const macros = analysis.macros.map(
    (name) => `macro.${name.includes(".") ? name : `${workshop.project.name}.${name}`}`,
  );
  return { template, analysis, references: found.references, macros };
}

/** What a test refers to: its own SQL, and its `where`, which is rendered into it. Mistakes of the `where` are shown at `place`. */
export function withWhere(
  workshop: Workshop,
  references: References,
  where: string | null,
  place: Place,
): References {
  if (where === null) return references;
  const { file, line, column } = place;
  const { template, problems } = parseTemplate(file, where);
  const analysis = analyse(template, workshop.library, specsWithoutThis);
  const found = findReferences(analysis, workshop.project.vars);
  for (const problem of [...problems, ...analysis.problems, ...found.problems])
    workshop.problems.push({ ...problem, file, line, column });
  return mergeReferences([references, found.references]);
}
