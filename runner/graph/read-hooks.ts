import type { Place } from "../base/problems.ts";
import { analyse } from "../template/analyse.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { findReferences, mergeReferences } from "./references.ts";
import { globalSpecs, specsWithResults } from "./specs.ts";
import type { HooksConfig, References } from "./types.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

export type ReadHooks = { readonly references: References; readonly macros: readonly string[] };

/** What a node's hooks refer to; their mistakes are shown at the node, as they may stand in any of three files. */
export function readHooks(
  workshop: Workshop,
  { pre_hook, post_hook }: HooksConfig,
  { file, line, column }: Place,
): ReadHooks {
  const read = [...pre_hook, ...post_hook].map(({ sql }) => {
    const { template, problems } = parseTemplate(file, sql);
    const analysis = analyse(template, workshop.library, globalSpecs);
    const found = findReferences(analysis, workshop.project.vars);
    for (const problem of [...problems, ...analysis.problems, ...found.problems])
      workshop.problems.push({ ...problem, message: `in a hook: ${problem.message}`, file, line, column });
    const macros = analysis.macros.map(
      (name) => `macro.${name.includes(".") ? name : `${workshop.project.name}.${name}`}`,
    );
    return { references: found.references, macros };
  });
  return {
    references: mergeReferences(read.map(({ references }) => references)),
    macros: read.flatMap(({ macros }) => macros),
  };
}

/** Mistakes of the hooks of a whole run. */
export function checkRunHooks(workshop: Workshop): void {
  const { onRunStart, onRunEnd, vars } = workshop.project;
  for (const { sql, place } of [...onRunStart, ...onRunEnd]) {
    const { template, problems } = parseTemplate(place.file, sql);
    const analysis = analyse(template, workshop.library, specsWithResults);
    const found = findReferences(analysis, vars);
    for (const problem of [...problems, ...analysis.problems, ...found.problems])
      workshop.problems.push({ ...problem, message: `in a hook: ${problem.message}`, ...place });
  }
}

/** A seed depends on nothing, as in dbt: its hooks may name itself alone. */
export function checkSeedHooks(workshop: Workshop, config: HooksConfig, place: Place): void {
  const { refs, sources } = readHooks(workshop, config, place).references;
  if (refs.length + sources.length === 0) return;
  const hint = "write {{ this }} for the seed itself, or put the hook on a model that reads it";
  report(workshop, place, "HOOK_REFERENCE", "a seed's hook refers to another node", hint);
}
