import type { Place, Problem } from "../base/problems.ts";
import { analyse } from "../template/analyse.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Analysis, GlobalSpecs, ParsedTemplate, Template } from "../template/types.ts";
import { findReferences, mergeReferences } from "./references.ts";
import { INTROSPECTIVE, globalSpecs, specsWithoutThis } from "./specs.ts";
import type { References } from "./types.ts";
import type { Workshop } from "./workshop.ts";

export type Inspected = {
  readonly template: Template;
  readonly analysis: Analysis;
  readonly references: References;
  /** Unique ids of the macros that are used, directly or by each other. */
  readonly macros: readonly string[];
  readonly problems: readonly Problem[];
};

/** Parses a text and finds out what it uses and what is wrong with it. */
export const inspect = (workshop: Workshop, file: string, text: string, specs: GlobalSpecs): Inspected =>
  lookInto(workshop, parseTemplate(file, text), specs);

function lookInto(workshop: Workshop, { template, problems }: ParsedTemplate, specs: GlobalSpecs): Inspected {
  const analysis = analyse(template, workshop.library, specs, workshop.package);
  const found = findReferences(analysis, workshop.project.vars);
  return {
    template,
    analysis,
    references: found.references,
    macros: idsOf(analysis.macros, workshop.rootName),
    problems:
      problems.length + analysis.problems.length + found.problems.length === 0
        ? none
        : [...problems, ...analysis.problems, ...found.problems],
  };
}

const none: readonly never[] = [];
const ids = new WeakMap<readonly string[], readonly string[]>();

/** Templates that use the same macros have one list of them. */
function idsOf(macros: readonly string[], rootName: string): readonly string[] {
  if (macros.length === 0) return none;
  let found = ids.get(macros);
  if (found === undefined) {
    found = macros.map((name) => `macro.${name.includes(".") ? name : `${rootName}.${name}`}`);
    ids.set(macros, found);
  }
  return found;
}

export const isIntrospective = ({ analysis }: Inspected): boolean =>
  analysis.calls.some(({ name }) => INTROSPECTIVE.has(name));

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
): Inspected {
  const isModel = uniqueId.startsWith("model.");
  const parsed = workshop.templates.parse(uniqueId, file, text);
  const read = lookInto(workshop, parsed, isModel ? globalSpecs : specsWithoutThis);
  for (const problem of read.problems) {
    const at = shownAt && { file: shownAt.file, line: shownAt.line, column: shownAt.column };
    workshop.problems.push({ ...problem, ...at });
  }
  if (isIntrospective(read)) workshop.introspective.add(uniqueId);
  return read;
}

/** What a test refers to: its own SQL, and its `where`, which is rendered into it. Mistakes of the `where` are shown at `place`. */
export function withWhere(
  workshop: Workshop,
  references: References,
  where: string | null,
  place: Place,
): References {
  if (where === null) return references;
  const read = inspect(workshop, place.file, where, specsWithoutThis);
  for (const problem of read.problems) {
    const { file, line, column } = place;
    workshop.problems.push({ ...problem, file, line, column });
  }
  return mergeReferences([references, read.references]);
}
